/** The files that `ergoflow new` writes: each runs at once, and says what to change. */

/** A potential with a gradient, two wells and a bent valley between them. */
export function potentialTemplate(name: string): string {
  return `// A force field of your own. From here:
//   ergoflow check ${name}.ts     is it sound, and what is it like?
//   ergoflow run ${name}.ts       find its states and their free-energy difference
import { definePotential } from 'ergoflow';

// Parameters: name those that matter in \`name\`, so that every file of a run says them.
const barrier = 8;
const tilt = 1;

export default definePotential({
  name: \`${name}(barrier=\${barrier}, tilt=\${tilt})\`,
  // Coordinates of one configuration: 3 × atoms for molecules, x y z of the first atom first.
  dim: 2,
  // Reduced units, in which the temperature is kT itself and 1 unless you say otherwise. For molecules:
  // units: { length: 'nm', energy: 'kJ/mol' }, and the temperature is in kelvin, 300 by default.
  units: { length: 'reduced', energy: 'reduced' },
  // U of one configuration, a Float64Array of \`dim\` numbers. Infinity forbids it.
  energy: ([x, y]) => barrier * (x * x - 1) ** 2 + tilt * x + 4 * (y - x * x) ** 2,
  // ∂U/∂x, written into \`out\`: the gradient, not the force. Leave it out and finite differences stand in,
  // which cost 2 × dim evaluations more at every step.
  gradient: ([x, y], out) => {
    out[0] = 4 * barrier * x * (x * x - 1) + tilt - 16 * x * (y - x * x);
    out[1] = 8 * (y - x * x);
  },
});
`;
}

/** A scenario around a potential of its own. */
export function scenarioTemplate(name: string): string {
  return `// A scenario: what is sampled, which states are compared, and what is known already. From here:
//   ergoflow check ${name}.ts     is the potential sound?
//   ergoflow run ${name}.ts       the free-energy difference, with its error
//   ergoflow compare ${name}.ts   what molecular dynamics alone would have got at the same cost
import { definePotential, defineScenario, linear, stateAlong } from 'ergoflow';

const potential = definePotential({
  name: '${name}',
  dim: 2,
  energy: ([x, y]) => (x * x - 4) ** 2 / 2 + x + y * y,
  gradient: ([x, y], out) => {
    out[0] = 2 * x * (x * x - 4) + 1;
    out[1] = 2 * y;
  },
});

// The coordinate that tells the states apart: here simply the first of two.
const x = linear('x', [1, 0]);

export default defineScenario({
  name: '${name}',
  about: 'Two wells of different depth behind a barrier of 8 kT.',
  potential,
  // kT for a potential in reduced units, kelvin for one in kJ/mol.
  temperature: 1,
  // Free energies are differences to the first state. \`core\` is what counts as having arrived; \`start\` is
  // where molecular dynamics begins.
  states: [
    stateAlong(x, 'left', { below: 0 }, { core: { below: -1 }, start: [-2, 0] }),
    stateAlong(x, 'right', { from: 0 }, { core: { from: 1 }, start: [2, 0] }),
  ],
  // The axis of the free-energy profile, with the range that matters.
  coordinate: { variable: x, min: -3, max: 3 },
  // Optional: in one or two coordinates the run can check itself against an integral over this box.
  reference: { kind: 'quadrature', box: [[-5, 5], [-8, 8]] },
  // Everything else (seeding, flow, training, production …) has a default; your editor completes the names.
});
`;
}
