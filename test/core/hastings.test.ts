import { describe, expect, it } from 'vitest';
import { batch, fromRows } from '../../src/core/batch.ts';
import {
  metropolisHastings,
  type Proposal,
  type ProposedDensity,
  type Proposer,
} from '../../src/core/hastings.ts';
import { type ChainState, type Kernel, startChains } from '../../src/core/kernel.ts';
import { booked, emptyLedger } from '../../src/core/ledger.ts';
import { type Key, normal, rootKey } from '../../src/core/rng.ts';
import { definePotential } from '../../src/md/definePotential.ts';
import { harmonic } from '../../src/md/potentials/harmonic.ts';
import { crossChainSpread } from '../contracts/crossChainSpread.ts';
import { quarticTarget } from '../contracts/exactTarget.ts';
import { stationarityScores, worst } from '../contracts/stationarity.ts';
import { type Fault, plainHastings } from './mutantHastings.ts';

const target = quarticTarget();
const { potential, kT } = target;
/** Standard errors; some 20 scores a run exceed it once in ten thousand runs. */
const bound = 4.5;

/** Draws from a Gaussian that knows nothing of the target: an independence proposal. */
function gaussianProposer(mean: number, width: number): Proposer {
  const logDensity = (x: Float64Array): Float64Array =>
    x.map((value) => -0.5 * ((value - mean) / width) ** 2);
  return proposer('gaussian', ({ positions }, key) => {
    const y = normal(key, positions.count).map((xi) => mean + width * xi);
    return { y, logForward: logDensity(y), logReverse: logDensity(positions.data) };
  });
}

/** A random walk whose step grows with |x|, so that there and back have different densities. */
function stretchingProposer(): Proposer {
  const width = (x: number): number => 0.2 + 0.6 * Math.abs(x);
  return proposer('stretching', ({ positions }, key) => {
    const xi = normal(key, positions.count);
    const y = positions.data.map((x, b) => x + width(x) * xi[b]);
    return {
      y,
      logForward: xi.map((value, b) => -0.5 * value ** 2 - Math.log(width(positions.data[b]))),
      logReverse: y.map(
        (to, b) => -0.5 * ((positions.data[b] - to) / width(to)) ** 2 - Math.log(width(to)),
      ),
    };
  });
}

function proposer(
  name: string,
  offer: (
    state: ChainState,
    key: Key,
  ) => { y: Float64Array; logForward: Float64Array; logReverse: Float64Array },
): Proposer {
  return {
    name,
    redrawsVelocities: false,
    propose(state, key): Proposal {
      const { y, logForward, logReverse } = offer(state, key);
      return {
        y: batch(y, state.positions.dim),
        logForward,
        logReverse,
        evaluated: undefined,
        refused: undefined,
        density: undefined,
      };
    },
  };
}

const stationarity = (kernel: Kernel): number =>
  Math.abs(
    worst(stationarityScores(kernel, target, { chains: 4000, bursts: 30, key: rootKey(1) })).z,
  );

describe('metropolisHastings', () => {
  it.each([gaussianProposer(0.4, 1), stretchingProposer()])(
    'leaves the target invariant under the asymmetric proposal $name',
    (asymmetric) => {
      expect(
        stationarity(metropolisHastings(potential, asymmetric, { kT, attempts: 2 })),
      ).toBeLessThan(bound);
    },
  );

  it('gives the bytes of the rule written out plainly', () => {
    const start = startChains(potential, target.sample(50, rootKey(2)));
    const ours = metropolisHastings(potential, stretchingProposer(), { kT, attempts: 1 });
    const plain = plainHastings(potential, stretchingProposer(), kT, undefined);
    expect(ours.step(start, rootKey(3))).toEqual(plain.step(start, rootKey(3)));
  });
});

describe('the suite catches a Hastings rule that', () => {
  it.each<Fault>([
    'drops log q(y → x)',
    'drops log q(x → y)',
    'flips the sign of the proposal ratio',
    'flips the sign of the energy difference',
    'does not record rejected states',
  ])('%s, by stationarity', (fault) => {
    const faulty = plainHastings(potential, gaussianProposer(0.4, 1), kT, fault);
    expect(stationarity(faulty)).toBeGreaterThan(2 * bound);
  });

  it('throws one coin for all chains, by the variance of cross-chain means', () => {
    const fault: Fault = 'throws one coin for all chains';
    const spread = (kernel: Kernel): number => crossChainSpread(kernel, target, rootKey(4));
    const offered = gaussianProposer(0.4, 1);
    expect(Math.abs(spread(plainHastings(potential, offered, kT, undefined)))).toBeLessThan(bound);
    expect(spread(plainHastings(potential, offered, kT, fault))).toBeGreaterThan(2 * bound);
  });
});

describe('a proposal that cannot be taken', () => {
  const walled = definePotential({
    name: 'walled',
    dim: 1,
    energy: ([x]) => (x > 3 ? Number.NaN : x > 2 ? -Infinity : x > 1 ? Infinity : 0),
    gradient(_, out) {
      out[0] = 0;
    },
  });
  const start = startChains(walled, fromRows([[0], [0], [0], [0]]));
  const offering = (y: number[], options: Partial<Proposal> = {}): Kernel =>
    metropolisHastings(
      walled,
      {
        name: 'offer',
        redrawsVelocities: false,
        propose: () => ({
          y: batch(Float64Array.from(y), 1),
          logForward: new Float64Array(4),
          logReverse: new Float64Array(4),
          evaluated: undefined,
          refused: undefined,
          density: undefined,
          ...options,
        }),
      },
      { kT: 1, attempts: 1 },
    );

  it('for U = +∞ is an ordinary rejection; NaN and −∞ are counted as not finite', () => {
    const { state, info } = offering([0.5, 1.5, 2.5, 3.5]).step(start, rootKey(1));
    expect([...state.positions.data]).toEqual([0.5, 0, 0, 0]);
    expect([...state.energy]).toEqual([0, 0, 0, 0]);
    expect([...info.accepted]).toEqual([1, 0, 0, 0]);
    expect([...info.logRatio]).toEqual([0, -Infinity, -Infinity, -Infinity]);
    expect(info.refused).toEqual({ notFinite: 2, notInvertible: 0, outsideDomain: 0 });
  });

  it('for a density that is not a number is rejected and counted', () => {
    const { state, info } = offering([0.5, 0.5, 0.5, 0.5], {
      logReverse: Float64Array.of(0, Number.NaN, 0, 0),
    }).step(start, rootKey(1));
    expect([...state.positions.data]).toEqual([0.5, 0, 0.5, 0.5]);
    expect(info.refused.notFinite).toBe(1);
  });

  it('for a cause of its own is counted by that cause and costs no evaluation', () => {
    const ledger = emptyLedger();
    const kernel = metropolisHastings(
      booked(walled, ledger, 'flowProposals'),
      {
        name: 'offer',
        redrawsVelocities: false,
        propose: () => ({
          y: batch(Float64Array.of(0.1, 0.2, 0.3, 0.4), 1),
          logForward: new Float64Array(4),
          logReverse: new Float64Array(4),
          evaluated: undefined,
          refused: [undefined, 'notInvertible', 'outsideDomain', undefined],
          density: undefined,
        }),
      },
      { kT: 1, attempts: 1 },
    );
    const { state, info } = kernel.step(start, rootKey(1));
    expect([...state.positions.data]).toEqual([0.1, 0, 0, 0.4]);
    expect(info.refused).toEqual({ notFinite: 0, notInvertible: 1, outsideDomain: 1 });
    expect(ledger.flowProposals).toBe(2);
  });

  it('is taken or left row by row in any dimension, with its own energy and gradient', () => {
    const bowl = harmonic({ stiffness: [1, 2, 3] });
    const begin = startChains(bowl, fromRows([1, 2, 3, 4].map((v) => [v, v, v])));
    const y = fromRows([5, 6, 7, 8].map((v) => [v / 10, v / 20, v / 30]));
    const before = [...begin.gradient];
    const kernel = metropolisHastings(
      bowl,
      {
        name: 'offer',
        redrawsVelocities: false,
        propose: () => ({
          y,
          logForward: new Float64Array(4),
          // The last is hopeless.
          logReverse: Float64Array.of(0, 0, 0, -1e6),
          evaluated: undefined,
          refused: [undefined, 'notInvertible', undefined, undefined],
          density: undefined,
        }),
      },
      { kT: 1, attempts: 1 },
    );
    const { state, info } = kernel.step(begin, rootKey(1));
    const expected = startChains(
      bowl,
      fromRows(
        [0, 1, 2, 3].map((b) => [
          ...(b === 0 || b === 2 ? y : begin.positions).data.subarray(3 * b, 3 * b + 3),
        ]),
      ),
    );
    expect(state.positions).toEqual(expected.positions);
    expect(state.energy).toEqual(expected.energy);
    expect(state.gradient).toEqual(expected.gradient);
    expect([...info.accepted]).toEqual([1, 0, 1, 0]);
    expect(info.logRatio[0]).toBeGreaterThan(0);
    expect(info.logRatio[1]).toBe(-Infinity);
    expect(info.logRatio[3]).toBeLessThan(-9e5);
    // The state it began from is another's, and stays what it was.
    expect([...begin.gradient]).toEqual(before);
    expect(Array.from(begin.positions.data.subarray(0, 3))).toEqual([1, 1, 1]);
  });

  it('never traps a chain that stands where U = +∞', () => {
    const forbidden = { ...start, energy: new Float64Array(4).fill(Infinity) };
    const { info } = offering([0.5, 0.5, 0.5, 0.5]).step(forbidden, rootKey(1));
    expect([...info.accepted]).toEqual([1, 1, 1, 1]);
  });
});

describe('the cached density', () => {
  const well = harmonic({ stiffness: [1] });
  const owner = {};
  /** Offers x + 0.1 to even chains and a hopeless place to odd ones, in buffers it uses again. */
  function knowing(): Proposer {
    const density: ProposedDensity = {
      owner,
      current: new Float64Array(2),
      proposed: new Float64Array(2),
      currentInvertible: new Uint8Array(2),
      proposedInvertible: new Uint8Array(2),
    };
    return {
      name: 'knowing',
      redrawsVelocities: true,
      propose({ positions, density: cached }) {
        density.current.set(cached?.owner === owner ? cached.logProb : positions.data);
        density.currentInvertible.fill(1);
        const y = positions.data.map((x, b) => (b % 2 === 0 ? x + 0.1 : 1e9));
        density.proposed.set(y);
        density.proposedInvertible.fill(1);
        const logForward = new Float64Array(2).fill(-10);
        return {
          y: batch(y, 1),
          logForward,
          logReverse: new Float64Array(2),
          evaluated: undefined,
          refused: undefined,
          density,
        };
      },
    };
  }
  const start: ChainState = {
    ...startChains(well, fromRows([[0], [1]])),
    velocities: Float64Array.of(5, 6),
  };

  it('belongs to the current positions, moved or not', () => {
    const kernel = metropolisHastings(well, knowing(), { kT: 1, attempts: 3 });
    const { state } = kernel.step(start, rootKey(1));
    expect(state.positions.data[0]).toBeCloseTo(0.3, 12);
    expect(state.positions.data[1]).toBe(1);
    expect(state.density?.owner).toBe(owner);
    expect([...(state.density?.logProb ?? [])]).toEqual([...state.positions.data]);
  });

  it('of an earlier state stays what it was when the same kernel goes on', () => {
    const kernel = metropolisHastings(well, knowing(), { kT: 1, attempts: 1 });
    const first = kernel.step(start, rootKey(1)).state;
    const before = first.density?.logProb.slice();
    kernel.step(first, rootKey(2));
    expect(first.density?.logProb).toEqual(before);
  });

  it('is dropped once another kernel has moved any chain, and kept while none has', () => {
    const kernel = metropolisHastings(well, knowing(), { kT: 1, attempts: 1 });
    const known = kernel.step(start, rootKey(1)).state;
    const moving = (step: number): Kernel =>
      metropolisHastings(
        well,
        proposer('local', ({ positions }) => ({
          y: positions.data.map((x) => x + step),
          logForward: new Float64Array(2),
          logReverse: new Float64Array(2),
        })),
        { kT: 1, attempts: 1 },
      );
    expect(moving(1e9).step(known, rootKey(3)).state.density).toEqual(known.density);
    expect(moving(0).step(known, rootKey(3)).state.density).toBeUndefined();
  });

  it('goes with velocities that are redrawn where the proposer says so, and kept where not', () => {
    const jump = metropolisHastings(well, knowing(), { kT: 1, attempts: 1 });
    expect(jump.step(start, rootKey(1)).state.velocities).toBeUndefined();
    const local = metropolisHastings(well, gaussianProposer(0, 1), { kT: 1, attempts: 1 });
    expect(local.step(start, rootKey(1)).state.velocities).toEqual(start.velocities);
  });
});
