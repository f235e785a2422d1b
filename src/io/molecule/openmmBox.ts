import { checkEdges } from './checkEdges.ts';
import { failAt, list, type OpenmmContext, real } from './openmmElement.ts';
import type { XmlElement } from './xmlTree.ts';

/** The edges of the box of a System or State, nm. @throws {MoleculeFileError} unless it is rectangular. */
export function openmmBox(context: OpenmmContext, root: XmlElement): [number, number, number] {
  const vectors = list(context, root, 'PeriodicBoxVectors');
  if (vectors.length !== 3) failAt(context, root, '<PeriodicBoxVectors> should hold A, B and C');
  const rows = vectors.map((v) => ['x', 'y', 'z'].map((axis) => real(context, v, axis)));
  for (const [i, row] of rows.entries()) {
    if (row.some((value, j) => (i === j ? !(value > 0) : value !== 0))) {
      failAt(
        context,
        vectors[i],
        `the box vector (${row.join(', ')}) is not along its axis: only rectangular boxes are supported`,
      );
    }
  }
  const place = { file: context.file, line: vectors[0].line };
  return checkEdges(place, [rows[0][0], rows[1][1], rows[2][2]]);
}
