import type { MolecularCoordinates } from './molecularCoordinates.ts';
import { MoleculeFileError } from './moleculeFileError.ts';
import { openmmBox } from './openmmBox.ts';
import { list, type OpenmmContext, real } from './openmmElement.ts';
import { type XmlElement, xmlTree } from './xmlTree.ts';

/**
 * The configuration of a State that OpenMM has serialised, with velocities where it has them:
 * `XmlSerializer.serialize(context.getState(getPositions=True))`. Its units are ours.
 *
 * @throws {MoleculeFileError} naming the line.
 */
export function readOpenmmState(text: string, file: string): MolecularCoordinates {
  const root = xmlTree(text, file);
  const context: OpenmmContext = { file, atoms: 0, drop: false, warnings: [] };
  const positions = list(context, root, 'Positions', 'optional');
  if (positions.length === 0) {
    throw new MoleculeFileError(
      { file, line: root.line },
      `<${root.name.slice(0, 40)}> has no positions: write a State with getState(getPositions=True)`,
    );
  }
  const velocities = list(context, root, 'Velocities', 'optional');
  if (velocities.length !== 0 && velocities.length !== positions.length) {
    throw new MoleculeFileError(
      { file, line: root.line },
      `has ${positions.length} positions and ${velocities.length} velocities`,
    );
  }
  const vectors = (elements: readonly XmlElement[]): Float64Array =>
    Float64Array.from(
      elements.flatMap((element) => ['x', 'y', 'z'].map((axis) => real(context, element, axis))),
    );
  return {
    file,
    frames: [vectors(positions)],
    velocities: velocities.length === 0 ? undefined : vectors(velocities),
    box: openmmBox(context, root),
    topology: undefined,
    warnings: [],
  };
}
