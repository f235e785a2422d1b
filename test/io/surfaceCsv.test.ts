import { describe, expect, it } from 'vitest';
import { linear } from '../../src/core/collectiveVariable.ts';
import { memoryStore } from '../../src/hybrid/artifacts.ts';
import { runSurface } from '../../src/io/runSurface.ts';
import { surfaceCsv } from '../../src/io/surfaceCsv.ts';
import { doubleWell } from '../../src/md/potentials/doubleWell.ts';
import { defineScenario } from '../../src/scenario/defineScenario.ts';
import { stateAlong } from '../../src/scenario/stateAlong.ts';
import { toPlan } from '../../src/scenario/toPlan.ts';

const [x, y] = [linear('x', [1, 0]), linear('y', [0, 1])];
const plan = toPlan(
  defineScenario({
    name: 'two-axes',
    about: 'A surface of two by two cells.',
    potential: doubleWell(),
    states: [
      stateAlong(x, 'left', { below: 0 }, { start: [-1, 0] }),
      stateAlong(x, 'right', { from: 0 }, { start: [1, 0] }),
    ],
    coordinate: { variable: x, min: -2, max: 2 },
    surface: {
      x: { variable: x, min: -2, max: 2, bins: 2 },
      y: { variable: y, min: 0, max: 1, bins: 2 },
    },
  }),
);

/** Two chains of three records each: chain 0 at the even places. */
function storeOf() {
  const store = memoryStore();
  store.put('production', {
    arrays: {
      surfaceX: Float64Array.of(-1, -1, -1, 1, 1, -1),
      surfaceY: Float64Array.of(0.1, 0.1, 0.1, 0.1, 0.9, 0.1),
    },
    meta: { chains: 2 },
  });
  return store;
}

describe('the surface of a run', () => {
  it('counts the records of all chains, and takes the error from the chains', () => {
    const surface = runSurface(plan, storeOf())!;
    // Of six records four are lower left, one lower right, one upper right.
    const [a, b, c, d] = surface.freeEnergy;
    expect([a, c]).toEqual([0, Infinity]);
    expect(b).toBeCloseTo(Math.log(4), 12);
    expect(d).toBeCloseTo(Math.log(4), 12);
    // Both chains have two of their three records in the first cell.
    expect(surface.standardError[0]).toBeCloseTo(0, 7);
    expect(surface.standardError[1]).toBeCloseTo(1, 12);
  });

  it('weighs the records of a production that sampled another energy', () => {
    const store = storeOf();
    const { arrays, meta } = store.get('production');
    const logWeights = Float64Array.of(0, 0, 0, Math.log(4), 0, 0);
    store.put('production', { arrays: { ...arrays, logWeights }, meta });
    // Four records of weight 1 against one of weight 4.
    const { freeEnergy } = runSurface(plan, store)!;
    expect(freeEnergy[1]).toBeCloseTo(0, 12);
    expect(freeEnergy[3]).toBeCloseTo(Math.log(4), 12);
  });

  it('is a table of the centres of cells, empty where no chain was', () => {
    const [header, ...lines] = surfaceCsv(runSurface(plan, storeOf())!).trimEnd().split('\n');
    expect(header).toBe('x,y,free energy / kT,standard error / kT');
    expect(lines.map((line) => line.split(',').slice(0, 2).join())).toEqual([
      '-1,0.25',
      '1,0.25',
      '-1,0.75',
      '1,0.75',
    ]);
    expect(lines[2]).toBe('-1,0.75,,');
    expect(lines[1]).toMatch(/^1,0.25,1.38629\d+,/);
  });

  it('is none where the scenario names no axes', () => {
    expect(runSurface({ ...plan, surface: undefined }, storeOf())).toBeUndefined();
  });
});
