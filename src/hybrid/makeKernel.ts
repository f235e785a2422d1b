import type { Kernel } from '../core/kernel.ts';
import type { Potential } from '../core/potential.ts';
import { eulerMaruyama } from '../md/kernels/eulerMaruyama.ts';
import { ghmc } from '../md/kernels/ghmc.ts';
import { hmc } from '../md/kernels/hmc.ts';
import { langevin } from '../md/kernels/langevin.ts';
import { mala } from '../md/kernels/mala.ts';
import { randomWalk } from '../md/kernels/randomWalk.ts';
import type { KernelSpec, Plan } from './plan.ts';

/** The kernel that `spec` describes, on `potential`, at the plan's temperature and masses. */
export function makeKernel(
  spec: KernelSpec,
  potential: Potential,
  { kT, masses }: Pick<Plan, 'kT' | 'masses'>,
): Kernel {
  const massOption = masses === undefined ? {} : { masses };
  switch (spec.kind) {
    case 'langevin':
      return langevin(potential, { ...spec, ...massOption, kT });
    case 'euler-maruyama':
      return eulerMaruyama(potential, { ...spec, kT });
    case 'random-walk':
      return randomWalk(potential, { ...spec, kT });
    case 'mala':
      return mala(potential, { ...spec, kT });
    case 'hmc':
      return hmc(potential, { ...spec, ...massOption, kT });
    case 'ghmc':
      return ghmc(potential, { ...spec, ...massOption, kT });
  }
}

/** Whether a kernel leaves the target exactly invariant, as production demands (design rule 4). */
export function isExact(spec: KernelSpec): boolean {
  return spec.kind !== 'langevin' && spec.kind !== 'euler-maruyama';
}
