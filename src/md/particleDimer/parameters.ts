import { expectFinite, expectInteger, expectPositive } from '../../core/expectNumber.ts';

/** Reduced units throughout; the defaults are those of the founding paper's data. */
export interface ParticleDimerOptions {
  /** Solvent particles, which repel each other and the dimer; 36. */
  readonly solvent?: number;
  /** ε, the energy of a pair at r = rm; 1. */
  readonly epsilon?: number;
  /** rm, the particles' size; 1.1. */
  readonly rm?: number;
  /** s, the tilt of the bond: positive favours the closed state; 2. */
  readonly slope?: number;
  /** a, the quadratic coefficient of the bond, subtracted; 25. */
  readonly quadratic?: number;
  /** b, the quartic coefficient of the bond; 10. */
  readonly quartic?: number;
  /** d₀, the distance between the two states; 1.5. */
  readonly middle?: number;
  /** k, the springs that keep the dimer centred and level; 20. */
  readonly anchor?: number;
  /** h, half the edge of the box; 3. */
  readonly halfBox?: number;
  /** w, the walls' coefficient; 200. */
  readonly wall?: number;
}

/** All parameters, checked. */
export type DimerParameters = Required<ParticleDimerOptions>;

/**
 * Boltzmann Generators, SI of the Science paper and the code released with it (`particle_dimer.py`,
 * lines 10–21, 158–199). The slope is the +2 of the released data, where the SI prints −0.5; the walls
 * are 200 d² as the released sampling energy has them, where the SI prints 100 and the released training
 * gradient takes 400.
 */
const published: DimerParameters = {
  solvent: 36,
  epsilon: 1,
  rm: 1.1,
  slope: 2,
  quadratic: 25,
  quartic: 10,
  middle: 1.5,
  anchor: 20,
  halfBox: 3,
  wall: 200,
};

/** @throws {RangeError} naming the parameter that is out of range. */
export function dimerParameters(options: ParticleDimerOptions): DimerParameters {
  const all = { ...published, ...options };
  expectInteger('solvent', all.solvent, 0);
  expectFinite('slope', all.slope);
  expectFinite('quadratic', all.quadratic);
  for (const name of ['epsilon', 'rm', 'quartic', 'middle', 'anchor', 'halfBox', 'wall'] as const) {
    expectPositive(name, all[name]);
  }
  return all;
}

/** What the inner loops read, in the order that they read it, `[9]`. */
export function packed(p: DimerParameters): Float64Array {
  const repulsion = p.epsilon * p.rm ** 12;
  return Float64Array.of(
    repulsion,
    12 * repulsion,
    p.halfBox,
    p.wall,
    p.middle,
    p.slope,
    p.quadratic,
    p.quartic,
    p.anchor,
  );
}
