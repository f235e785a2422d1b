import type { Check, Result } from '../scenario/result.ts';
import { entries, estimateRows, headline } from './differences.ts';
import { figureMarkup, htmlDocument, table } from './document.ts';
import { significant, withError } from './formatNumber.ts';
import { html, type Markup, nothing } from './html.ts';
import { neighbourTable } from './neighbourTable.ts';
import { qualityTable } from './qualityTable.ts';
import type { ReportData } from './reportData.ts';
import type { PageFigure } from './reportFigures.ts';
import { termTable } from './termTable.ts';
import { viewerData, viewerScripts } from './viewer/moleculeViewer.ts';

/** The page of a run: the answer first, then what it rests on, then the pictures, then every setting. */
export function runPage(data: ReportData, figures: readonly PageFigure[]): string {
  const { result, molecule } = data;
  const content = [
    head(data),
    answer(result),
    estimates(result),
    withheld(result),
    checks(result.checks),
    html`<h2>How good the sampler was</h2>
`,
    qualityTable(result),
    neighbourTable(result),
    html`<h2>Figures</h2>
`,
    figures.map(figureMarkup),
    termTable(data),
    html`<h2>What it rests on</h2>
`,
    decisions(data.decisions),
    notes(data.warnings),
    settings(data),
    versions(data),
    footer(),
    molecule === null ? nothing : viewerData(molecule),
  ];
  const title = `${result.scenario}, seed ${result.seed} – ergoflow`;
  return htmlDocument(title, content, molecule === null ? [] : viewerScripts());
}

function head({ result, about, potential }: ReportData): Markup {
  const temperature =
    potential.units.energy === 'reduced'
      ? `kT = ${significant(result.temperature)} (reduced units)`
      : `${significant(result.temperature)} K`;
  return html`<header>
<h1>${result.scenario}</h1>
<p class="about">${about}</p>
<p class="fine">${potential.name}, ${potential.dim} ${potential.dim === 1 ? 'dimension' : 'dimensions'}; ${temperature}; seed ${result.seed}.</p>
</header>
`;
}

const verdicts = {
  converged: {
    good: true,
    says: 'every target was met, and every check passed',
  },
  exhausted: {
    good: false,
    says: 'the flow did not meet its targets in the rounds it was given; what follows is exact all the same, but cost more than it need have',
  },
  missed: { good: false, says: 'not every figure came up to what was expected of it' },
  failed: { good: false, says: 'the run failed' },
} as const;

function answer(result: Result): Markup {
  const { good, says } = verdicts[result.verdict];
  const missed = result.checks.filter(({ passed }) => !passed).map(({ name }) => name);
  return html`<p class="answer">${sentence(result)}</p>
<p><span class="verdict ${good ? 'good' : 'bad'}">${good ? '✓' : '!'} ${result.verdict}</span> ${sentenceCase(says)}${missed.length === 0 ? '' : `: ${missed.join('; ')}`}.</p>
`;
}

function sentence(result: Result): Markup {
  const best = headline(result);
  const base = result.states[0].name;
  if (best === null) {
    return html`No free energy is given: every estimate rests on samples that cannot be trusted. The reasons stand below.`;
  }
  const found = entries(best.figure).map(
    ({ value, standardError }, i) =>
      html`${i > 0 ? '; ' : ''}<em>${result.states[i + 1].name}</em>: <strong>${withError(value, standardError)} kT</strong>`,
  );
  const two = result.states.length === 2;
  const asked = two
    ? html`The free energy of <em>${result.states[1].name}</em> relative to <em>${base}</em> is <strong>${(() => {
        const [{ value, standardError }] = entries(best.figure);
        return withError(value, standardError);
      })()} kT</strong>`
    : html`Free energies relative to <em>${base}</em>: ${found}`;
  return html`${asked}${distance(result, best.figure)}.`;
}

/** How far the quoted figure is from the reference, in its own errors. */
function distance(result: Result, quoted: Parameters<typeof entries>[0]): string {
  const { reference } = result.freeEnergy;
  if (reference === null) return '';
  const truth = entries(reference);
  const off = entries(quoted).map(({ value, standardError }, i) => {
    const error = Math.hypot(standardError, truth[i].standardError);
    return error > 0 ? Math.abs(value - truth[i].value) / error : 0;
  });
  const farthest = Math.max(...off);
  const expected =
    truth.length === 1 ? ` (${withError(truth[0].value, truth[0].standardError)} kT)` : '';
  return `, ${significant(farthest, 2)} standard errors from the known value${expected}`;
}

function estimates(result: Result): Markup {
  const others = result.states.slice(1);
  const best = headline(result)?.name;
  const rows = estimateRows(result).map(({ name, figure, restsOn }) => ({
    quoted: name === best,
    cells: [
      name,
      ...(figure.value === null
        ? others.map(() => 'withheld')
        : entries(figure).map(({ value, standardError }) => withError(value, standardError))),
      restsOn,
    ],
  }));
  const { reference } = result.freeEnergy;
  if (reference !== null) {
    rows.unshift({
      quoted: false,
      cells: [
        'known',
        ...entries(reference).map(({ value, standardError }) => withError(value, standardError)),
        reference.source,
      ],
    });
  }
  return html`${table(
    [
      { head: 'Free energy (kT)' },
      ...others.map(({ name }) => ({ head: name, numeric: true })),
      { head: 'rests on' },
    ],
    rows,
    `Relative to “${result.states[0].name}”, ± one standard error. The row in bold is the one to quote.`,
  )}<p class="fine">${result.states.map(
    ({ name, definition, core }, i) =>
      html`${i > 0 ? '; ' : 'States: '}<em>${name}</em> is ${definition}${core === definition ? '' : ` (core ${core})`}`,
  )}.</p>
`;
}

/** One note a reason, with all the figures that are withheld for it. */
function withheld(result: Result): readonly Markup[] {
  const notes = new Map<string, string[]>();
  for (const { name, figure } of [
    ...estimateRows(result),
    { name: 'ln Z', figure: result.reweighted.logZ },
  ]) {
    if (figure.value !== null) continue;
    const { reason, advice } = figure.withheld;
    const text = `${sentenceCase(reason)}. ${sentenceCase(advice)}.`;
    notes.set(text, [...(notes.get(text) ?? []), name]);
  }
  return [...notes].map(
    ([text, names]) =>
      html`<div class="note" role="note"><p><strong>Withheld: ${names.join(', ')}.</strong> ${text}</p></div>
`,
  );
}

function checks(all: readonly Check[]): Markup {
  if (all.length === 0) return nothing;
  return html`<h2>Checks</h2>
${table(
  [
    { head: 'Check' },
    { head: 'expected', numeric: true },
    { head: 'found', numeric: true },
    { head: '' },
    { head: 'source', aside: true },
  ],
  all.map((check) => ({
    cells: [
      check.name,
      check.relation === 'about'
        ? `${significant(check.expected)} ± ${significant(check.tolerance, 2)}`
        : `${check.relation} ${significant(check.expected)}`,
      check.found === null ? 'withheld' : significant(check.found),
      check.passed
        ? html`<span class="status good">✓ passed</span>`
        : html`<span class="status bad">✗ missed</span>`,
      check.source,
    ],
  })),
)}`;
}

function decisions(reasons: readonly string[]): Markup {
  if (reasons.length === 0) return nothing;
  return html`<h3>What the run chose for itself</h3>
${reasons.map(
  (reason) => html`<p>${sentenceCase(reason)}.</p>
`,
)}`;
}

function notes(warnings: readonly string[]): Markup {
  if (warnings.length === 0) return nothing;
  return html`<h3>Warnings of the run</h3>
${warnings.map(
  (warning) => html`<div class="note" role="note"><p>${sentenceCase(warning)}.</p></div>
`,
)}`;
}

function settings({ settings: groups }: ReportData): Markup {
  return html`<details><summary>Every setting</summary>
${groups.map(
  ({ title, rows }) => html`<h3>${title}</h3>
${plainTable(rows)}`,
)}</details>
`;
}

function versions({ versions: made }: ReportData): Markup {
  return html`<details><summary>Versions and machine</summary>
${plainTable(Object.entries(made))}</details>
`;
}

function plainTable(rows: readonly (readonly [string, string])[]): Markup {
  return html`<table><tbody>
${rows.map(
  ([name, value]) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>
`,
)}</tbody></table>
`;
}

function footer(): Markup {
  return html`<footer><p>Free energies are in kT. The same seed gives the same samples.</p></footer>`;
}

/** `text` with a capital first letter and no full stop, whichever way it came. */
function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1).replace(/\.$/, '');
}
