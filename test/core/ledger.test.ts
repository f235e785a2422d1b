import { describe, expect, it } from 'vitest';
import { fromRows } from '../../src/core/batch.ts';
import { booked, emptyLedger, totalEvaluations } from '../../src/core/ledger.ts';
import { energyAndGradientBuffer } from '../../src/core/potential.ts';
import { definePotential } from '../../src/md/definePotential.ts';
import { doubleWell } from '../../src/md/potentials/doubleWell.ts';

const x = fromRows([
  [0, 1],
  [1, 0],
  [2, 2],
]);

describe('booked', () => {
  it('counts one evaluation a configuration, with a gradient or without, and gradients apart', () => {
    const ledger = emptyLedger();
    const potential = booked(doubleWell(), ledger, 'localMoves');
    potential.energy(x);
    potential.energyAndGradient(x);
    expect(ledger).toEqual({ ...emptyLedger(), localMoves: 3 + 3, gradients: 3 });
  });

  it('counts 2D + 1 evaluations for a gradient by central differences', () => {
    const ledger = emptyLedger();
    let calls = 0;
    const counted = definePotential({
      name: 'counted',
      dim: 2,
      energy: ([a, b]) => {
        calls++;
        return a * a + b;
      },
    });
    booked(counted, ledger, 'training').energyAndGradient(x);
    expect(ledger.training).toBe(3 * (2 * 2 + 1));
    expect(ledger.training).toBe(calls);
  });

  it('changes nothing but the ledger', () => {
    const potential = doubleWell();
    const watched = booked(potential, emptyLedger(), 'seeding');
    const out = energyAndGradientBuffer(3, 2);
    expect(watched.energyAndGradient(x, out)).toBe(out);
    expect(out).toEqual(potential.energyAndGradient(x));
    expect(watched.energy(x)).toEqual(potential.energy(x));
    expect(watched).toMatchObject({
      name: potential.name,
      dim: 2,
      units: potential.units,
      evaluationsPerGradient: 1,
    });
  });

  it('adds up over accounts, gradients and network passes left out', () => {
    const ledger = emptyLedger();
    booked(doubleWell(), ledger, 'seeding').energyAndGradient(x);
    booked(doubleWell(), ledger, 'diagnostics').energy(x);
    ledger.flowPasses += 100;
    expect(totalEvaluations(ledger)).toBe(3 + 3);
  });
});
