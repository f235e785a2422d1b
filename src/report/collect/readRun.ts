import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FlowDensity } from '../../flow/density.ts';
import { flowDensity } from '../../flow/flowDensity.ts';
import type { FlowModel } from '../../flow/model.ts';
import { readEvents } from '../../io/eventLog.ts';
import { finishedStore } from '../../io/finishedStore.ts';
import { RunDirectoryError, readManifest } from '../../io/manifest.ts';
import { readResult } from '../../io/resultSchema.ts';
import { overridesOf } from '../../io/session.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { toPlan } from '../../scenario/toPlan.ts';
import type { ReportInput } from './collectReport.ts';
import type { TimedEvent } from './timeline.ts';
import { versions } from './versions.ts';

/**
 * The run in `folder`, made from `scenario`, as its report needs it.
 * @param createDensity The float64 tier; the one in plain TypeScript and WebAssembly by default.
 * @throws {RunDirectoryError} where the run has not come to its end.
 */
export function readRun(
  folder: string,
  scenario: Scenario,
  createDensity: (model: FlowModel) => FlowDensity = flowDensity,
): ReportInput {
  const manifest = readManifest(folder);
  if (manifest.status !== 'done') {
    throw new RunDirectoryError(
      `${folder} has no result yet (${manifest.status}): finish it with "ergoflow resume ${folder}"`,
    );
  }
  return {
    scenario,
    plan: toPlan(scenario, overridesOf(manifest)),
    store: finishedStore(folder),
    events: readEvents(join(folder, 'events.jsonl')).events.filter(isEvent),
    result: readResult(readFileSync(join(folder, 'result.json'), 'utf8')),
    createDensity,
    versions: versions(manifest),
  };
}

/** Lines of a run's log are its own; one that a crash cut short has no type. */
function isEvent(line: unknown): line is TimedEvent {
  return (
    typeof line === 'object' && line !== null && 'type' in line && typeof line.type === 'string'
  );
}
