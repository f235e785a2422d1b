import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { loadMolecule } from '../../../src/io/molecule/loadMolecule.ts';
import { MoleculeFileError } from '../../../src/io/molecule/moleculeFileError.ts';
import { energyTerms } from '../../../src/md/molecule/energyTerms.ts';
import { damaged, type HostileInput, hostile } from '../hostileInputs.ts';
import { fixture } from './fixtures.ts';

/** What stands where a number, a name or a keyword should. */
const strange = fc.oneof(
  fc.constantFrom(
    ...['0', '-1', '1', '2', '3', '99999999', '-2147483648', '1e308', '-1e308', '1e-320', 'NaN'],
    ...[
      'Infinity',
      '********',
      '',
      '%FLAG',
      '%FORMAT(9999I1)',
      '%FORMAT(1I9999)',
      'loop_',
      'data_',
    ],
    ...[
      "'",
      ';',
      '<a>',
      '</Force>',
      '<!DOCTYPE a>',
      '&a;',
      '<![CDATA[',
      '__proto__',
      'constructor',
    ],
    ...['ATOM  ', 'MODEL', 'ENDMDL', 'CONECT', '\u0000', '\uFEFF', '\r', '\n\n', '1.0.0', '+', '.'],
  ),
  fc.integer().map(String),
  fc.double().map(String),
  fc.string({ maxLength: 12 }),
);

/** `good` with words replaced, and with lines taken out, doubled or moved. */
function mangled(good: string): fc.Arbitrary<string> {
  const words = [...good.matchAll(/[^\s"=,;()<>]+/g)];
  const replace = fc
    .array(fc.tuple(fc.nat(words.length - 1), strange, fc.boolean()), {
      minLength: 1,
      maxLength: 4,
    })
    .map((changes) => {
      let text = good;
      // From the back, so that what comes before stays where it was.
      for (const [index, by, keepsWidth] of changes.sort(([a], [b]) => b - a)) {
        const { index: at, 0: word } = words[index];
        const put = keepsWidth ? by.padStart(word.length).slice(0, word.length) : by;
        text = text.slice(0, at) + put + text.slice(at + word.length);
      }
      return text;
    });
  const lines = good.split('\n');
  const at = fc.nat(lines.length - 1);
  const move = fc
    .array(fc.tuple(fc.constantFrom('drop', 'double', 'move', 'cut'), at, at), { maxLength: 4 })
    .map((changes) => {
      const moved = [...lines];
      for (const [how, from, to] of changes) {
        const [line = ''] = moved.slice(from, from + 1);
        if (how !== 'double') moved.splice(from, 1);
        if (how === 'double' || how === 'move') moved.splice(to, 0, line);
        if (how === 'cut') moved.splice(from, 0, line.slice(0, to % 81));
      }
      return moved.join('\n');
    });
  const bytes = damaged(new TextEncoder().encode(good)).map((each) =>
    new TextDecoder().decode(each),
  );
  return fc.oneof(replace, move, bytes);
}

type Role = 'topology' | 'coordinates';

/** One file that is anything beside one that is good; what is accepted must have an energy of some kind. */
function oneOfTwo(
  folder: string,
  role: Role,
  name: string,
  other: string,
  options: { readonly solvent?: 'gbn2'; readonly drop?: boolean } = {},
): HostileInput {
  const paths = {
    [role]: join(folder, name),
    [role === 'topology' ? 'coordinates' : 'topology']: join(folder, other),
  };
  const { topology, coordinates } = paths as Record<Role, string>;
  const good = fixture(name);
  const beside = fixture(other);
  const read = (content: string): void => {
    writeFileSync(paths[role], content);
    writeFileSync(join(folder, other), beside);
    const { system, frames } = loadMolecule({ topology, coordinates, ...options });
    energyTerms(system)(frames[0]);
  };
  const title = `${name}${options.drop === true ? ' with drop' : ''}${options.solvent ?? ''}`;
  return hostile(title, mangled(good), read, [MoleculeFileError]);
}

/** Every reader of molecules; files are put into `folder`. */
export function hostileMolecules(folder: string): HostileInput[] {
  return [
    oneOfTwo(folder, 'topology', 'dipeptide.prmtop', 'dipeptide.inpcrd'),
    oneOfTwo(folder, 'topology', 'dipeptide.prmtop', 'dipeptide.inpcrd', { solvent: 'gbn2' }),
    oneOfTwo(folder, 'coordinates', 'dipeptide.inpcrd', 'dipeptide.prmtop'),
    oneOfTwo(folder, 'topology', 'everything.xml', 'everything.inpcrd'),
    oneOfTwo(folder, 'topology', 'everything.xml', 'everything.inpcrd', { drop: true }),
    oneOfTwo(folder, 'topology', 'dipeptide-obc1.xml', 'dipeptide.pdb'),
    oneOfTwo(folder, 'coordinates', 'dipeptide.pdb', 'dipeptide-obc1.xml'),
    oneOfTwo(folder, 'coordinates', 'dipeptide.cif', 'dipeptide-obc1.xml'),
    oneOfTwo(folder, 'coordinates', 'dipeptide-state.xml', 'dipeptide-obc1.xml'),
  ];
}
