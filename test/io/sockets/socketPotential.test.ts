import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { batch } from '../../../src/core/batch.ts';
import { booked, emptyLedger } from '../../../src/core/ledger.ts';
import { bohr, hartree } from '../../../src/core/units.ts';
import { privatePath } from '../../../src/io/sockets/address.ts';
import {
  type SocketPotential,
  type SocketPotentialOptions,
  socketPotential,
} from '../../../src/io/sockets/socketPotential.ts';
import { describePotential } from '../../contracts/potential.ts';
import type { FakeEngineOptions } from './fakeEngine.mjs';
import { fakeProgram, fakeThread } from './fakeThread.ts';
import { ATOMS, configurations, DIM, STIFFNESS } from './served.ts';

const opened: SocketPotential[] = [];
let serial = 0;

const closeAll = (): void => {
  for (const potential of opened.splice(0)) potential.close();
};

/** A potential with a socket of its own, and the lines it says. */
function listening(options: Partial<SocketPotentialOptions> = {}) {
  const lines: string[] = [];
  serial++;
  const potential = socketPotential({
    name: `test-${process.pid}-${serial}`,
    atoms: ATOMS,
    timeout: 20,
    say: (line) => lines.push(line),
    ...options,
  });
  opened.push(potential);
  return { potential, lines };
}

function bring(potential: SocketPotential, client: Partial<FakeEngineOptions> = {}) {
  return fakeThread({ address: potential.open(), atoms: ATOMS, stiffness: STIFFNESS, ...client });
}

const program = (client: Partial<FakeEngineOptions>) => ({
  command: (address: FakeEngineOptions['address']) =>
    fakeProgram({ address, atoms: ATOMS, stiffness: STIFFNESS, ...client }),
});

/** U of the scripted engine, kJ/mol, whose spring is in hartree/Bohr². */
function energyOf(x: Float64Array): number {
  const k = (STIFFNESS * hartree) / bohr ** 2;
  return 0.5 * k * x.reduce((sum, value) => sum + value * value, 0);
}

describe('a potential over a socket', () => {
  afterAll(closeAll);
  describePotential('as any potential', () => {
    const { potential } = listening({ reduced: { length: bohr, energy: hartree } });
    bring(potential);
    return potential;
  });
});

describe('the engine behind a potential', () => {
  afterEach(closeAll);

  it('is asked in Bohr and answers in hartree, whatever the number of its copies', async () => {
    const x = configurations(24);
    const one = listening().potential;
    const first = bring(one);
    const { energy, gradient } = one.energyAndGradient(x);
    for (let b = 0; b < x.count; b++) {
      const here = x.data.slice(b * DIM, (b + 1) * DIM);
      expect(energy[b] / energyOf(here)).toBeCloseTo(1, 14);
      // U is quadratic, so that U(x) = ½ x·∂U/∂x.
      const half = here.reduce((sum, value, i) => sum + 0.5 * value * gradient[b * DIM + i], 0);
      expect(half / energy[b]).toBeCloseTo(1, 14);
    }
    const others = [1, 2, 3].map(() => bring(one, { delay: 1 }));
    expect(one.energyAndGradient(x)).toEqual({ energy, gradient });

    const ledger = emptyLedger();
    booked(one, ledger, 'training').energyAndGradient(x);
    expect(ledger).toMatchObject({ training: x.count, gradients: x.count });

    const address = one.open();
    expect(address).toMatchObject({ address: privatePath(one.name) });
    expect(statSync(dirname(privatePath(one.name))).mode & 0o777).toBe(0o700);
    one.close();
    expect(existsSync(privatePath(one.name))).toBe(false);
    expect(await first.end).toContain('EXIT');
    for (const { end } of others) await end;
    expect(() => one.energy(x)).toThrow('was closed, and evaluates nothing any more');
  });

  it('is started, and started again where it dies, with nothing lost', () => {
    const { potential, lines } = listening({ start: program({ fault: 'dies', healthy: 3 }) });
    const x = configurations(5);
    expect(potential.energy(x)[4] / energyOf(x.data.slice(4 * DIM))).toBeCloseTo(1, 14);
    expect(lines.filter((line) => line.includes('starting it again'))).toHaveLength(1);
  });

  it('that needs another name than one in use is told of it', () => {
    const name = `test-${process.pid}-same`;
    const first = listening({ name }).potential.open();
    expect(first).toMatchObject({ name: `ergoflow-${process.getuid?.()}/${name}` });
    const { potential } = listening({ name, start: program({}) });
    expect(potential.open()).toMatchObject({ address: `${privatePath(name)}-2` });
    expect(potential.energy(configurations(1))).toHaveLength(1);
    // Without a program that could be told, another name would be waited at in vain.
    expect(() => listening({ name }).potential.open()).toThrow(
      `${privatePath(name)} is in use by another process`,
    );
  });

  it('may come over a port of this machine, unannounced, and of others with a warning', () => {
    const x = batch(new Float64Array(DIM), DIM);
    const local = listening({ address: { port: 0 }, start: program({}) });
    expect(local.potential.energy(x)).toEqual(Float64Array.of(0));
    expect(local.lines.join()).not.toContain('warning');
    const open = listening({ address: { port: 0, host: '0.0.0.0' } });
    expect(open.potential.open()).toMatchObject({ kind: 'tcp', host: '0.0.0.0' });
    expect(open.lines.join()).toContain('is open to other machines');
  });

  it('that is not installed is named with the package that holds it', () => {
    const start = { command: () => ['lmp-that-is-nowhere', '-in', 'in.lj'] };
    expect(() => listening({ start }).potential.energy(configurations(1))).toThrow(
      'the program "lmp-that-is-nowhere" is not on this machine, or the folder ' +
        `${process.cwd()} is not; LAMMPS is in the package "lammps" of Debian`,
    );
  });

  it('that ends before it connects is quoted', () => {
    const says = (text: string) => ({
      command: () => [process.execPath, '-e', `console.error(${JSON.stringify(text)})`],
    });
    const plain = listening({ start: says('ERROR: Unknown command') }).potential;
    expect(() => plain.energy(configurations(1))).toThrow(
      /ended with exit code 0 before it connected. It said last:\nERROR: Unknown command$/,
    );
    const missing = listening({ start: says("No module named 'openmm'") }).potential;
    expect(() => missing.energy(configurations(1))).toThrow('"python3-simtk" of Debian');
  });

  it('that nobody starts is waited for, and then described', () => {
    const { potential } = listening({ timeout: 0.2 });
    const name = `ergoflow-${process.getuid?.()}/${potential.name}`;
    expect(() => potential.energy(configurations(1))).toThrow(
      `no client came within 0.2 s to ${privatePath(potential.name)}; ` +
        `in LAMMPS "fix 1 all ipi ${name} 1 unix", in ASE SocketClient(unixsocket='${name}')`,
    );
  });
});

describe('the options of a potential over a socket', () => {
  it('are refused by name, before anything is opened', () => {
    const make = (options: object) => () => socketPotential({ name: 'n', atoms: 2, ...options });
    expect(make({ name: '../up' })).toThrow('"name" expected letters');
    expect(make({ atoms: 0 })).toThrow('"atoms" expected an integer of at least 1');
    expect(make({ timeout: 0 })).toThrow('"timeout" expected a positive number');
    expect(make({ address: 'here' })).toThrow('"address" expected an absolute path');
    expect(make({ address: { port: 65_536 } })).toThrow('"address.port" expected at most 65535');
    expect(make({ start: { command: () => [], copies: 0 } })).toThrow('"start.copies"');
    const turned = [
      [1, 0.1, 0],
      [0, 1, 0],
      [0, 0, 1],
    ];
    expect(make({ cell: turned })).toThrow('"cell" expected three vectors');
    expect(make({ cell: [[1, 0, 0]] })).toThrow('"cell" expected three vectors');
  });
});
