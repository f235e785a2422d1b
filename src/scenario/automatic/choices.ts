import { linear } from '../../core/collectiveVariable.ts';
import type { Potential } from '../../core/potential.ts';
import type { Scenario } from '../scenario.ts';
import { stateAlong } from '../stateAlong.ts';
import type { ProposedSettings } from './proposeSettings.ts';
import type { ProposedState } from './proposeStates.ts';

/** Everything that makes an automatic scenario, in plain numbers: what its file says and nothing else. */
export interface Choices {
  /** Name of the potential. */
  readonly potential: string;
  readonly units: 'kJ/mol' | 'reduced';
  readonly temperature: number;
  readonly seed: number;
  readonly states: readonly ProposedState[];
  readonly variable: {
    readonly name: string;
    readonly coefficients: readonly number[];
    readonly method: string;
    readonly mistaken: number;
    readonly min: number;
    readonly max: number;
  };
  readonly settings: ProposedSettings;
  /** For the exact reference; undefined where there is none. */
  readonly box: readonly (readonly [number, number])[] | undefined;
  /** What a reader should know beside. */
  readonly notes: readonly string[];
}

/** The scenario that the choices make. */
export function toScenario(choices: Choices, potential: Potential): Scenario {
  const { variable, states, settings, box } = choices;
  const s = linear(variable.name, variable.coefficients);
  return {
    name: nameOf(choices.potential),
    about: aboutOf(choices),
    potential,
    temperature: choices.temperature,
    seed: choices.seed,
    states: states.map(({ name, range, core, starts }) =>
      stateAlong(s, name, range, { core, start: starts }),
    ),
    coordinate: { variable: s, min: variable.min, max: variable.max },
    seeding: { dynamics: settings.seeding },
    flow: settings.flow,
    production: { local: settings.local },
    ...(box === undefined ? {} : { reference: { kind: 'quadrature', box } }),
  };
}

/** `bent-wells` of `Bent wells(k=2)`: what a run directory may be called. */
export function nameOf(potential: string): string {
  const slug = potential
    .replace(/[(·].*$/, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return slug === '' ? 'potential' : slug;
}

/** One sentence on where it comes from. */
export function aboutOf({ states, variable }: Choices): string {
  return `${states.length} states that were found in the potential alone, along ${variable.name} (${variable.method}).`;
}
