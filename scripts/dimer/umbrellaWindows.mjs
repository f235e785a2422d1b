// The umbrella windows of the particle dimer along d, and where their chains start: for the reference and
// for the comparison of methods.
import {
  dimerDistance,
  dimerLattice,
  evenWindows,
  fromRows,
  hmc,
  minimize,
  umbrellaPotential,
} from 'ergoflow/md';

export const kT = 1;

/** Windows of the reference: half a width of their Gaussians apart, and stiffer than the barrier is curved. */
export const referenceWindows = evenWindows(0.6, 2.45, 38, 500);

export const stepsPerMove = 10;

/** Hybrid Monte Carlo in every window, with time steps that vary by a fifth. */
export const localMoves = (restrained) =>
  hmc(restrained, { kT, timestep: 0.022, steps: stepsPerMove, attempts: 1, jitter: 0.2 });

/**
 * Half of a window's chains find the solvent of a closed dimer, half that of an open one, `[W · chains, D]`:
 * where they agree in the end, nothing of the start is left.
 */
export function windowStarts(potential, windows, chains) {
  const [closed, open] = [1, 2].map(
    (distance) => minimize(potential, dimerLattice(distance), { gradientTolerance: 1e-3 }).x,
  );
  const inWindow = (window, solvent) => {
    const x = Float64Array.from(solvent);
    x.set([-window.center / 2, 0, window.center / 2, 0]);
    const restrained = umbrellaPotential(potential, dimerDistance, [window], 1);
    return minimize(restrained, x, { gradientTolerance: 1e-3 }).x;
  };
  return fromRows(
    windows.flatMap((window) => {
      const pair = [inWindow(window, closed), inWindow(window, open)];
      return Array.from({ length: chains }, (_, c) => pair[c < chains / 2 ? 0 : 1]);
    }),
  );
}
