import * as Plot from '@observablehq/plot';
import type { LedgerAccount } from '../../core/ledger.ts';
import type { Result } from '../../scenario/result.ts';
import { readableCount } from '../formatNumber.ts';
import { colour } from '../palette.ts';
import { duration } from '../progressLine.ts';
import { compose } from './compose.ts';
import { FONT_SIZE, type Panel, panel } from './panel.ts';
import { textWidth } from './textWidth.ts';

const accounts: readonly { readonly account: LedgerAccount; readonly label: string }[] = [
  { account: 'seeding', label: 'seeding' },
  { account: 'training', label: 'training' },
  { account: 'diagnostics', label: 'assessing' },
  { account: 'flowProposals', label: 'flow proposals' },
  { account: 'localMoves', label: 'local moves' },
];

interface Bar {
  readonly label: string;
  readonly value: number;
  readonly text: string;
}

/** What the run cost, in energy evaluations and in seconds, account by account. */
export function ledgerFigure(
  { ledger, wallSeconds }: Pick<Result, 'ledger' | 'wallSeconds'>,
  width: number,
): string {
  const share = (value: number, total: number): string =>
    total > 0 ? ` (${((100 * value) / total).toFixed(0)} %)` : '';
  const evaluations = accounts.map(({ account, label }) => ({
    label,
    value: ledger[account],
    text: `${readableCount(ledger[account])}${share(ledger[account], ledger.total)}`,
  }));
  const { seeding, training, sampling, total } = wallSeconds;
  const seconds = Object.entries({ seeding, training, sampling }).map(([label, value]) => ({
    label,
    value,
    text: `${duration(value)}${share(value, total)}`,
  }));
  return compose({
    name: 'ledger',
    title: 'What the run cost',
    description:
      `Energy evaluations: ${evaluations.map(({ label, text }) => `${label} ${text}`).join(', ')}. ` +
      `Wall-clock time: ${seconds.map(({ label, text }) => `${label} ${text}`).join(', ')}.`,
    width,
    legends: [],
    rows: [
      [
        {
          panel: bars(evaluations, colour('hybrid'), width),
          heading: `Energy evaluations: ${readableCount(ledger.total)}`,
        },
      ],
      [
        {
          panel: bars(seconds, colour('md'), width),
          heading: `Wall-clock time: ${duration(total)}`,
        },
      ],
    ],
  });
}

function bars(data: readonly Bar[], fill: string, width: number): Panel {
  const marginLeft = Math.max(...data.map(({ label }) => textWidth(label, FONT_SIZE))) + 12;
  const marginRight = Math.max(...data.map(({ text }) => textWidth(text, FONT_SIZE))) + 10;
  return panel({
    width,
    height: 8 + data.length * 24,
    marginLeft,
    marginRight,
    marginTop: 4,
    marginBottom: 4,
    x: { axis: null, domain: [0, Math.max(...data.map(({ value }) => value), 1e-9)] },
    y: { domain: data.map(({ label }) => label), label: null, tickSize: 0, padding: 0.25 },
    marks: [
      Plot.barX(data, { x: 'value', y: 'label', fill, fillOpacity: 0.85 }),
      Plot.text(data, { x: 'value', y: 'label', text: 'text', textAnchor: 'start', dx: 6 }),
    ],
  });
}
