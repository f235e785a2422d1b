import { batch } from '../../src/core/batch.ts';
import { fold, normal, rootKey } from '../../src/core/rng.ts';
import type { Plan } from '../../src/hybrid/plan.ts';
import { memoryRecords } from '../../src/hybrid/records.ts';
import { bpti } from '../../src/md/molecule/systems/bpti.ts';
import { moleculeFrames } from '../../src/report/collect/moleculeFrames.ts';
import type { MoleculeFrames } from '../../src/report/reportData.ts';

/** Frames of a protein of 892 atoms, each 0.1 Å from the crystal's: as many as a page takes. */
export function bptiFrames(states: Plan['states']): MoleculeFrames {
  const { system, positions } = bpti();
  const records = memoryRecords('production', positions.length);
  for (let n = 0; n < 80; n++) {
    const noise = normal(fold(rootKey(n), 'frame'), positions.length);
    records.append(
      batch(
        positions.map((x, i) => x + 0.01 * noise[i]),
        positions.length,
      ),
    );
  }
  const artifact = { arrays: { states: new Int32Array(80) }, meta: { chains: 1 } };
  const frames = moleculeFrames(system, { artifact, records }, states);
  if (frames === null) throw new Error('a protein of 892 atoms fits a page');
  return frames;
}
