import { describe, expect, it } from 'vitest';
import { boltzmannReference } from '../../../src/analysis/quadrature.ts';
import { fromRows } from '../../../src/core/batch.ts';
import { linear } from '../../../src/core/collectiveVariable.ts';
import type { Potential } from '../../../src/core/potential.ts';
import { stateLabels } from '../../../src/hybrid/labels.ts';
import { definePotential } from '../../../src/md/definePotential.ts';
import { doubleWell } from '../../../src/md/potentials/doubleWell.ts';
import { harmonic } from '../../../src/md/potentials/harmonic.ts';
import { muellerBrown } from '../../../src/md/potentials/muellerBrown.ts';
import { nameOf } from '../../../src/scenario/automatic/choices.ts';
import {
  proposeScenario,
  type ScenarioProposal,
} from '../../../src/scenario/automatic/proposeScenario.ts';
import { scenarioText } from '../../../src/scenario/automatic/scenarioText.ts';
import { defineScenario } from '../../../src/scenario/defineScenario.ts';
import type { Scenario } from '../../../src/scenario/scenario.ts';
import { stateAlong } from '../../../src/scenario/stateAlong.ts';
import { toPlan } from '../../../src/scenario/toPlan.ts';
import { lennardJones, pairs } from '../../md/check/pairs.ts';

function proposed(potential: Potential): Extract<ScenarioProposal, { kind: 'proposed' }> {
  const proposal = proposeScenario(potential);
  if (proposal.kind === 'refused') throw new Error(proposal.reasons.join('; '));
  return proposal;
}

function reasons(potential: Potential): string {
  // Cold enough for three particles to stay together.
  const proposal = proposeScenario(potential, { temperature: potential.dim === 9 ? 0.1 : 1 });
  return proposal.kind === 'refused' ? proposal.reasons.join('; ') : 'none';
}

/** The scenario that a file's text makes, as a module would. */
function evaluated(text: string, potential: Potential): Scenario {
  const body = text.replace(/^import .*$/gm, '').replace('export default', 'return');
  const make = new Function('defineScenario', 'linear', 'stateAlong', 'potential', body);
  return make(defineScenario, linear, stateAlong, potential);
}

describe('a scenario for the double well alone', () => {
  const potential = doubleWell();
  const { scenario, choices, evaluations } = proposed(potential);

  it('has its two wells as states, cut at the barrier along the first coordinate', () => {
    expect(choices.variable).toMatchObject({ name: 'x0', coefficients: [1, 0], method: 'PCA' });
    expect(choices.states.map(({ starts }) => starts)).toEqual([
      [[expect.closeTo(-1.7723, 3), 0]],
      [[expect.closeTo(1.6888, 3), 0]],
    ]);
    // The top lies at 0.0835; the path is examined at some hundred points of 3.5 in all.
    expect(choices.states[0].range.below).toBeCloseTo(0.0835, 1);
    expect(choices.states[1].range).toEqual({ from: choices.states[0].range.below });
  });

  it('has cores inside the states', () => {
    const [left, right] = scenario.states;
    const x = (at: number): Float64Array => Float64Array.of(at, 0);
    expect(left.core?.contains(x(-1.7))).toBe(true);
    expect(left.contains(x(-0.5)) && left.core?.contains(x(-0.5)) === false).toBe(true);
    expect(right.core?.contains(x(1.7))).toBe(true);
  });

  it('can check itself against the free-energy difference that is known', () => {
    const plan = toPlan(scenario);
    const { reference } = scenario;
    if (reference?.kind !== 'quadrature') throw new Error('no box');
    const { differences } = boltzmannReference(
      potential,
      { box: reference.box, kT: plan.kT },
      (x) => stateLabels(plan.states, x),
      2,
    );
    // 3.3799 for a cut at 0; what lies between the two cuts weighs e⁻⁷ of the smaller well at most.
    expect(differences[0]).toBeCloseTo(3.3799, 2);
  });

  it('is what its file makes of the potential, in every number', () => {
    const again = evaluated(scenarioText(choices, './well.ts'), potential);
    expect(JSON.stringify(toPlan(again))).toBe(JSON.stringify(toPlan(scenario)));
    const points = fromRows(Array.from({ length: 50 }, (_, k) => [-2.5 + 0.1 * k, 0]));
    expect(stateLabels(toPlan(again).states, points)).toEqual(
      stateLabels(toPlan(scenario).states, points),
    );
    expect(again.states.map(({ definition }) => definition)).toEqual(
      scenario.states.map(({ definition }) => definition),
    );
  });

  it('is the same again for the same seed, and says what finding it cost', () => {
    expect(proposed(potential).choices).toEqual(choices);
    expect(evaluations).toBeGreaterThan(10_000);
  });
});

describe('proposeScenario', () => {
  it('takes TICA where the widest direction is not the one that separates', () => {
    const broad = definePotential({
      name: 'Broad valley (k = 0.1)',
      dim: 2,
      energy: ([x, y]) => 3 * (x * x - 2) ** 2 + 0.05 * y * y,
      gradient: ([x, y], out) => {
        out[0] = 12 * x * (x * x - 2);
        out[1] = 0.1 * y;
      },
    });
    const { choices } = proposed(broad);
    expect(choices.variable.method).toBe('TICA');
    expect(choices.variable.coefficients[0]).toBe(1);
    expect(Math.abs(choices.variable.coefficients[1])).toBeLessThan(0.2);
    expect(choices.variable.mistaken).toBeLessThan(0.01);
  });

  it('joins the two shallow minima of Müller–Brown, which no barrier of 3 kT parts', () => {
    const { choices } = proposed(muellerBrown());
    expect(choices.states).toHaveLength(2);
    expect(choices.states.map(({ starts }) => starts.length).sort()).toEqual([1, 2]);
  });

  it.each([
    ['one minimum', harmonic({ stiffness: [1, 2] }), /only one minimum/],
    ['one coordinate', doubleWell({ dim: 1 }), /needs two of them/],
    ['too many coordinates', doubleWell({ dim: 101 }), /101 coordinates are more than .* \(100\)/],
    [
      'a gradient of the wrong sign',
      definePotential({
        name: 'turned',
        dim: 2,
        energy: ([x, y]) => (x * x - 2) ** 2 + y * y,
        gradient: ([x, y], out) => {
          out[0] = -4 * x * (x * x - 2);
          out[1] = -2 * y;
        },
      }),
      /gradient: .*its sign is turned/,
    ],
    [
      'a low barrier',
      definePotential({ name: 'low', dim: 2, energy: ([x, y]) => (x * x - 1) ** 2 + y * y }),
      /no barrier between them is higher than 3 kT/,
    ],
    [
      'nothing that holds it in place',
      pairs('free', lennardJones, () => 0, 0),
      /everything is moved together/,
    ],
  ])('says why it makes none of a potential with %s', (_, potential, why) => {
    expect(reasons(potential)).toMatch(why);
  });

  it('names runs after the potential, whatever that is called', () => {
    expect(nameOf('mueller-brown(scale=0.1)')).toBe('mueller-brown');
    expect(nameOf('0.5·(Bent  Wells)')).toBe('0-5');
    expect(nameOf('Müller & Brown')).toBe('m-ller-brown');
    expect(nameOf('☺')).toBe('potential');
  });
});
