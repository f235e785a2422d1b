import type { TermGeometry } from './termGeometry.ts';

/** The positions themselves of some particles: x, y (and z), as variables of a field from outside. */
export function positionGeometry(particles: readonly number[], dimensions: 2 | 3): TermGeometry {
  const terms = particles.length;
  const starts = Int32Array.from(particles, (atom) => atom * dimensions);
  return {
    variables: dimensions,
    terms,
    measure(x, offset, values) {
      for (let t = 0; t < terms; t++) {
        const from = offset + starts[t];
        for (let k = 0; k < dimensions; k++) values[dimensions * t + k] = x[from + k];
      }
    },
    scatter(_x, offset, _values, slopes, gradient) {
      for (let t = 0; t < terms; t++) {
        const from = offset + starts[t];
        for (let k = 0; k < dimensions; k++) gradient[from + k] += slopes[dimensions * t + k];
      }
    },
    describe: (t) => `particle ${particles[t]}`,
    describeValues: (values, t) =>
      ['x', 'y', 'z']
        .slice(0, dimensions)
        .map((name, k) => `${name} = ${values[dimensions * t + k]}`)
        .join(', '),
  };
}
