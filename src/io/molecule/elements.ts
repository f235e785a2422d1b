/** Symbols of the elements, hydrogen first: element Z is `symbols[Z - 1]`. */
const symbols = (
  'H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr ' +
  'Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm ' +
  'Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No ' +
  'Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og'
).split(' ');

/**
 * Standard atomic weights of the elements that force fields have, amu; abridged to what tells them
 * apart. IUPAC, Pure and Applied Chemistry 94, 573, 2022. doi:10.1515/pac-2019-0603
 */
const weights: readonly (readonly [symbol: string, weight: number])[] = [
  ['H', 1.008],
  ['H', 2.014],
  ['Li', 6.94],
  ['Be', 9.0122],
  ['B', 10.81],
  ['C', 12.011],
  ['N', 14.007],
  ['O', 15.999],
  ['F', 18.998],
  ['Ne', 20.18],
  ['Na', 22.99],
  ['Mg', 24.305],
  ['Al', 26.982],
  ['Si', 28.085],
  ['P', 30.974],
  ['S', 32.06],
  ['Cl', 35.45],
  ['Ar', 39.95],
  ['K', 39.098],
  ['Ca', 40.078],
  ['Mn', 54.938],
  ['Fe', 55.845],
  ['Co', 58.933],
  ['Ni', 58.693],
  ['Cu', 63.546],
  ['Zn', 65.38],
  ['Se', 78.971],
  ['Br', 79.904],
  ['Rb', 85.468],
  ['Sr', 87.62],
  ['Cd', 112.41],
  ['I', 126.9],
  ['Xe', 131.29],
  ['Cs', 132.91],
  ['Ba', 137.33],
  ['Hg', 200.59],
  ['Pb', 207.2],
];

const known = new Map(symbols.map((symbol) => [symbol.toUpperCase(), symbol]));

/** `Cl` of `CL`, `cl` or `Cl`; nothing where there is no such element. Deuterium counts as hydrogen. */
export function elementOfSymbol(text: string): string | undefined {
  const upper = text.trim().toUpperCase();
  return upper === 'D' || upper === 'T' ? 'H' : known.get(upper);
}

/** The element with this number of protons. */
export function elementOfNumber(number: number): string | undefined {
  return symbols[number - 1];
}

/**
 * The elements whose atomic weights are nearest, where within 0.1 amu; none at all where mass was moved
 * from heavy atoms to hydrogens, which makes carbon of nitrogen.
 */
export function elementsOfMasses(masses: Float64Array): (string | undefined)[] {
  // Between hydrogen and deuterium, or between it and lithium, lies nothing that force fields have.
  const isRepartitioned = masses.some(
    (mass) => (mass > 1.1 && mass < 1.95) || (mass > 2.1 && mass < 6),
  );
  return Array.from(masses, (mass) => (isRepartitioned ? undefined : elementOfMass(mass)));
}

function elementOfMass(mass: number): string | undefined {
  let best: string | undefined;
  let nearest = 0.1;
  for (const [symbol, weight] of weights) {
    const off = Math.abs(weight - mass);
    if (off < nearest) [best, nearest] = [symbol, off];
  }
  return best;
}

/** Residues that are one atom, named as it is. */
const ions: ReadonlySet<string> = new Set(
  'LI NA K RB CS MG CA SR BA MN FE CO NI CU ZN CD HG AL CL BR F'.split(' '),
);

/**
 * The element that an atom's name in a PDB or prmtop means, where no other sign of it is left.
 *
 * Names begin with their element, behind digits that count hydrogens: `1HB` is hydrogen, and `CA` is the
 * alpha carbon, unless its residue is called as the atom is, as ions are: `CA` in residue `CA`.
 */
export function elementOfName(name: string, residue: string): string | undefined {
  const letters = name
    .replace(/^[\d'*]+/, '')
    .toUpperCase()
    .replace(/[^A-Z].*$/, '');
  const ion = residue.toUpperCase().replace(/[^A-Z].*$/, '');
  if (ions.has(ion) && letters.startsWith(ion.slice(0, 2))) {
    return elementOfSymbol(ion.slice(0, 2));
  }
  if (letters === 'CL' || letters === 'BR' || letters === 'SE') return elementOfSymbol(letters);
  if (letters !== '' && 'HCNOSPFIBKVWUD'.includes(letters[0])) return elementOfSymbol(letters[0]);
  return elementOfSymbol(letters.slice(0, 2)) ?? elementOfSymbol(letters.slice(0, 1));
}
