import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { atomicWrite } from '../io/atomicWrite.ts';
import { writeFailure } from '../io/storageError.ts';
import type { Report } from './buildReport.ts';

/**
 * Writes `report.html` and, in `figures/`, every picture as SVG and, where there is a renderer, as PNG.
 * @returns The names of the files, relative to `folder`. @throws {StorageError}
 */
export function writeReport(folder: string, report: Report): string[] {
  const pictures = join(folder, 'figures');
  try {
    mkdirSync(pictures, { recursive: true });
  } catch (cause) {
    throw writeFailure(pictures, 0, cause);
  }
  const files: [name: string, content: string | Uint8Array][] = [['report.html', report.html]];
  for (const { name, svg, png } of report.figures) {
    files.push([`figures/${name}.svg`, svg]);
    if (png !== undefined) files.push([`figures/${name}.png`, png]);
  }
  for (const [name, content] of files) atomicWrite(join(folder, name), content);
  return files.map(([name]) => name);
}
