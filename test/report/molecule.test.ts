import { beforeAll, describe, expect, it } from 'vitest';
import { batch, fromRows } from '../../src/core/batch.ts';
import { fold, normal, rootKey } from '../../src/core/rng.ts';
import { torsionAngle } from '../../src/core/torsion.ts';
import { memoryRecords } from '../../src/hybrid/records.ts';
import { runFiles } from '../../src/io/runFiles.ts';
import { parseDcdHeader } from '../../src/io/trajectory/dcdHeader.ts';
import { energyTerms } from '../../src/md/molecule/energyTerms.ts';
import {
  alanineDipeptide,
  alanineDipeptideTorsions,
} from '../../src/md/molecule/systems/alanineDipeptide.ts';
import { buildReport } from '../../src/report/buildReport.ts';
import { collectReport, type ReportInput } from '../../src/report/collect/collectReport.ts';
import { moleculeFrames } from '../../src/report/collect/moleculeFrames.ts';
import { termEnergies } from '../../src/report/collect/termEnergies.ts';
import { moleculeFigure } from '../../src/report/figures/moleculeFigure.ts';
import { surfaceFigure } from '../../src/report/figures/surfaceFigure.ts';
import type { MoleculeFrames, ReportData, SurfaceData } from '../../src/report/reportData.ts';
import { bptiFrames } from './bptiFrames.ts';
import { moleculeRun } from './moleculeRun.ts';
import { svgProblems, svgTexts } from './svgProblems.ts';

let run: ReportInput;
let data: ReportData;
let frames: MoleculeFrames;

beforeAll(async () => {
  run = await moleculeRun();
  data = collectReport(run);
  frames = data.molecule!;
}, 60_000);

const { system, starts } = alanineDipeptide({ solvent: 'vacuum' });
const states = () => run.plan.states;

/** Å, one frame after the other. */
function coordinates({ coordinates: text }: MoleculeFrames): Float64Array {
  return Float64Array.from(new Float32Array(Uint8Array.from(Buffer.from(text, 'base64')).buffer));
}

/** Records of one chain, each the configuration of `starts.c5` turned and moved at random. */
function tumbling(count: number) {
  const records = memoryRecords('production', 66);
  for (let n = 0; n < count; n++) {
    const [a, b, c, dx, dy, dz] = normal(fold(rootKey(n), 'tumble'), 6);
    const out = new Float64Array(66);
    for (let i = 0; i < 66; i += 3) {
      let [x, y, z] = starts.c5.subarray(i, i + 3);
      [x, y] = [x * Math.cos(a) - y * Math.sin(a), x * Math.sin(a) + y * Math.cos(a)];
      [y, z] = [y * Math.cos(b) - z * Math.sin(b), y * Math.sin(b) + z * Math.cos(b)];
      [x, z] = [x * Math.cos(c) - z * Math.sin(c), x * Math.sin(c) + z * Math.cos(c)];
      out.set([x + dx, y + dy, z + dz], i);
    }
    records.append(batch(out, 66));
  }
  return records;
}

describe('the frames of a molecule', () => {
  it('lie upon the first, however the molecule tumbled, and are not mirrored', () => {
    const artifact = {
      arrays: { states: new Int32Array(8).fill(-1) },
      meta: { chains: 1 },
    };
    const laid = moleculeFrames(system, { artifact, records: tumbling(8) }, states())!;
    const all = coordinates(laid);
    expect(all).toHaveLength(8 * 66);
    // Rigid copies: what is left is the rounding of 32-bit floats at 5 Å.
    for (let i = 66; i < all.length; i++) expect(Math.abs(all[i] - all[i % 66])).toBeLessThan(5e-6);
    const { phi } = alanineDipeptideTorsions;
    expect(torsionAngle(all, phi)).toBeCloseTo(torsionAngle(starts.c5, phi), 5);
    // The longest extent is horizontal, the shortest towards the reader.
    const extents = [0, 1, 2].map((axis) => {
      const along = Array.from({ length: 22 }, (_, i) => all[3 * i + axis]);
      return Math.max(...along) - Math.min(...along);
    });
    expect(extents).toEqual(extents.toSorted((a, b) => b - a));
    expect(laid.frames[0].state).toBe('no state');
  });

  it('keep the hand of a molecule whose mirror image would lie closer', () => {
    const records = memoryRecords('production', 66);
    const mirrored = starts.c5.map((value, i) => (i % 3 === 0 ? -value : value));
    records.append(fromRows([starts.c5, mirrored]));
    const artifact = { arrays: { states: new Int32Array(2) }, meta: { chains: 1 } };
    const all = coordinates(moleculeFrames(system, { artifact, records }, states())!);
    const { psi } = alanineDipeptideTorsions;
    expect(torsionAngle(all, psi)).toBeCloseTo(torsionAngle(starts.c5, psi), 5);
    expect(torsionAngle(all, psi, 66)).toBeCloseTo(-torsionAngle(starts.c5, psi), 5);
  });

  it('keep every distance of the recorded configuration that they are named after', () => {
    const { chains } = run.store.get('production').meta as { chains: number };
    const records = run.store.records('production', 66);
    const all = coordinates(frames);
    expect(frames.steps).toBe(records.count / chains);
    expect(frames.frames).toHaveLength(Math.min(60, frames.steps));
    frames.frames.forEach(({ step, state }, f) => {
      const { data: x } = records.rows(step * chains, step * chains + 1);
      const distance = (from: Float64Array, at: number): number =>
        Math.hypot(...[0, 1, 2].map((axis) => from[at + 3 * 18 + axis] - from[at + axis]));
      expect(distance(all, 66 * f)).toBeCloseTo(10 * distance(x, 0), 4);
      const phi = torsionAngle(x, alanineDipeptideTorsions.phi);
      expect(state).toBe(phi < 0 ? 'left' : 'right');
    });
  });

  it('name the element of every atom in columns 77 and 78, hydrogens too', () => {
    const lines = frames.pdb.split('\n').filter((line) => /^(ATOM|HETATM)/.test(line));
    expect(lines.map((line) => line.slice(76, 78).trim())).toEqual(frames.elements);
    expect(frames.elements.filter((element) => element === 'H')).toHaveLength(12);
    expect(frames.bonds).toHaveLength(21);
  });

  it('are fewer of a protein, which is drawn as a ribbon, and none of a virus', () => {
    const protein = bptiFrames(states());
    expect(protein.look).toBe('ribbon');
    expect(frames.look).toBe('sticks');
    expect(protein.frames.length).toBeGreaterThan(30);
    expect(protein.coordinates.length).toBeLessThan(900_000);
    const atoms = Array.from({ length: 10_001 }, () => system.topology.atoms[0]);
    const large = { ...system, topology: { ...system.topology, atoms } };
    const artifact = { arrays: { states: new Int32Array(1) }, meta: { chains: 1 } };
    expect(moleculeFrames(large, { artifact, records: tumbling(1) }, states())).toBeNull();
  });
});

describe('the energies of terms', () => {
  it('have mean and deviation of the records, and what each state starts with', () => {
    const records = memoryRecords('production', 66);
    records.append(fromRows([starts.c5, starts.alphaR]));
    const { terms, ...count } = termEnergies(system, { records }, states());
    expect(count).toEqual({ records: 2, of: 2 });
    const evaluate = energyTerms(system);
    const [a, b] = [evaluate(starts.c5), evaluate(starts.alphaR)];
    const start = evaluate(starts.c7ax);
    expect(terms.map(({ name }) => name)).toEqual([
      'harmonic bonds',
      'harmonic angles',
      'periodic torsions',
      'nonbonded',
      'total',
    ]);
    a.forEach(({ energy }, t) => {
      expect(terms[t].mean).toBeCloseTo((energy + b[t].energy) / 2, 4);
      expect(terms[t].deviation).toBeCloseTo(Math.abs(energy - b[t].energy) / Math.SQRT2, 4);
      expect(terms[t].starts[1]).toBeCloseTo(start[t].energy, 4);
    });
    const total = start.reduce((sum, { energy }) => sum + energy, 0);
    expect(terms[4].starts[1]).toBeCloseTo(total, 4);
  });

  it('weigh the records where another energy was sampled', () => {
    const records = memoryRecords('production', 66);
    records.append(fromRows([starts.c5, starts.alphaR]));
    const one = { ...system, terms: [system.terms[2]] };
    const logWeights = Float64Array.of(500, 500 + Math.log(3));
    const [{ mean }] = termEnergies(one, { records, logWeights }, states()).terms;
    const [a, b] = [starts.c5, starts.alphaR].map((x) => energyTerms(one)(x)[0].energy);
    expect(mean).toBeCloseTo((a + 3 * b) / 4, 4);
  });

  it('of one kind are told apart, and a single record has no deviation', () => {
    const records = memoryRecords('production', 66);
    records.append(fromRows([starts.c5]));
    const twice = { ...system, terms: [system.terms[0], system.terms[0]] };
    const { terms } = termEnergies(twice, { records }, states());
    expect(terms.map(({ name }) => name)).toEqual([
      'harmonic bonds 1',
      'harmonic bonds 2',
      'total',
    ]);
    expect(terms[2].mean).toBeCloseTo(2 * terms[0].mean, 4);
    expect(terms[0].deviation).toBeNull();
  });

  it('are over at most a thousand records, and fewer of a large molecule', () => {
    const records = memoryRecords('production', 66);
    for (let n = 0; n < 1100; n++) records.append(fromRows([starts.c5]));
    const only = { ...system, terms: [system.terms[0]] };
    expect(termEnergies(only, { records }, states()).records).toBe(1000);
  });
});

describe('the surface of a molecule’s run', () => {
  it('is in degrees, with the starts of the states where they are', () => {
    const { x, y, starts: marked } = data.surface!;
    expect([x.name, y.name, x.isAngle]).toEqual(['phi', 'psi', true]);
    expect([x.edges[0], x.edges[18], x.edges[36]]).toEqual([-180, 0, 180]);
    expect(marked.map(({ state, points }) => [state, points.length])).toEqual([
      ['left', 2],
      ['right', 1],
    ]);
    expect(Math.round(marked[1].points[0][0])).toBe(64);
    expect(Math.round(marked[1].points[0][1])).toBe(-59);
    expect(data.profile.isAngle).toBe(true);
    expect([data.profile.min, data.profile.max]).toEqual([-180, 180]);
    // The chain stays in radians nowhere.
    expect(Math.max(...data.trace.hybrid.map(({ value }) => Math.abs(value)))).toBeGreaterThan(10);
  });

  it('has a colour for each step of 1 kT, one for all above 10, and none where no chain was', () => {
    const axis = { name: 'x', isAngle: false, edges: [0, 1, 2, 3, 4, 5] };
    const surface: SurfaceData = {
      x: axis,
      y: { ...axis, name: 'phi', isAngle: true, edges: [-180, 180] },
      freeEnergy: [0, 0.99, 3, null, 25],
      standardError: [0, 0, 0, null, null],
      starts: [{ state: 'a', points: [[1, 1]] }],
    };
    const svg = surfaceFigure(surface, 326);
    const rects = [...svg.matchAll(/<rect [^>]*fill="var\(--(surface\d+)\)"[^>]*>/g)];
    const cells = rects.map(([, name]) => name).slice(11);
    // Neighbours of one colour are one rectangle.
    expect(cells).toEqual(['surface0', 'surface3', 'surface10']);
    expect(svgTexts(svg)).toEqual(expect.arrayContaining(['−180', '−90', '0', '90', '180']));
    expect(svg).toContain('φ (°)');
  });

  it('is drawn without a fault, as is the molecule, for wide and for narrow windows', () => {
    for (const width of [680, 326]) {
      expect(svgProblems(surfaceFigure(data.surface!, width))).toEqual([]);
      expect(svgProblems(moleculeFigure(frames, width))).toEqual([]);
      expect(svgProblems(moleculeFigure(bptiFrames(states()), width))).toEqual([]);
    }
  });
});

describe('the flat picture', () => {
  it('has a disc for every atom of a small molecule, and letters in those that are not C or H', () => {
    const svg = moleculeFigure(frames, 680);
    expect(svg.match(/<circle /g)).toHaveLength(22);
    expect(
      svgTexts(svg)
        .filter((text) => text === 'O' || text === 'N')
        .sort(),
    ).toEqual(
      // Two of each, and the legend.
      ['N', 'N', 'N', 'O', 'O', 'O'],
    );
  });

  it('shows a protein by its bonds, without hydrogens', () => {
    const protein = bptiFrames(states());
    const svg = moleculeFigure(protein, 680);
    const heavy = protein.bonds.filter(([i, j]) =>
      [i, j].every((atom) => protein.elements[atom] !== 'H'),
    );
    expect(svg.match(/stroke-width="2"/g)).toHaveLength(2 * heavy.length);
    expect(svg).not.toContain('<circle');
  });
});

describe('the files of the run', () => {
  it('are a trajectory with its topology and the surface, in the place of XYZ', () => {
    const { scenario, plan, store, result } = run;
    const files = runFiles({ scenario, plan, store, result, model: undefined });
    expect(Object.keys(files)).toEqual([
      'samples.npz',
      'trajectory.dcd',
      'topology.pdb',
      'profile.csv',
      'surface.csv',
      'result.json',
    ]);
    const bytes = Buffer.concat([...(files['trajectory.dcd'] as Iterable<Uint8Array>)]);
    expect(parseDcdHeader(bytes, 'trajectory.dcd')).toMatchObject({
      atoms: 22,
      frames: frames.steps,
      stride: 1,
      timestep: expect.closeTo(1, 6),
    });
    expect(String(files['surface.csv']).split('\n')).toHaveLength(36 * 36 + 2);
  });
});

describe('the page of a molecule', () => {
  it('holds 3 MB at most, with a protein and every frame of it', () => {
    const page = buildReport({ ...data, molecule: bptiFrames(states()) }).html;
    expect(Buffer.byteLength(page)).toBeLessThan(3_000_000);
  });

  it('runs its own two scripts by their hashes, and forbids all others and every request', () => {
    const page = buildReport(data).html;
    const [, policy] = /Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src( 'sha256-[\w+/]{43}='){2}$/,
    );
    expect(page.match(/<script>/g)).toHaveLength(2);
    expect(page).toContain('University of Pittsburgh');
    expect(page).not.toMatch(/<script [^>]*src/);
  });

  it('keeps markup in the names of a molecule from ending its data', () => {
    const molecule = { ...frames, pdb: `REMARK </script><script>alert(1)</script>\n${frames.pdb}` };
    const page = buildReport({ ...data, molecule }).html;
    expect(page).not.toContain('<script>alert');
    const [, json] = /id="molecule-data">(.*?)<\/script>/s.exec(page) ?? [];
    expect((JSON.parse(json ?? '') as { pdb: string }).pdb).toBe(molecule.pdb);
  });

  it('says by name what the chain is, lists the terms, and repeats what the readers dropped', () => {
    const page = buildReport(data).html;
    expect(page).toContain('parallel tempering');
    expect(page).not.toMatch(/hybrid chain|Hybrid</);
    expect(page).toContain('Energy by term');
    expect(page).toContain('A dropped force, for the report to repeat.');
    expect(page).not.toContain('Quality of the flow');
  });

  it('has neither script nor molecule where the scenario has none', () => {
    const page = buildReport({ ...data, molecule: null, terms: null, surface: null }).html;
    expect(page).not.toMatch(/<script|script-src|Energy by term|id="surface"/);
  });
});
