import { row } from '../../core/batch.ts';
import type { Artifact } from '../../hybrid/artifacts.ts';
import { int32 } from '../../hybrid/dataset.ts';
import type { Plan } from '../../hybrid/plan.ts';
import type { ProductionMeta } from '../../hybrid/producing.ts';
import type { RecordReader } from '../../hybrid/records.ts';
import { pdb } from '../../io/trajectory/pdb.ts';
import { pdbNames } from '../../io/trajectory/pdbNames.ts';
import type { MolecularSystem } from '../../md/molecule/molecularSystem.ts';
import type { Topology } from '../../md/molecule/topology.ts';
import type { MoleculeFrames } from '../reportData.ts';
import { evenly } from './evenly.ts';
import { alongOwnAxes, superpose } from './superpose.ts';

const MOST_FRAMES = 60;
/** Characters of base64 that the frames may take, so that a page stays below 3 MB. */
const MOST_TEXT = 900_000;
/** A larger molecule would not fit into a page at all. */
const MOST_ATOMS = 10_000;
/** From this many residues with an alpha carbon on a chain is drawn as a ribbon. */
const RIBBON = 20;

/**
 * Configurations of the first chain, evenly spaced, each laid upon the first, in ångström; null for more
 * atoms than a page can hold.
 */
export function moleculeFrames(
  { topology, name }: MolecularSystem,
  production: { readonly artifact: Artifact; readonly records: RecordReader },
  states: Plan['states'],
): MoleculeFrames | null {
  const { artifact, records } = production;
  const atoms = topology.atoms.length;
  if (atoms > MOST_ATOMS) return null;
  const { chains } = artifact.meta as ProductionMeta;
  const labels = int32(artifact, 'states');
  const most = Math.min(MOST_FRAMES, Math.max(1, Math.floor(MOST_TEXT / (16 * atoms))));
  const steps = evenly(records.count / chains, most);
  const heavy = heavyAtoms(topology);
  const frame = (step: number): Float64Array =>
    row(records.rows(step * chains, step * chains + 1), 0);
  const first = alongOwnAxes(frame(steps[0]), heavy);
  const angstroms = new Float32Array(steps.length * first.length);
  steps.forEach((step, f) => {
    const laid = superpose(first, frame(step), heavy);
    angstroms.set(
      laid.map((x) => 10 * x),
      f * first.length,
    );
  });
  return {
    name,
    elements: topology.atoms.map(({ element }) => element),
    bonds: topology.bonds,
    look: residuesOfChain(topology) >= RIBBON ? 'ribbon' : 'sticks',
    // Molecules that have drifted apart do not fit the columns; the frames have them where they are.
    pdb: pdb(pdbNames(topology), { positions: first.map((x) => Math.max(-99, Math.min(99, x))) }),
    coordinates: Buffer.from(angstroms.buffer).toString('base64'),
    frames: steps.map((step) => ({
      step,
      state: states[labels[step * chains]]?.name ?? 'no state',
    })),
    steps: records.count / chains,
  };
}

/** All but hydrogen; every atom where that leaves too few to lay one molecule upon another. */
function heavyAtoms({ atoms }: Topology): number[] {
  const all = atoms.map((_, i) => i);
  const heavy = all.filter((i) => atoms[i].element !== 'H');
  return heavy.length < 3 ? all : heavy;
}

function residuesOfChain({ atoms }: Topology): number {
  return atoms.filter(({ name, element }) => name === 'CA' && element === 'C').length;
}
