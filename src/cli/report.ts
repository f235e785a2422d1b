import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RunDirectoryError } from '../io/manifest.ts';
import { buildReport, type Report } from '../report/buildReport.ts';
import { collectReport } from '../report/collect/collectReport.ts';
import { readRun } from '../report/collect/readRun.ts';
import { buildCompareReport } from '../report/comparePage.ts';
import { loadPngRenderer } from '../report/pngRenderer.ts';
import { writeReport } from '../report/writeReport.ts';
import type { Comparison } from '../scenario/comparison.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { loadRunScenario } from './loadScenario.ts';

/** `ergoflow report <run-dir>` */
export async function reportCommand(folder: string): Promise<void> {
  const { scenario } = await loadRunScenario(folder);
  process.stdout.write(`${await makeReport(folder, scenario)}\n`);
}

/**
 * Writes `report.html` and `figures/` into a finished run or comparison.
 * @returns The path of the page.
 */
export async function makeReport(folder: string, scenario: Scenario): Promise<string> {
  const renderer = await loadPngRenderer();
  if ('missing' in renderer) process.stderr.write(`${renderer.missing}\n`);
  const render = 'render' in renderer ? renderer.render : undefined;
  writeReport(folder, reportOf(folder, scenario, render));
  return join(folder, 'report.html');
}

function reportOf(
  folder: string,
  scenario: Scenario,
  render: Parameters<typeof buildReport>[1],
): Report {
  const comparison = join(folder, 'compare.json');
  if (existsSync(comparison)) {
    // Our own file, written whole; a page of anything else would not open.
    const content = JSON.parse(readFileSync(comparison, 'utf8')) as Comparison;
    if (!('methods' in content)) {
      throw new RunDirectoryError(`${comparison} holds no comparison`);
    }
    return buildCompareReport(content, render);
  }
  return buildReport(collectReport(readRun(folder, scenario)), render);
}
