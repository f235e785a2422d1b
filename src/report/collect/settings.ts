import type { Plan } from '../../hybrid/plan.ts';
import type { SettingsGroup } from '../reportData.ts';

/** Every setting of a plan as text, group by group; functions are named by what they were given as. */
export function settings(plan: Plan): SettingsGroup[] {
  const { potential, coordinate, masses } = plan;
  const groups: [string, unknown][] = [
    [
      'System',
      {
        potential: potential.name,
        dimensions: potential.dim,
        'unit of length': potential.units.length,
        'unit of energy': potential.units.energy,
        kT: plan.kT,
        masses: masses === undefined ? '1' : summary(Array.from(masses)),
        'identical particles': plan.identicalParticles?.name ?? 'none',
        seed: plan.seed,
      },
    ],
    [
      'States',
      Object.fromEntries(
        plan.states.map((state) => [
          state.name,
          `${state.definition}; core ${state.core.definition}; starts at ${state.start.count === 1 ? summary(Array.from(state.start.data)) : `${state.start.count} configurations`}`,
        ]),
      ),
    ],
    [
      'Coordinate',
      {
        name: coordinate.variable.name,
        from: coordinate.min,
        to: coordinate.max,
        bins: coordinate.bins,
      },
    ],
    ['Seeding', plan.seeding],
    ['Flow', flowSettings(plan)],
    ['Training', { ...plan.training, symmetries: plan.training.symmetries?.length }],
    ['Assessing', plan.assessing],
    ['Exploring', plan.exploring],
    ['Production', plan.production],
    ['Reweighting', plan.reweighting],
    ['Plain MD', plan.baseline ?? { compared: 'no' }],
  ];
  return groups.map(([title, content]) => ({ title, rows: flatten('', content) }));
}

/** Directions by their number: a page has no room for D × D entries. */
function flowSettings({ flow }: Plan): unknown {
  if (flow === undefined) return { trained: 'no' };
  const { directions } = flow;
  return { ...flow, directions: directions && `${directions.length} of the scenario's own` };
}

/** Nested settings by dotted path. */
function flatten(path: string, value: unknown): (readonly [string, string])[] {
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) {
    return [[path, summary(value)]];
  }
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, i) => flatten(`${path}[${i}]`, item));
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    const flat = entries.every(
      ([, inner]) => typeof inner === 'number' || typeof inner === 'string',
    );
    // A kernel, a weight schedule, a cap: one line reads better than five.
    if (flat && path !== '' && entries.length <= 5) {
      return [[path, entries.map(([name, inner]) => `${name} ${inner}`).join(', ')]];
    }
    return entries.flatMap(([name, inner]) =>
      flatten(path === '' ? name : `${path}.${name}`, inner),
    );
  }
  return [[path, value === undefined ? 'none' : String(value)]];
}

function summary(values: readonly unknown[]): string {
  const shown = values.slice(0, 8).join(', ');
  return values.length > 8 ? `${shown}, … ${values.length} numbers` : shown;
}
