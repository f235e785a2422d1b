import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const cli = join(root, 'dist/src/cli/main.js');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** The fenced blocks of one language, in order. */
function blocks(language: string): string[] {
  return [...readme.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    (match) => match[1],
  );
}

describe('the README', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ergoflow-readme-'));
    // As in a project of the user's that has installed the package.
    execFileSync('mkdir', ['-p', join(folder, 'node_modules')]);
    symlinkSync(root, join(folder, 'node_modules', 'ergoflow'));
    symlinkSync(
      join(root, 'node_modules', '@tensorflow'),
      join(folder, 'node_modules', '@tensorflow'),
    );
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}\n');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const [potential, molecule, scenario, library] = blocks('ts');

  /** The files of a user who has a peptide. */
  function copyPeptide(): void {
    for (const kind of ['prmtop', 'inpcrd']) {
      copyFileSync(
        join(root, 'test/fixtures/molecule', `dipeptide.${kind}`),
        join(folder, `peptide.${kind}`),
      );
    }
  }

  it('shows how a molecule is loaded', () => {
    copyPeptide();
    writeFileSync(join(folder, 'molecule.mjs'), molecule);
    const said = execFileSync(process.execPath, ['molecule.mjs'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(said).toBe('22 atoms, 1 configuration\n');
  });

  it('shows a scenario that runs like a shipped one', () => {
    writeFileSync(join(folder, 'tilted.ts'), scenario);
    const { status, stderr, stdout } = spawnSync(
      process.execPath,
      [cli, 'run', 'tilted.ts', '--backend', 'wasm', '--smoke', '--json', '--out', 'tilted run'],
      { cwd: folder, encoding: 'utf8' },
    );
    expect(stderr).not.toContain('\u001b');
    expect([0, 1], stderr).toContain(status);
    const result: unknown = JSON.parse(stdout);
    expect(result).toMatchObject({ scenario: 'tilted-well', schema: 'ergoflow.result/1' });
  });

  it('shows library code that runs', () => {
    // The block is plain JavaScript as well.
    writeFileSync(join(folder, 'library.mjs'), library);
    const lines = execFileSync(process.execPath, ['library.mjs'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(lines.trim().split('\n').length).toBeGreaterThanOrEqual(5);
  });

  it('shows commands that run, in the order shown', () => {
    const commands = blocks('sh')
      .flatMap((block) => block.split('\n'))
      .filter((line) => line.startsWith('npx ergoflow '))
      .map((line) => line.replace('npx ergoflow ', '').replace(/#.*/, '').trim().split(/\s+/));
    expect(commands.length).toBeGreaterThan(3);
    writeFileSync(join(folder, 'bent-wells.ts'), potential);
    copyPeptide();
    // Smoke runs are over before a compiled graph has paid for itself.
    const quick = ['--backend', 'wasm'];
    for (const command of commands) {
      const asShown =
        { run: ['--smoke', '--no-report', ...quick], compare: quick }[command[0]] ?? [];
      const smoke = [...command, ...asShown];
      const { status, stderr } = spawnSync(process.execPath, [cli, ...smoke], {
        cwd: folder,
        encoding: 'utf8',
      });
      // The shown run is complete, so that there is nothing to resume, and that is said.
      const expected = command[0] === 'resume' ? [2] : [0, 1];
      expect(expected, `${command.join(' ')}\n${stderr}`).toContain(status);
    }
  }, 480_000);

  it('links only to files that exist', () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map((match) => match[1]);
    expect(links.length).toBeGreaterThan(3);
    for (const link of links) expect(existsSync(join(root, link)), link).toBe(true);
  });

  it('names every file that a finished run leaves', () => {
    const run = join(folder, 'tilted run');
    for (const file of readdirSync(run)) {
      const isFolder = ['checkpoint', 'figures'].includes(file);
      expect(readme, file).toContain(isFolder ? `\`${file}/\`` : `\`${file}\``);
    }
  });
});
