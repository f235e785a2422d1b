import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The layers whose code decides the numbers of a run; command line and report only show them. */
const layers = ['core', 'md', 'flow', 'analysis', 'hybrid', 'scenario', 'io'];

let known: string | undefined;

/**
 * SHA-256 of the code that is running, hexadecimal: another version, another build and an edited file
 * are all other code. Taken once: what changes on the disk afterwards is not what runs.
 */
export function codeHash(): string {
  known ??= hashOf(layers);
  return known;
}

function hashOf(folders: readonly string[]): string {
  const source = fileURLToPath(new URL('../', import.meta.url));
  const hash = createHash('sha256');
  for (const layer of folders) {
    const names = readdirSync(join(source, layer), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.[jt]s$/.test(name) && !name.endsWith('.d.ts'))
      .sort();
    for (const name of names)
      hash.update(`${layer}/${name}\n`).update(readFileSync(join(source, layer, name)));
  }
  return hash.digest('hex');
}
