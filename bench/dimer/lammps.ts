import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface PeerRun {
  /** U of the start. */
  readonly energy: number;
  /** Of processor time, per step. */
  readonly microseconds: number;
}

/** Stationary distance of the bond between its wells, by Newton's method from 1.52. */
function bondCentre(): number {
  let r = 1.52;
  for (let n = 0; n < 20; n++) {
    const u = 2 * (r - 1.5);
    r -= (2 * (2 - 50 * u + 40 * u ** 3)) / (4 * (-50 + 120 * u * u));
  }
  return r;
}

/**
 * The particle dimer in LAMMPS, one process, one thread; undefined where `lmp` is not installed.
 *
 * Pairs are `lennard/mdf` with B = 0 and a cutoff beyond the box. The bond is `class2` about its middle
 * stationary point, where a quartic has no linear term; its constant is added here. The springs are
 * `spring tether` along x and `spring/self` along y, which needs both particles to start at y = 0, and
 * the walls `wall/harmonic`. `start` is `[76]`.
 */
export function runLammps(
  start: ArrayLike<number>,
  { steps, timestep, langevin }: { steps: number; timestep: number; langevin: boolean },
): PeerRun | undefined {
  const particles = start.length / 2;
  const r0 = bondCentre();
  const u0 = 2 * (r0 - 1.5);
  const k2 = 4 * (-25 + 60 * u0 * u0);
  const k3 = 8 * 40 * u0;
  const k4 = 16 * 10;
  const constant = 2 * u0 - 25 * u0 ** 2 + 10 * u0 ** 4;
  const folder = mkdtempSync(join(tmpdir(), 'ergoflow-lammps-'));
  try {
    writeFileSync(
      join(folder, 'dimer.data'),
      [
        'The particle dimer\n',
        `${particles} atoms\n1 bonds\n1 atom types\n1 bond types\n`,
        '-5 5 xlo xhi\n-5 5 ylo yhi\n-0.5 0.5 zlo zhi\n',
        'Masses\n\n1 1.0\n\nAtoms\n',
        ...Array.from(
          { length: particles },
          (_, p) => `${p + 1} ${p < 2 ? 1 : p} 1 ${start[2 * p]} ${start[2 * p + 1]} 0`,
        ),
        '\nBonds\n\n1 1 1 2\n',
      ].join('\n'),
    );
    writeFileSync(
      join(folder, 'dimer.in'),
      `units lj
dimension 2
boundary f f p
atom_style bond
pair_style lennard/mdf 20 21
bond_style class2
read_data dimer.data
pair_coeff 1 1 ${1.1 ** 12} 0
bond_coeff 1 ${r0} ${k2} ${k3} ${k4}
special_bonds lj 0 1 1
neighbor 1.0 bin
neigh_modify every 100000000 delay 0 check no
comm_modify cutoff 25
group dimer id 1 2
velocity all create 1 4711 loop all
velocity all set NULL NULL 0
fix move all nve
${langevin ? 'fix bath all langevin 1 1 1 4711' : ''}
fix plane all enforce2d
fix tether dimer spring tether 160 0 NULL NULL 0
fix level dimer spring/self 40 y
fix walls all wall/harmonic xlo -4.5 200 1 1.5 xhi 4.5 200 1 1.5 ylo -4.5 200 1 1.5 yhi 4.5 200 1 1.5
fix_modify level energy yes
fix_modify walls energy yes
timestep ${timestep}
thermo_style custom step pe f_tether
thermo_modify norm no
thermo ${steps}
run ${Math.ceil(steps / 10)} post no
reset_timestep 0
run ${steps}
`,
    );
    const { error, status, stdout } = spawnSync('lmp', ['-in', 'dimer.in', '-log', 'none'], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, OMP_NUM_THREADS: '1' },
    });
    if (error !== undefined) return undefined;
    if (status !== 0) throw new Error(`LAMMPS ended with ${status}:\n${stdout.slice(-2000)}`);
    const [, potential, tether] = /^\s*Step.*\n\s*0\s+(\S+)\s+(\S+)/m.exec(stdout) ?? [];
    // The shorter run before it warms up, and prints its own time.
    const [, loop] =
      new RegExp(`Loop time of (\\S+) on 1 procs for ${steps} steps`).exec(stdout) ?? [];
    const [, share] = /([\d.]+)% CPU use/.exec(stdout) ?? [];
    return {
      energy: Number(potential) + Number(tether) + constant,
      microseconds: (1e6 * Number(loop) * Number(share)) / 100 / steps,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The same start, with the dimer on the x axis, as LAMMPS needs it. */
export function levelled(start: ArrayLike<number>): number[] {
  return Array.from(start, (c, i) => (i === 1 || i === 3 ? 0 : c));
}

/** The rows that the tests compare with OpenMM. */
export function storedPositions(): number[][] {
  const path = new URL('../../test/md/particleDimer/positions.json', import.meta.url);
  return JSON.parse(readFileSync(path, 'utf8')).positions;
}
