import type { BornModel, GeneralizedBorn } from '../../md/molecule/term.ts';
import { attribute, failAt, list, type OpenmmContext, real } from './openmmElement.ts';
import { checkNeckTables } from './openmmNeck.ts';
import { expectAll, openmmCutoff } from './openmmNonbonded.ts';
import { parseReal } from './parseReal.ts';
import type { XmlElement } from './xmlTree.ts';

/** A GBSAOBCForce: OBC2 without salt. @throws {MoleculeFileError} */
export function openmmObc(context: OpenmmContext, force: XmlElement): GeneralizedBorn {
  const atoms = list(context, force, 'Particles');
  expectAll(context, force, atoms.length);
  const column = (name: string): Float64Array =>
    Float64Array.from(atoms, (element) => real(context, element, name));
  return {
    kind: 'generalized-born',
    model: 'obc2',
    charge: column('q'),
    radius: column('r'),
    screen: column('scale'),
    rescaling: undefined,
    soluteDielectric: real(context, force, 'soluteDielectric'),
    solventDielectric: real(context, force, 'solventDielectric'),
    inverseDebyeLength: 0,
    // Absent in the oldest version, which had this value built in.
    surfaceTension:
      force.attributes['surfaceAreaEnergy'] === undefined
        ? 2.25936
        : real(context, force, 'surfaceAreaEnergy'),
    cutoff: openmmCutoff(context, force),
  };
}

/** The integral over a neighbour's sphere, which all models share, of the offset radii `or1` and `sr2`. */
const sphere =
  'select(step(r+sr2-or1),0.5*(1/L-1/U+0.25*(r-sr2^2/r)*(1/(U^2)-1/(L^2))+0.5*log(L/U)/r),0);' +
  'U=r+sr2;L=max(or1,D);D=abs(r-sr2)';

const neck = (scale: string, offset: string): string =>
  'Ivdw+neckScale*Ineck;' +
  'Ineck=step(radius1+radius2+neckCut-r)*getm0(radindex1,radindex2)/' +
  '(1+100*(r-getd0(radindex1,radindex2))^2+0.3*1000000*(r-getd0(radindex1,radindex2))^6);' +
  `Ivdw=${sphere};radius1=or1+offset;radius2=or2+offset;neckScale=${scale};neckCut=0.68;offset=${offset}`;

const rescaled = (polynomial: string, offset: string): string =>
  `1/(1/or-tanh(${polynomial})/radius);psi=I*or;radius=or+offset;offset=${offset}`;

/** How OpenMM's `customgbforces` writes each model, without blanks: the integral, and the Born radius. */
const models: readonly {
  readonly model: BornModel;
  readonly integral: string;
  readonly radius: string;
  readonly offset: number;
}[] = [
  { model: 'hct', integral: sphere, radius: '1/(1/or-I)', offset: 0.009 },
  {
    model: 'obc1',
    integral: sphere,
    radius: rescaled('0.8*psi+2.909125*psi^3', '0.009'),
    offset: 0.009,
  },
  {
    model: 'obc2',
    integral: sphere,
    radius: rescaled('psi-0.8*psi^2+4.85*psi^3', '0.009'),
    offset: 0.009,
  },
  {
    model: 'gbn',
    integral: neck('0.361825', '0.009'),
    radius: rescaled('1.09511284*psi-1.907992938*psi^2+2.50798245*psi^3', '0.009'),
    offset: 0.009,
  },
  {
    model: 'gbn2',
    integral: neck('0.826836', '0.0195141'),
    radius: rescaled('alpha*psi-beta*psi^2+gamma*psi^3', '0.0195141'),
    offset: 0.0195141,
  },
];

const names = ['charge', 'or', 'sr', 'alpha', 'beta', 'gamma'];

/**
 * A CustomGBForce that is one of the models of OpenMM's application layer, told by its expressions:
 * anything else in one would be another energy than the model's.
 *
 * @throws {MoleculeFileError} where it is none of them.
 */
export function openmmCustomBorn(context: OpenmmContext, force: XmlElement): GeneralizedBorn {
  const unknown = (at: XmlElement, what: string): never =>
    failAt(
      context,
      at,
      `CustomGBForce ${what}, as none of HCT, OBC1, OBC2, GBn and GBn2 of OpenMM has; ` +
        'name the model with --solvent to put ours in its place',
    );
  const values = list(context, force, 'ComputedValues');
  const [integral, radius] = values.map((value) => bare(attribute(context, value, 'expression')));
  const found = models.find((m) => m.integral === integral && m.radius === radius);
  if (found === undefined || values.length !== 2) {
    return unknown(values[0] ?? force, 'computes other values');
  }
  if (values[0].attributes['type'] !== '2' || values[1].attributes['type'] !== '0') {
    unknown(values[0], 'computes its values of other pairs');
  }
  const cutoff = openmmCutoff(context, force);
  const energy = readEnergy(context, force, cutoff?.distance, unknown);
  if (Math.abs(energy.offset - found.offset) > 1e-12) unknown(force, 'has another offset of radii');

  const parameters = list(context, force, 'PerParticleParameters').map((p) => p.attributes['name']);
  const wanted = found.model === 'gbn2' ? names : names.slice(0, 3);
  if (wanted.some((name, k) => parameters[k] !== name)) {
    unknown(force, `has the parameters ${parameters.slice(0, 8).join(', ')}`);
  }
  const atoms = list(context, force, 'Particles');
  expectAll(context, force, atoms.length);
  const column = (k: number): Float64Array =>
    Float64Array.from(atoms, (element) => real(context, element, `param${k}`));
  const reduced = column(2);
  const scaled = column(3);
  const intrinsic = reduced.map((value) => value + found.offset);
  if (found.model === 'gbn' || found.model === 'gbn2') {
    if (parameters[wanted.length] !== 'radindex') unknown(force, 'has no parameter radindex');
    checkNeckTables(context, force, intrinsic, wanted.length + 1);
  }
  return {
    kind: 'generalized-born',
    model: found.model,
    charge: column(1),
    radius: intrinsic,
    screen: scaled.map((value, i) => value / reduced[i]),
    rescaling:
      found.model === 'gbn2'
        ? Float64Array.from(
            atoms.flatMap((atom) => [4, 5, 6].map((k) => real(context, atom, `param${k}`))),
          )
        : undefined,
    soluteDielectric: energy.soluteDielectric,
    solventDielectric: energy.solventDielectric,
    inverseDebyeLength: energy.kappa,
    surfaceTension: energy.surfaceTension,
    cutoff,
  };
}

interface BornEnergy {
  readonly soluteDielectric: number;
  readonly solventDielectric: number;
  readonly kappa: number;
  readonly offset: number;
  readonly surfaceTension: number;
}

/** The energy terms: of each atom with itself, the surface where there is one, and of pairs. */
function readEnergy(
  context: OpenmmContext,
  force: XmlElement,
  cutoff: number | undefined,
  unknown: (at: XmlElement, what: string) => never,
): BornEnergy {
  const terms = list(context, force, 'EnergyTerms').map((at) => {
    const [formula, ...rest] = bare(attribute(context, at, 'expression')).split(';');
    return { at, type: at.attributes['type'], formula, given: new Map(rest.map(definition)) };
  });
  const take = (type: string, formula: RegExp) => {
    const index = terms.findIndex((term) => term.type === type && formula.test(term.formula));
    const [term] = index < 0 ? [] : terms.splice(index, 1);
    return term === undefined
      ? undefined
      : { ...term, match: formula.exec(term.formula)?.slice(1) ?? [] };
  };
  const own = take(
    '0',
    /^-0\.5\*138\.935485\*\(1\/soluteDielectric-(1|exp\(-kappa\*B\))\/solventDielectric\)\*charge\^2\/B$/,
  );
  const pair = take(
    '2',
    /^-138\.935485\*\(1\/soluteDielectric-(1|exp\(-kappa\*f\))\/solventDielectric\)\*charge1\*charge2(\/f|\*\(1\/f-([\d.e+-]+)\))$/,
  );
  const surface = take('0', /^([\d.]+)\*\(radius\+0\.14\)\^2\*\(radius\/B\)\^6$/);
  if (own === undefined || pair === undefined || terms.length > 0) {
    return unknown(terms[0]?.at ?? force, 'has other energies');
  }
  if (
    pair.given.get('f') !== 'sqrt(r^2+B1*B2*exp(-r^2/(4*B1*B2)))' ||
    (surface !== undefined && surface.given.get('radius') !== 'or+offset')
  ) {
    unknown(pair.at, 'has other energies');
  }
  const shift = pair.match[2] === undefined ? 0 : parseReal(pair.match[2]);
  if (!(Math.abs(shift - (cutoff === undefined ? 0 : 1 / cutoff)) <= 1e-9)) {
    unknown(
      pair.at,
      `shifts the energy of pairs by ${shift}, and has the cutoff ${cutoff ?? 'none'}`,
    );
  }
  const value = (name: string): number => {
    const all = [own, pair].map(({ given }) => parseReal(given.get(name) ?? ''));
    if (!(all[0] === all[1])) unknown(own.at, `has no single value of ${name}`);
    return all[0];
  };
  const kappa = value('kappa');
  if ((own.match[0] !== '1' || pair.match[0] !== '1') !== kappa > 0) {
    unknown(own.at, `has kappa ${kappa} and energies of another`);
  }
  return {
    soluteDielectric: value('soluteDielectric'),
    solventDielectric: value('solventDielectric'),
    kappa,
    offset: value('offset'),
    surfaceTension: surface === undefined ? 0 : parseReal(surface.match[0]) / (4 * Math.PI),
  };
}

function bare(expression: string): string {
  return expression.replace(/\s+/g, '');
}

function definition(text: string): readonly [name: string, value: string] {
  const at = text.indexOf('=');
  return [text.slice(0, Math.max(at, 0)), text.slice(at + 1)];
}
