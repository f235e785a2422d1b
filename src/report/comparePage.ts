import type { Comparison, MethodComparison, Spread } from '../scenario/comparison.ts';
import type { Stated } from '../scenario/result.ts';
import { figureFiles, type Report } from './buildReport.ts';
import { compareFigures } from './compareFigures.ts';
import { entries } from './differences.ts';
import { figureMarkup, htmlDocument, table } from './document.ts';
import { comparisonMethods } from './figures/errorFigure.ts';
import { compact, factor, readableCount, significant, withError } from './formatNumber.ts';
import { html, type Markup, nothing, type Part } from './html.ts';
import { methodLook } from './methodLook.ts';
import type { PngRenderer } from './pngRenderer.ts';
import { duration } from './progressLine.ts';

/** The page of a comparison: who wins by how much, the table that says so, and the pictures. */
export function buildCompareReport(comparison: Comparison, renderPng?: PngRenderer): Report {
  const figures = compareFigures(comparison);
  return {
    html: htmlDocument(`${comparison.scenario}, methods compared – ergoflow`, [
      head(comparison),
      answer(comparison),
      results(comparison),
      factors(comparison),
      html`<h2>Figures</h2>
`,
      figures.map(figureMarkup),
      html`<h2>What was held equal</h2>
<ul>${[comparison.budget.rule, ...comparison.notes].map(
        (note) => html`<li>${note}</li>
`,
      )}</ul>
`,
      descriptions(comparison),
      perSeed(comparison),
      html`<footer><p>${comparison.backend.name} ${comparison.backend.library}. Everything that a method spends is in its bill: seeding, training, pilots, warm-up, production.</p></footer>`,
    ]),
    figures: figureFiles(figures, renderPng),
  };
}

function head({ scenario, about, budget, seeds, states, temperature }: Comparison): Markup {
  const amount =
    budget.unit === 'evaluations'
      ? `${readableCount(budget.amount)} energy evaluations`
      : duration(budget.amount);
  return html`<header>
<h1>${scenario}: methods compared</h1>
<p class="about">${about}</p>
<p class="fine">${states.map(({ name }) => name).join(', ')}; temperature ${significant(temperature)}; ${amount} each, ${seeds.length} ${seeds.length === 1 ? 'seed' : 'seeds'} (${seeds.join(', ')}).</p>
</header>
`;
}

function answer({ winner }: Comparison): Markup {
  return html`<p class="answer">${winner.sentence}</p>
`;
}

/** One row a figure, one column a method: four columns fit a phone, ten do not. */
function results(comparison: Comparison): Markup {
  const methods = comparisonMethods(comparison);
  const { reference, tolerance, states } = comparison;
  const row = (name: string, cell: (method: MethodComparison) => Part) => ({
    cells: [name, ...methods.map(([, method]) => cell(method))],
  });
  const rows = [
    ...states
      .slice(1)
      .map(({ name }, i) =>
        row(`F(${name}), kT`, ({ mean }) =>
          mean.difference.value === null ? 'withheld' : stated(mean.difference, i),
        ),
      ),
    ...(reference === null
      ? []
      : [
          row('error at the end, kT', ({ mean }) => spread(mean.error, (v) => significant(v, 2))),
          row(`evaluations to ${tolerance} kT`, ({ mean }) =>
            spread(mean.costToTolerance.evaluations, compact, 'not reached'),
          ),
          row(`time to ${tolerance} kT`, ({ mean }) =>
            spread(mean.costToTolerance.seconds, duration, 'not reached'),
          ),
        ]),
    row('transitions', ({ mean }) => spread(mean.transitions, compact)),
    row('ESS per evaluation', ({ mean }) => spread(mean.essPerEvaluation, compact, 'withheld')),
    row('ESS per second', ({ mean }) => spread(mean.essPerSecond, compact, 'withheld')),
    row('mean first passage, evaluations', ({ mean }) => spread(mean.firstPassage, compact)),
    row('mean round trip, evaluations', ({ mean }) => spread(mean.roundTrip, compact)),
    row('evaluations spent', ({ mean }) => spread(mean.evaluations, compact)),
    row('time spent', ({ mean }) => spread(mean.wallSeconds, duration)),
  ];
  const known =
    reference === null
      ? 'No reference is known, so that no error can be given.'
      : `Known (${reference.source}): ${entries(reference)
          .map(({ value, standardError }) => withError(value, standardError))
          .join(', ')} kT.`;
  return table(
    [{ head: '' }, ...methods.map(([name]) => ({ head: methodLook[name].label, numeric: true }))],
    rows,
    `Medians over the seeds, with the range below where they differ. ${known}`,
  );
}

function stated(figure: Stated, state: number): string {
  const { value, standardError } = entries(figure)[state];
  return withError(value, standardError);
}

function spread(values: Spread | null, format: (value: number) => string, otherwise = '–'): Part {
  if (values === null) return '–';
  const { low, median, high } = values;
  const middle = median === null ? otherwise : format(median);
  if (low === null) return middle;
  const [from, to] = [low, high].map((end) =>
    end === null ? '…' : format(end).replaceAll(' ', '\u00a0'),
  );
  if (from === to) return middle;
  return html`${middle}<br><span class="range">${from} – ${to}</span>`;
}

function factors({ winner, methods }: Comparison): Markup {
  if (winner.method === null) return nothing;
  const others = comparisonMethods({ methods }).filter(([name]) => name !== winner.method);
  if (others.length === 0) return nothing;
  const best = methodLook[winner.method].label;
  const cell = (value: number | null | undefined): string =>
    value === undefined || value === null ? 'never' : `× ${factor(value)}`;
  return html`<h2>By what factor</h2>
${table(
  [
    { head: `Cost over that of: ${best}` },
    { head: 'in evaluations', numeric: true },
    { head: 'in seconds', numeric: true },
  ],
  others.map(([name]) => ({
    cells: [
      methodLook[name].label,
      cell(winner.factors[name]?.evaluations),
      cell(winner.factors[name]?.seconds),
    ],
  })),
)}`;
}

function descriptions(comparison: Comparison): Markup {
  return html`<details><summary>The methods and their settings</summary>
${comparisonMethods(comparison).map(
  ([name, { description }]) => html`<h3>${methodLook[name].label}</h3>
<p>${description}</p>
`,
)}</details>
`;
}

function perSeed(comparison: Comparison): Markup {
  return html`<details><summary>Every seed</summary>
${comparisonMethods(comparison).map(
  ([name, { runs }]) => html`<h3>${methodLook[name].label}</h3>
${table(
  [
    { head: 'seed' },
    { head: 'ΔF (kT)', numeric: true },
    { head: 'error', numeric: true },
    { head: 'evaluations', numeric: true },
    { head: 'time', numeric: true, aside: true },
    { head: 'transitions', numeric: true, aside: true },
  ],
  runs.map((run) => ({
    cells: [
      String(run.seed),
      run.difference.value === null
        ? 'withheld'
        : entries(run.difference)
            .map(({ value, standardError }) => withError(value, standardError))
            .join(', '),
      run.error === null ? '–' : significant(run.error, 2),
      readableCount(run.ledger.total),
      duration(run.wallSeconds.total),
      run.transitions === null ? '–' : readableCount(run.transitions),
    ],
  })),
)}${seedNotes(runs)}`,
)}</details>
`;
}

/** Reasons of withheld figures and warnings, seed by seed. */
function seedNotes(runs: MethodComparison['runs']): readonly Markup[] {
  return runs.flatMap((run) => {
    const said = [
      ...(run.difference.value === null ? [`withheld: ${run.difference.withheld.reason}`] : []),
      ...run.warnings,
    ];
    return said.map(
      (text) => html`<p class="fine">Seed ${run.seed}: ${text}</p>
`,
    );
  });
}
