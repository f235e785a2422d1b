import type { Manifest } from '../../io/manifest.ts';

/** What a run was made with, line by line. */
export function versions(manifest: Manifest): Record<string, string> {
  const { machine, backend, scenario } = manifest;
  return {
    ergoflow: manifest.version + (manifest.commit === null ? '' : ` (${manifest.commit})`),
    scenario: `${scenario.name}, SHA-256 ${scenario.hash}`,
    node: manifest.node,
    backend: `${backend.name} ${backend.library}, ${backend.threads} ${backend.threads === 1 ? 'thread' : 'threads'}`,
    processor: `${machine.cpu}, ${machine.cores} ${machine.cores === 1 ? 'core' : 'cores'}`,
    memory: `${(machine.memoryBytes / 2 ** 30).toFixed(1)} GiB`,
    platform: machine.platform,
    started: manifest.started,
    ...(manifest.resumed.length === 0 ? {} : { resumed: manifest.resumed.join(', ') }),
    ...(manifest.inexact === undefined ? {} : { 'resumed although': manifest.inexact.join('; ') }),
  };
}
