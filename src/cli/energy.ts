import { atomicWrite } from '../io/atomicWrite.ts';
import { loadMolecule } from '../io/molecule/loadMolecule.ts';
import { npz } from '../io/npz.ts';
import { energyTerms } from '../md/molecule/energyTerms.ts';
import type { MolecularSystem } from '../md/molecule/molecularSystem.ts';
import type { BornModel } from '../md/molecule/term.ts';
import { UsageError } from './loadScenario.ts';

export interface EnergyCommandOptions {
  readonly solvent?: BornModel | 'vacuum';
  readonly salt?: number;
  readonly cutoff?: number;
  readonly frame?: number;
  readonly drop?: true;
  readonly json?: true;
  readonly forces?: string;
}

/** `ergoflow energy <topology> <coordinates>` */
export async function energyCommand(
  topology: string,
  coordinates: string,
  options: EnergyCommandOptions,
): Promise<void> {
  const { solvent, salt, cutoff, frame = 1, drop = false, json, forces: file } = options;
  if (salt !== undefined && (solvent === undefined || solvent === 'vacuum')) {
    throw new UsageError('--salt is of a continuum solvent: name one with --solvent, obc2 say');
  }
  if (file !== undefined && !file.endsWith('.npz')) {
    throw new UsageError(`--forces expected a file that ends in .npz, got "${file}"`);
  }
  const { system, frames } = loadMolecule({
    ...{ topology, coordinates, drop },
    ...(solvent === undefined ? {} : { solvent }),
    ...(salt === undefined ? {} : { salt }),
    ...(cutoff === undefined ? {} : { cutoff }),
  });
  const positions = frames[frame - 1];
  if (positions === undefined) {
    throw new UsageError(
      `${coordinates} has ${frames.length} models, and --frame asks for ${frame}`,
    );
  }
  const terms: Record<string, number> = {};
  const forces = new Float64Array(positions.length);
  let total = 0;
  for (const { kind, energy, gradient } of energyTerms(system)(positions)) {
    terms[kind] = (terms[kind] ?? 0) + energy;
    total += energy;
    for (let d = 0; d < forces.length; d++) forces[d] -= gradient[d];
  }
  for (const [kind, energy] of Object.entries(terms)) {
    if (Number.isFinite(energy)) continue;
    throw new UsageError(
      `${coordinates}: the energy of ${words(kind)} is ${energy}: atoms lie on each other, or an angle is straight`,
    );
  }
  if (file !== undefined) {
    const shape = [positions.length / 3, 3];
    atomicWrite(
      file,
      npz({ forces: { data: forces, shape }, positions: { data: positions, shape } }),
    );
  }
  for (const warning of system.warnings) process.stderr.write(`warning: ${warning}\n`);
  const record = { system, frame, frames: frames.length, terms, total, forces };
  process.stdout.write(json === true ? energyJson(record) : energyTable(record));
}

interface EnergyRecord {
  readonly system: MolecularSystem;
  readonly frame: number;
  readonly frames: number;
  readonly terms: Readonly<Record<string, number>>;
  readonly total: number;
  readonly forces: Float64Array;
}

function energyJson(record: EnergyRecord): string {
  const { system, frame, frames, terms, total, forces } = record;
  const all = {
    schema: 'ergoflow.energy/1',
    system: system.name,
    atoms: system.topology.atoms.length,
    solvent: solventOf(system),
    cutoff: cutoffOf(system) ?? null,
    frame,
    frames,
    units: { energy: 'kJ/mol', force: 'kJ/mol/nm', length: 'nm' },
    terms,
    total,
    largestForce: largestForce(forces),
    warnings: system.warnings,
  };
  return `${JSON.stringify(all, null, 2)}\n`;
}

function energyTable(record: EnergyRecord): string {
  const { system, frame, frames, terms, total, forces } = record;
  const { atoms, residues } = system.topology;
  const cutoff = cutoffOf(system);
  const model = frames > 1 ? `, model ${frame} of ${frames}` : '';
  const solvent = solventOf(system);
  const where = solvent === 'vacuum' ? 'in vacuum' : `in continuum solvent (${solvent})`;
  const box =
    system.box === undefined
      ? ''
      : `, box ${system.box.map((edge) => Number(edge.toPrecision(6))).join(' × ')} nm`;
  const rows = [...Object.entries(terms), ['total', total] as const];
  const wide = Math.max(...rows.map(([kind]) => kind.length));
  const largest = largestForce(forces);
  const { name, residue } = atoms[largest.atom - 1];
  const at = `${largest.atom} ${name} (${residues[residue].name} ${residues[residue].number})`;
  return [
    `${system.name}: ${atoms.length} atoms, ${where}, ` +
      `${cutoff === undefined ? 'no cutoff' : `cutoff ${cutoff} nm`}${box}${model}`,
    '',
    ...rows.map(([kind, energy]) => `${words(kind).padEnd(wide)} ${kilojoules(energy)} kJ/mol`),
    '',
    `largest force ${largest.size.toFixed(2)} kJ/mol/nm, on atom ${at}`,
    '',
  ].join('\n');
}

/** Of all atoms, numbered from 1. */
function largestForce(forces: Float64Array): { readonly atom: number; readonly size: number } {
  let largest = { atom: 1, size: 0 };
  for (let i = 0; i < forces.length; i += 3) {
    const size = Math.hypot(forces[i], forces[i + 1], forces[i + 2]);
    if (size > largest.size) largest = { atom: i / 3 + 1, size };
  }
  return largest;
}

function solventOf({ terms }: MolecularSystem): BornModel | 'vacuum' {
  for (const term of terms) if (term.kind === 'generalized-born') return term.model;
  return 'vacuum';
}

/** nm. */
function cutoffOf({ terms }: MolecularSystem): number | undefined {
  for (const term of terms) if (term.kind === 'nonbonded') return term.cutoff?.distance;
  return undefined;
}

function words(kind: string): string {
  return kind.replaceAll('-', ' ');
}

function kilojoules(energy: number): string {
  return energy.toFixed(6).padStart(18);
}
