import type { PotentialCheck } from '../md/check/checkPotential.ts';
import type { FindingStatus } from '../md/check/finding.ts';
import { counted } from './formatNumber.ts';

const words: Readonly<Record<FindingStatus, string>> = {
  passed: 'ok',
  warned: 'warned',
  failed: 'FAILED',
};
const WIDTH = 100;

/** A check of a potential on a terminal: findings, what they mean, and the verdict. Plain text. */
export function checkTable(check: PotentialCheck): string {
  const { potential, dim, kT, findings } = check;
  const wide = Math.max(...findings.map(({ name }) => name.length));
  const lines = findings.flatMap(({ name, status, message }) => {
    const head = `${words[status].padEnd(7)} ${name.padEnd(wide)}  `;
    return wrapped(message, WIDTH - head.length).map(
      (part, n) => `${n === 0 ? head : ' '.repeat(head.length)}${part}`,
    );
  });
  const count = (status: FindingStatus): number =>
    findings.filter((one) => one.status === status).length;
  return [
    `${potential}: ${counted(dim, 'coordinate')}, kT ${Number(kT.toPrecision(6))}`,
    '',
    ...lines,
    '',
    'What this means for a run:',
    ...check.advice.flatMap((line) =>
      wrapped(line, WIDTH - 2).map((part, n) => `${n === 0 ? '- ' : '  '}${part}`),
    ),
    '',
    `${check.passed ? 'passed' : 'FAILED'}: ${count('failed')} failed, ${count('warned')} warned, ` +
      `${count('passed')} ok, in ${counted(check.evaluations, 'evaluation')}`,
  ].join('\n');
}

/** `text` in lines of at most `width` characters, broken at spaces where there are any. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
