import { table } from './document.ts';
import { readableCount } from './formatNumber.ts';
import { html, type Markup, nothing } from './html.ts';
import type { ReportData } from './reportData.ts';

/** What each term of a molecule's force field says of the samples, and of the starts. */
export function termTable({ terms, result }: ReportData): Markup {
  if (terms === null) return nothing;
  const states = result.states.map(({ name }) => name);
  return html`<h2>Energy by term</h2>
${table(
  [
    { head: 'Term (kJ/mol)' },
    { head: 'samples', numeric: true },
    ...states.map((name) => ({ head: `start of ${name}`, numeric: true })),
  ],
  terms.terms.map(({ name, mean, deviation, starts }) => ({
    quoted: name === 'total',
    cells: [
      name,
      deviation === null ? fixed(mean) : `${fixed(mean)} ± ${fixed(deviation)}`,
      ...starts.map(fixed),
    ],
  })),
  `Mean ± standard deviation over ${readableCount(terms.records)} of ${readableCount(terms.of)} recorded configurations, evenly spaced, and the energy at the first start of each state.`,
)}`;
}

/** Hundredths, as people compare them with other programs. */
function fixed(energy: number): string {
  return energy.toFixed(2).replace('-', '−');
}
