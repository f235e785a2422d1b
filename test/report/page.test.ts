import { beforeAll, describe, expect, it } from 'vitest';
import { buildReport } from '../../src/report/buildReport.ts';
import { collectReport, type ReportInput } from '../../src/report/collect/collectReport.ts';
import { versions } from '../../src/report/collect/versions.ts';
import { html, raw } from '../../src/report/html.ts';
import { runPage } from '../../src/report/page.ts';
import { loadPngRenderer } from '../../src/report/pngRenderer.ts';
import type { ReportData } from '../../src/report/reportData.ts';
import type { Result } from '../../src/scenario/result.ts';
import { fullData } from './fullData.ts';
import { smallRun } from './smallRun.ts';

let run: ReportInput;
let data: ReportData;
let page: string;

beforeAll(async () => {
  run = await smallRun();
  data = fullData(collectReport(run));
  page = buildReport(data).html;
}, 60_000);

/** The page without its pictures, of a run that found something else. */
function pageWith(change: Partial<Result>): string {
  return runPage({ ...data, result: { ...data.result, ...change } }, []);
}

/** The page as a reader sees it: tags and pictures removed, entities resolved. */
function textOf(source: string): string {
  return source
    .replace(/<(svg|style|title)[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&gt;', '>')
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ');
}

describe('the page of a run', () => {
  it('says what the samples mean at neighbouring temperatures, and nothing where a run did not look', () => {
    const stated = { value: 3.75, standardError: 0.021 };
    const withheld = { value: null, withheld: { reason: 'k is 0.9', advice: 'train' } } as const;
    const neighbour = {
      temperature: 0.9,
      hybrid: { difference: stated, essFraction: 0.913, paretoK: 0.1 },
      reweighted: { difference: withheld, essFraction: 0.04, paretoK: null },
      reference: { value: 3.7586, standardError: 0, source: 'quadrature' },
    };
    const text = textOf(pageWith({ neighbours: [neighbour] }));
    expect(text).toMatch(/0\.9 hybrid chain 3\.750 ± 0\.021 91\.3 % 0\.1 3\.7586/);
    expect(text).toMatch(/0\.9 flow draws withheld 4\.0 % unknown 3\.7586/);
    expect(textOf(pageWith({ neighbours: [] }))).not.toContain('neighbouring');
  });

  it('is built in 5 s of a processor, pictures and all, and holds 3 MB at most, for the longest run there is', async () => {
    const renderer = await loadPngRenderer();
    // Not by the clock: other tests run beside this one.
    const before = process.cpuUsage();
    const collected = collectReport(run);
    const { html: built } = buildReport(
      fullData(collected),
      'render' in renderer ? renderer.render : undefined,
    );
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1e6).toBeLessThan(5);
    expect(new TextEncoder().encode(built).length).toBeLessThan(3_000_000);
    expect(built.length).toBeGreaterThan(200_000);
  });

  it('asks for nothing: no address, no script, no import, no font', () => {
    expect(page.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|\/\/[a-z]/);
    expect(page).not.toMatch(/<script|<iframe|@import|@font-face| on\w+=|javascript:/);
    expect(page).toContain("default-src 'none'");
    const sources = [...page.matchAll(/ (?:src|href)="([^"]*)"/g)].map(([, source]) => source);
    expect(sources).toEqual(['data:,']);
  });

  it('is the same, byte by byte, for the same data', () => {
    expect(buildReport(JSON.parse(JSON.stringify(data)) as ReportData).html).toBe(page);
  });

  it('has a language, a title, one main heading, and a caption for every figure', () => {
    expect(page).toMatch(/^<!doctype html>\s*<html lang="en">/);
    expect(page).toContain('<title>small-double-well, seed 11 – ergoflow</title>');
    expect(page.match(/<h1>/g)?.length).toBe(1);
    const captions = [...page.matchAll(/<figcaption>([^<]+)<\/figcaption>/g)];
    expect(captions.length).toBe(page.match(/<figure /g)?.length);
    for (const [, caption] of captions) expect(caption).toMatch(/^[A-Z\d].{30,}\.$/);
  });

  it('gives the answer before the checks, the checks before the figures, the settings last', () => {
    const text = textOf(page);
    const places = [
      'Two wells and a flow that has learned nothing.',
      'relative to',
      'rests on',
      'Checks',
      'How good the sampler was',
      'Free-energy profile',
      'The bill',
      'What the run chose for itself',
      'Every setting',
      'Versions and machine',
    ].map((words) => text.indexOf(words));
    expect(places).not.toContain(-1);
    expect([...places].sort((a, b) => a - b)).toEqual(places);
  });

  it('quotes the combined estimate with its error and its distance from the known value', () => {
    const text = textOf(
      pageWith({
        freeEnergy: {
          unit: 'kT',
          difference: { value: 2, standardError: 0.1 },
          reference: { value: 3.38, standardError: 0, source: 'quadrature' },
        },
        combined: { difference: { value: 3.4, standardError: 0.01 }, method: 'BAR' },
      }),
    );
    expect(text).toContain(
      'The free energy of right relative to left is 3.400 ± 0.010 kT , 2 standard errors from the known value (3.38 kT).',
    );
  });

  it('quotes the chain where the weights are bad, and says why the others are withheld', () => {
    const withheld = {
      value: null,
      withheld: { reason: 'Pareto k is 1.26, above 0.7', advice: 'train the flow further.' },
    } as const;
    const built = pageWith({
      freeEnergy: {
        unit: 'kT',
        difference: { value: 2.05, standardError: 0.11 },
        reference: null,
      },
      reweighted: { ...data.result.reweighted, difference: withheld, logZ: withheld },
      combined: { difference: withheld, method: 'BAR' },
    });
    const text = textOf(built);
    expect(text).toContain('The free energy of right relative to left is 2.05 ± 0.11 kT .');
    expect(text).toContain(
      'Withheld: combined, reweighted flow, ln Z. Pareto k is 1.26, above 0.7. Train the flow further.',
    );
    expect(text.match(/Pareto k is 1\.26/g)?.length).toBe(1);
    expect(/<tr class="quoted">[\s\S]*?<\/tr>/.exec(built)?.[0]).toContain('hybrid chain');
  });

  it('gives no free energy where every estimate is withheld, plain MD or not', () => {
    const withheld = { value: null, withheld: { reason: 'no', advice: 'none' } } as const;
    const text = textOf(
      pageWith({
        freeEnergy: { ...data.result.freeEnergy, difference: withheld },
        reweighted: { ...data.result.reweighted, difference: withheld },
        combined: { difference: withheld, method: 'BAR' },
        plainMd: {
          evaluations: 1,
          chains: 1,
          transitions: 100,
          predictedTransitions: null,
          difference: { value: 9.87, standardError: 0.5 },
        },
      }),
    );
    expect(text).toContain('No free energy is given');
  });

  it('states one difference a state where there are three', () => {
    const three = pageWith({
      states: ['a', 'b', 'c'].map((name) => ({ name, definition: name, core: name })),
      freeEnergy: {
        unit: 'kT',
        difference: { value: [1, 2], standardError: [0.1, 0.2] },
        reference: { value: [1.1, 2.2], standardError: [0, 0], source: 'quadrature' },
      },
      reweighted: {
        ...data.result.reweighted,
        difference: { value: [1, 2], standardError: [0.1, 0.2] },
      },
      combined: { difference: { value: [1.05, 2.05], standardError: [0.1, 0.1] }, method: 'BAR' },
      plainMd: null,
    });
    expect(textOf(three)).toContain(
      'Free energies relative to a : b : 1.05 ± 0.10 kT ; c : 2.05 ± 0.10 kT , 1.5 standard errors from the known value.',
    );
  });

  it('shows what users write as text, never as markup', () => {
    const evil = '<img src=x onerror=alert(1)>"\'&';
    const built = buildReport({
      ...data,
      result: {
        ...data.result,
        scenario: evil,
        states: data.result.states.map((state) => ({ ...state, name: evil, definition: evil })),
        checks: data.result.checks.map((check) => ({ ...check, name: evil, source: evil })),
      },
      about: evil,
      warnings: [evil],
      decisions: [evil],
      potential: { ...data.potential, name: evil },
      profile: { ...data.profile, coordinate: evil },
      settings: [{ title: evil, rows: [[evil, evil]] }],
      versions: { [evil]: evil },
    }).html;
    expect(built).not.toContain('<img');
    expect(built.match(/&lt;img src=x onerror=alert\(1\)&gt;/g)?.length).toBeGreaterThan(10);
  });

  it('lists every setting of the plan, functions by name', () => {
    const text = textOf(page);
    for (const words of [
      'double-well(a4=1, a2=4, a1=0.3, k=1)',
      'byExample[0].steps 20',
      'left x < 0; core x < -1; starts at -1.5, 0',
      `hidden ${run.plan.flow?.hidden.join(', ')}`,
    ]) {
      expect(text).toContain(words);
    }
    expect(text).not.toMatch(/=>|function|\[object/);
  });
});

describe('versions', () => {
  it('name the machine, the library and when the run began, from its manifest', () => {
    const made = versions({
      schema: 'ergoflow.run/1',
      scenario: { name: 's', hash: 'abc', argument: 's' },
      seed: 1,
      version: '0.1.0',
      commit: 'f00+',
      node: 'v20',
      backend: { name: 'wasm', library: '4.22.0', threads: 1 },
      machine: { cpu: 'A chip', cores: 2, memoryBytes: 2 ** 33, platform: 'linux x64' },
      units: { length: 'nm', energy: 'kJ/mol' },
      options: {},
      status: 'done',
      started: '2026-01-01T00:00:00Z',
      resumed: [],
      finished: null,
    });
    expect(made).toEqual({
      ergoflow: '0.1.0 (f00+)',
      scenario: 's, SHA-256 abc',
      node: 'v20',
      backend: 'wasm 4.22.0, 1 thread',
      processor: 'A chip, 2 cores',
      memory: '8.0 GiB',
      platform: 'linux x64',
      started: '2026-01-01T00:00:00Z',
    });
  });
});

describe('html', () => {
  it('escapes what it is given, once, unless it is markup', () => {
    const inner = html`<b>${'a & b'}</b>`;
    expect(html`${inner}${raw('<i>')}${'<'}${[1, '"']}`.markup).toBe(
      '<b>a &amp; b</b><i>&lt;1&quot;',
    );
  });
});
