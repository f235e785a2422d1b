import type { PotentialCheck } from '../md/check/checkPotential.ts';

/** A check as plain JSON, for programs; numbers that are not finite become null. */
export function checkRecord(check: PotentialCheck) {
  const { barrier, symmetries, steps } = check;
  return {
    schema: 'ergoflow.check/1',
    potential: check.potential,
    dim: check.dim,
    kT: check.kT,
    passed: check.passed,
    findings: check.findings,
    advice: check.advice,
    minima: check.minima.map(({ x, energy, starts }) => ({ energy, starts, x: Array.from(x) })),
    barrier:
      barrier === undefined
        ? null
        : { top: barrier.top, straight: barrier.straight, at: Array.from(barrier.at) },
    symmetries: { holding: [...symmetries.holding], groups: symmetries.groups },
    steps: steps ?? null,
    frequency: check.frequency ?? null,
    evaluations: check.evaluations,
  };
}
