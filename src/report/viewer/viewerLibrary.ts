import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

let read: string | undefined;

/**
 * 3Dmol.js as one script for a page, its licence in front of it: a copy has to bear that (BSD-3-Clause).
 * Koes and Rego, Bioinformatics 31, 1322 (2015).
 */
export function viewerLibrary(): string {
  if (read === undefined) {
    const script = createRequire(import.meta.url).resolve('3dmol/build/3Dmol-min.js');
    const licence = readFileSync(join(dirname(dirname(script)), 'LICENSE'), 'utf8');
    read = `/*\n${licence.replaceAll('*/', '* /')}\n*/\n${readFileSync(script, 'utf8')}`;
  }
  return read;
}
