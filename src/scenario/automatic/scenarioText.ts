import { aboutOf, type Choices, nameOf } from './choices.ts';

/**
 * The scenario file that repeats a run of a bare potential, with the reason for every choice.
 *
 * `potentialPath` is what the file imports the potential from.
 */
export function scenarioText(choices: Choices, potentialPath: string): string {
  const { variable, states, settings, box, temperature, seed } = choices;
  const unit = choices.units === 'reduced' ? 'kT, in reduced units' : 'K';
  const mistaken = (100 * variable.mistaken).toFixed(1);
  return `// Proposed by ergoflow from the potential alone; every line is yours to change.
${choices.notes.map((note) => comment(`Note: ${note}`)).join('')}import { defineScenario, linear, stateAlong } from 'ergoflow';
import potential from ${quoted(potentialPath)};

// ${variable.method} of short runs in every basin; it puts ${mistaken} % of their frames on the wrong side.
const s = linear(${quoted(variable.name)}, ${list(variable.coefficients)});

export default defineScenario({
  name: ${quoted(nameOf(choices.potential))},
  about: ${quoted(aboutOf(choices))},
  potential,
  // ${unit}
  temperature: ${temperature},
  seed: ${seed},
  // Cut at the passes between the minima; starts are the minima that were found.
  states: [
${states
  .map(
    ({ name, range, core, starts, energy }) =>
      `    // Lowest U ${Number(energy.toPrecision(6))}\n` +
      `    stateAlong(s, ${quoted(name)}, ${record(range)}, {\n` +
      `      core: ${record(core)},\n` +
      `      start: [${starts.map(list).join(', ')}],\n` +
      '    }),\n',
  )
  .join('')}  ],
  coordinate: { variable: s, min: ${variable.min}, max: ${variable.max} },
  // A twenty-fifth of the shortest period, and friction well below its frequency.
  seeding: { dynamics: ${record(settings.seeding)} },
  flow: ${record(settings.flow)},
  // The step at which the kernel accepts as it should.
  production: { local: ${record(settings.local)} },
${
  box === undefined
    ? ''
    : `  // Outside of this box U is 30 kT above its minimum and more.
  reference: { kind: 'quadrature', box: [${box.map(list).join(', ')}] },
`
}});
`;
}

function quoted(text: string): string {
  return `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'").replace(/\n/g, ' ')}'`;
}

function comment(text: string): string {
  return `// ${text.replace(/\s+/g, ' ')}\n`;
}

function list(values: readonly number[]): string {
  return `[${values.join(', ')}]`;
}

function record(values: object): string {
  const entries = Object.entries(values).map(([key, value]: [string, unknown]) => {
    const shown =
      typeof value === 'string'
        ? quoted(value)
        : Array.isArray(value)
          ? `[${value.join(', ')}]`
          : String(value);
    return `${key}: ${shown}`;
  });
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}
