import type { FoundMinimum } from './distinctMinima.ts';
import { type Finding, type FindingName, shown } from './finding.ts';
import type { Symmetries } from './symmetry.ts';

/** What the findings mean for a run that is to be set up: one sentence each, the gravest first. */
export function advice(
  findings: readonly Finding[],
  found: {
    readonly dim: number;
    readonly evaluationsPerGradient: number;
    readonly minima: readonly FoundMinimum[];
    readonly barrierInKT: number | undefined;
    readonly symmetries: Symmetries;
    readonly batchedPerSecond: number;
  },
): string[] {
  const failed = findings.filter(({ status }) => status === 'failed').map(({ name }) => name);
  const isWarned = (name: FindingName): boolean =>
    findings.some((one) => one.name === name && one.status === 'warned');
  const { dim, minima, barrierInKT, symmetries, batchedPerSecond } = found;
  const lines: string[] = [];
  if (failed.length > 0) {
    lines.push(`Mend first: ${failed.join(', ')}. Until then no figure of a run is to be trusted.`);
  }
  if (symmetries.holding.has('translation')) {
    lines.push(
      'Nothing holds the system in place, so its configurations have no normalised distribution: ' +
        'add a weak harmonic potential to the centre of mass before a flow learns it.',
    );
  }
  if (minima.length === 1) {
    lines.push(
      'One minimum was found: there is no second state to jump to. Give starts in others, or a higher temperature.',
    );
  }
  if (barrierInKT !== undefined && minima.length > 1) {
    lines.push(
      barrierInKT < 5
        ? `The barrier between the lowest minima is below ${shown(barrierInKT, 2)} kT: plain MD will do, and the hybrid gains little.`
        : `The barrier is up to ${shown(barrierInKT, 2)} kT: a case for the hybrid, with molecular dynamics from each minimum to learn from.`,
    );
  }
  if (found.evaluationsPerGradient > 1) {
    lines.push(
      `Write a gradient: without one every step of dynamics costs ${found.evaluationsPerGradient} evaluations.`,
    );
  }
  if (isWarned('continuous force')) {
    lines.push('Switch the cutoff off smoothly, or keep to Metropolised kernels (MALA, HMC).');
  }
  if (dim > 20) {
    lines.push(
      `${dim} coordinates want a wider flow and more data than a scenario's defaults, and a collective variable that knows the system.`,
    );
  }
  if (Number.isFinite(batchedPerSecond) && batchedPerSecond > 0) {
    lines.push(
      `A usual run makes one to four million evaluations: some ${shown(2.5e6 / batchedPerSecond, 1)} s of this potential.`,
    );
  }
  return lines;
}
