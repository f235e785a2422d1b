import { totalEvaluations } from '../../core/ledger.ts';
import type { RunEvent } from '../../hybrid/events.ts';
import type { Timeline } from '../reportData.ts';
import { rounded } from './rounded.ts';

/** An event, with the time at which it was written down (ISO 8601) where it was. */
export type TimedEvent = RunEvent & { readonly time?: string };

type Span = Timeline['spans'][number];

/** States of the machine in which no work is done. */
const instants = [
  'deciding',
  'judging',
  'converged',
  'exhausted',
  'missed',
  'interrupted',
  'failed',
];

/**
 * The phases of a run in order, along its seconds; along its energy evaluations where the events bear no
 * time, so that training by example then has no length.
 *
 * A phase that was interrupted and begun again counts from its second beginning, and the pause is left
 * out.
 * @param measured Acceptance along production, `at` as a share of it.
 */
export function timeline(
  events: readonly TimedEvent[],
  measured: readonly { readonly at: number; readonly value: number }[],
): Timeline {
  const timed = events.length > 0 && events.every((event) => event.time !== undefined);
  const spans: Span[] = [];
  const expected: Timeline['acceptance'][number][] = [];
  const essFraction: Timeline['essFraction'][number][] = [];
  let open: { phase: string; round: number; from: number; evaluations: number } | undefined;
  let evaluations = 0;
  let pauses = 0;
  const start = Date.parse(events[0]?.time ?? '');
  for (const event of events) {
    const clock = timed ? (Date.parse(event.time ?? '') - start) / 1000 - pauses : evaluations;
    switch (event.type) {
      case 'ledger': {
        evaluations = totalEvaluations(event.ledger);
        if (open === undefined) break;
        spans.push({
          phase: open.phase,
          round: open.round,
          from: rounded(open.from, 7),
          to: rounded(timed ? clock : evaluations, 7),
          evaluations: evaluations - open.evaluations,
        });
        open = undefined;
        break;
      }
      case 'phase': {
        const again = open?.phase === event.phase ? open : undefined;
        if (again !== undefined && timed) pauses += clock - again.from;
        const from = again?.from ?? clock;
        open = instants.includes(event.phase)
          ? undefined
          : { phase: event.phase, round: event.round, from, evaluations };
        break;
      }
      case 'assessment':
        // Judged when the assessing was done, whose evaluations are booked after this event.
        expected.push({
          at: rounded(clock, 7),
          value: rounded(event.assessment.acceptance),
          kind: 'expected',
        });
        essFraction.push({ at: rounded(clock, 7), value: rounded(event.assessment.essFraction) });
        break;
      default:
        break;
    }
  }
  const production = spans.findLast(({ phase }) => phase === 'producing');
  return {
    unit: timed ? 'seconds' : 'evaluations',
    spans,
    acceptance: [
      ...expected,
      ...(production === undefined
        ? []
        : measured.map(({ at, value }) => ({
            at: rounded(production.from + at * (production.to - production.from), 7),
            value,
            kind: 'measured' as const,
          }))),
    ],
    essFraction,
  };
}
