import { describe, expect, it } from 'vitest';
import { fold, normal, rootKey } from '../../../src/core/rng.ts';
import type { GeneralizedBorn, Nonbonded } from '../../../src/md/molecule/term.ts';
import { generalizedBorn } from '../../../src/md/molecule/terms/generalizedBorn.ts';
import { nonbonded } from '../../../src/md/molecule/terms/nonbonded.ts';
import { pairSearch } from '../../../src/md/molecule/terms/pairSearch.ts';
import type { TermEvaluator } from '../../../src/md/molecule/terms/termEvaluator.ts';
import { scattered } from './smallSystems.ts';

const atoms = 300;
type Box = readonly [number, number, number];

function fluid(periodic: boolean): Nonbonded {
  return {
    kind: 'nonbonded',
    charge: normal(fold(rootKey(2), 'charge'), atoms),
    sigma: new Float64Array(atoms).fill(0.1),
    epsilon: new Float64Array(atoms).fill(0.5),
    exceptions: {
      atoms: Int32Array.of(0, 1, 17, 250, 299, 3),
      chargeProduct: Float64Array.of(0, 0.1, 0.2),
      sigma: Float64Array.of(0.1, 0.1, 0.1),
      epsilon: Float64Array.of(0, 0.2, 0),
    },
    cutoff: {
      distance: 0.5,
      reactionFieldDielectric: 78.3,
      switchDistance: 0.4,
      periodic,
      dispersionCorrection: false,
    },
  };
}

function solvent(periodic: boolean): GeneralizedBorn {
  return {
    kind: 'generalized-born',
    model: 'gbn',
    charge: fluid(periodic).charge,
    radius: new Float64Array(atoms).fill(0.15),
    screen: new Float64Array(atoms).fill(0.5),
    rescaling: undefined,
    soluteDielectric: 1,
    solventDielectric: 78.5,
    inverseDebyeLength: 0,
    surfaceTension: 2,
    cutoff: { distance: 0.5, periodic },
  };
}

function both(make: (method: 'all-pairs' | 'cells') => TermEvaluator, x: Float64Array) {
  return (['all-pairs', 'cells'] as const).map((method) => {
    // Behind a row that is not looked at.
    const batch = new Float64Array(2 * x.length).fill(Number.NaN);
    batch.set(x, x.length);
    const gradient = new Float64Array(2 * x.length);
    return { energy: make(method).evaluate(batch, x.length, gradient), gradient };
  });
}

describe('cells', () => {
  it.each<{ name: string; box: Box; outside: number }>([
    { name: 'a box of many cells', box: [3, 3.3, 3.6], outside: 0 },
    { name: 'a box that atoms have left', box: [3, 3.3, 3.6], outside: 1.3 },
    { name: 'a box of one, two and three cells along its edges', box: [1, 1.2, 1.6], outside: 0.1 },
    { name: 'a slab', box: [6, 6, 1], outside: 0 },
  ])('give the bytes of the double loop in $name', ({ box, outside }) => {
    const x = scattered(atoms, box, outside);
    for (const make of [
      (method: 'all-pairs' | 'cells') => nonbonded(fluid(true), box, method),
      (method: 'all-pairs' | 'cells') => generalizedBorn(solvent(true), box, method),
    ]) {
      const [all, cells] = both(make, x);
      expect(cells).toEqual(all);
      expect(Number.isFinite(all.energy)).toBe(true);
    }
  });

  it.each<{ name: string; x: Float64Array }>([
    { name: 'a cloud', x: scattered(atoms, [3, 3, 3], 0.2) },
    { name: 'a plane', x: scattered(atoms, [4, 4, 0]) },
    {
      name: 'two clouds far apart',
      x: scattered(atoms, [1, 1, 1]).map((v, i) => (i < 450 ? v : v + 1e6)),
    },
  ])('give the bytes of the double loop in free space, for $name', ({ x }) => {
    const [all, cells] = both((method) => nonbonded(fluid(false), undefined, method), x);
    expect(cells).toEqual(all);
    const [solvated, inCells] = both(
      (method) => generalizedBorn(solvent(false), undefined, method),
      x,
    );
    expect(inCells).toEqual(solvated);
  });

  it('keep atoms on the faces of the box', () => {
    const x = scattered(atoms, [2, 2, 2]);
    x.set([0, 0, 0, 2, 2, 2, -1e-17, 2 - 1e-16, 1, 1, 1, -2]);
    const [all, cells] = both((method) => nonbonded(fluid(true), [2, 2, 2], method), x);
    expect(cells).toEqual(all);
  });

  it('pass on that a coordinate is not a number', () => {
    const x = scattered(atoms, [3, 3, 3]);
    x[100] = Number.NaN;
    for (const { energy } of both((method) => nonbonded(fluid(true), [3, 3, 3], method), x)) {
      expect(energy).toBeNaN();
    }
  });

  it('hand out each pair within the cutoff once, and few others, when they are chosen', () => {
    const box = [4, 4, 4] as const;
    const many = 4000;
    const search = pairSearch(many, { cutoff: 0.5, box });
    search.place(scattered(many, box), 0);
    const partners = new Int32Array(many);
    let pairs = 0;
    let disorders = 0;
    for (let i = 0; i < many; i++) {
      const count = search.partners(i, partners);
      pairs += count;
      for (let p = 0; p < count; p++) {
        if (partners[p] <= (p === 0 ? i : partners[p - 1])) disorders++;
      }
    }
    expect(disorders).toBe(0);
    // N²/2 pairs, of which the share 4π r³/3V is near; Poisson, within five standard errors.
    const expected = (0.5 * many ** 2 * ((4 / 3) * Math.PI * 0.5 ** 3)) / 64;
    expect(Math.abs(pairs - expected)).toBeLessThan(5 * Math.sqrt(expected));
  });
});
