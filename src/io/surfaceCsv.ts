import { csvLine } from './csvLine.ts';
import type { RunSurface } from './runSurface.ts';

/**
 * A free-energy surface as CSV, one cell a line, row after row from the lowest y: the cell's centre in
 * the units of the two variables, F above the lowest cell and its standard error in kT, and empty fields
 * where the chains never were.
 */
export function surfaceCsv({ x, y, freeEnergy, standardError }: RunSurface): string {
  const columns = x.edges.length - 1;
  const centre = (edges: Float64Array, k: number): number => (edges[k] + edges[k + 1]) / 2;
  const lines = Array.from(freeEnergy, (value, cell) =>
    csvLine([
      centre(x.edges, cell % columns),
      centre(y.edges, Math.floor(cell / columns)),
      value,
      standardError[cell],
    ]),
  );
  const header = [x.variable.name, y.variable.name, 'free energy / kT', 'standard error / kT'];
  return csvLine(header) + lines.join('');
}
