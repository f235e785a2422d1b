import { fromRows } from '../../src/core/batch.ts';
import { linear } from '../../src/core/collectiveVariable.ts';
import { rootKey } from '../../src/core/rng.ts';
import { flowDensity } from '../../src/flow/flowDensity.ts';
import { newModel } from '../../src/flow/model.ts';
import { memoryStore } from '../../src/hybrid/artifacts.ts';
import { buildFlow } from '../../src/hybrid/buildFlow.ts';
import { doubleWell } from '../../src/md/potentials/doubleWell.ts';
import type { ReportInput } from '../../src/report/collect/collectReport.ts';
import type { TimedEvent } from '../../src/report/collect/timeline.ts';
import { defineScenario } from '../../src/scenario/defineScenario.ts';
import { runScenario } from '../../src/scenario/runScenario.ts';
import { stateAlong } from '../../src/scenario/stateAlong.ts';
import { toPlan } from '../../src/scenario/toPlan.ts';

/**
 * A run of a second with an untrained flow that covers both wells: real artifacts and events, poor
 * numbers. `dim` coordinates, with quadrature where there are two.
 */
export async function smallRun(dim = 2): Promise<ReportInput> {
  const x = linear('x', [1, ...Array.from({ length: dim - 1 }, () => 0)]);
  const rest = Array.from({ length: dim - 1 }, () => 0);
  const scenario = defineScenario({
    name: 'small-double-well',
    about: 'Two wells and a flow that has learned nothing.',
    potential: doubleWell({ a4: 1, a2: 4, a1: 0.3, dim }),
    states: [
      stateAlong(x, 'left', { below: 0 }, { core: { below: -1 }, start: [-1.5, ...rest] }),
      stateAlong(x, 'right', { from: 0 }, { core: { from: 1 }, start: [1.5, ...rest] }),
    ],
    coordinate: { variable: x, min: -2.5, max: 2.5, bins: 30 },
    ...(dim === 2
      ? {
          reference: {
            kind: 'quadrature',
            box: [
              [-4, 4],
              [-9, 9],
            ],
          },
        }
      : {}),
    seed: 11,
  } as const);
  const options = { smoke: true } as const;
  const plan = toPlan(scenario, options);
  const spread = fromRows([
    [-1.4, ...rest.map(() => -1)],
    [1.4, ...rest.map(() => 1)],
    [-1.4, ...rest.map(() => 1.2)],
    [1.4, ...rest.map((_, i) => (i % 2 === 0 ? -1 : 1))],
    ...rest.map((_, i) => [0.2 * i, ...rest.map((_unused, j) => (i === j ? 1.6 : -0.3))]),
  ]);
  const model = newModel(
    buildFlow({ ...plan.flow!, blocks: 1, hidden: [8] }, spread),
    rootKey(plan.seed),
  );
  const store = memoryStore();
  const events: TimedEvent[] = [];
  const { result } = await runScenario(scenario, {
    ...options,
    store,
    model,
    emit: (event) => {
      if (event.type !== 'progress') {
        // One second an event: clocks have no place in a test.
        events.push({ ...event, time: new Date(1000 * events.length).toISOString() });
      }
    },
  });
  return {
    scenario,
    plan,
    store,
    events,
    result,
    createDensity: flowDensity,
    versions: { ergoflow: '0.1.0', node: 'v20' },
  };
}
