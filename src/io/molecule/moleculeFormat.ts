import { didYouMean } from '../../core/didYouMean.ts';
import { MoleculeFileError } from './moleculeFileError.ts';

/** The formats that are read. */
export type MoleculeFormat = 'prmtop' | 'openmm-xml' | 'openmm-state' | 'inpcrd' | 'pdb' | 'mmcif';

const endings: Readonly<Record<string, MoleculeFormat>> = {
  prmtop: 'prmtop',
  parm7: 'prmtop',
  top: 'prmtop',
  xml: 'openmm-xml',
  inpcrd: 'inpcrd',
  rst7: 'inpcrd',
  restrt: 'inpcrd',
  crd: 'inpcrd',
  pdb: 'pdb',
  ent: 'pdb',
  cif: 'mmcif',
  mmcif: 'mmcif',
};

/** What files of other programs begin with, and what to do with them. */
const foreign: readonly (readonly [begins: string | RegExp, what: string])[] = [
  [
    'CDF',
    'is a NetCDF file; write a text restart instead (in cpptraj: trajout name.rst7 restart, in sander: ntxo=1)',
  ],
  ['\uFFFDHDF', 'is an HDF5 file, which is not read as coordinates; write a PDB of the frame'],
  ['T\0\0\0CORD', 'is a DCD trajectory; write a PDB of the frame that is meant'],
  ['PK\x03\x04', 'is a zip file; unpack it'],
  ['\x1f', 'is compressed; unpack it (gunzip)'],
  ['PSF', 'is a CHARMM PSF file; load it in OpenMM and write XmlSerializer.serialize(system)'],
  [
    /^(?:[ \t]*(?:;.*)?\r?\n)*[ \t]*(?:#include|#define|\[ *\w+ *\])/,
    'is a GROMACS topology; load it in OpenMM (GromacsTopFile) and write XmlSerializer.serialize(system)',
  ],
];

/**
 * The format of a file, told by its content; its name only helps to say what is wrong.
 * @throws {MoleculeFileError} where it is none that is read.
 */
export function moleculeFormat(text: string, file: string): MoleculeFormat {
  const head = text.slice(0, 4096);
  const lines = head.split('\n', 3).map((line) => line.trimEnd());
  if (/^\s*$/.test(head)) throw new MoleculeFileError({ file }, 'is empty');
  for (const [begins, what] of foreign) {
    const found = typeof begins === 'string' ? head.startsWith(begins) : begins.test(head);
    if (found) throw new MoleculeFileError({ file }, what);
  }
  if (/^\uFEFF?\s*</.test(head)) return /<State[\s/>]/.test(head) ? 'openmm-state' : 'openmm-xml';
  if (/^%(VERSION|FLAG)/m.test(head)) return 'prmtop';
  if (/^data_/im.test(head) && text.includes('_atom_site.')) return 'mmcif';
  if (/^(ATOM {2}|HETATM|CRYST1|MODEL )/m.test(head) || /^(ATOM {2}|HETATM)/m.test(text))
    return 'pdb';
  if (isRestart(lines)) return 'inpcrd';
  throw new MoleculeFileError({ file }, `is in no format that is read here${hint(file, lines)}`);
}

/** A title, a number of atoms and perhaps the time, then numbers (or what did not fit) and no names. */
function isRestart([, count = '', first = '']: readonly string[]): boolean {
  return /^\s*\d+(\s+[-+\d.eE]+){0,2}\s*$/.test(count) && /^\s*([-+]?\d*\.|\*{8})/.test(first);
}

function hint(file: string, lines: readonly string[]): string {
  const formats =
    'prmtop and inpcrd or rst7 of Amber, a serialised System or State (XML) of OpenMM, PDB, and mmCIF are';
  const ending = /\.([^./\\]+)$/.exec(file)?.[1] ?? '';
  const format = endings[ending.toLowerCase()];
  if (format !== undefined) {
    const found = JSON.stringify((lines[0] ?? '').slice(0, 40));
    return `: its name says ${format}, and it begins with ${found}; ${formats}`;
  }
  const near = didYouMean(ending, Object.keys(endings));
  const suggestion = ending !== '' && near !== undefined ? `; did you mean a .${near} file?` : '';
  return `${suggestion} (${formats})`;
}
