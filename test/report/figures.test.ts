import { beforeAll, describe, expect, it } from 'vitest';
import { figureFiles } from '../../src/report/buildReport.ts';
import { collectReport } from '../../src/report/collect/collectReport.ts';
import { compareFigures } from '../../src/report/compareFigures.ts';
import { NARROW, WIDE } from '../../src/report/document.ts';
import { energiesFigure } from '../../src/report/figures/energiesFigure.ts';
import { textWidth } from '../../src/report/figures/textWidth.ts';
import { loadPngRenderer } from '../../src/report/pngRenderer.ts';
import type { ReportData } from '../../src/report/reportData.ts';
import { type PageFigure, reportFigures } from '../../src/report/reportFigures.ts';
import { fullData } from './fullData.ts';
import { smallRun } from './smallRun.ts';
import { svgProblems, svgTexts } from './svgProblems.ts';
import { syntheticComparison } from './syntheticComparison.ts';

let small: ReportData;
let full: ReportData;
let five: ReportData;
let all: Record<string, readonly PageFigure[]>;
/** Every figure at both widths: drawing is what takes time. */
let drawn: { source: string; name: string; wide: string; narrow: string }[];

beforeAll(async () => {
  small = collectReport(await smallRun());
  full = fullData(small);
  five = collectReport(await smallRun(5));
  all = {
    'a short run': reportFigures(small),
    'a long run': reportFigures(full),
    'a run of five dimensions': reportFigures(five),
    'a comparison': compareFigures(syntheticComparison()),
  };
  drawn = Object.entries(all).flatMap(([source, figures]) =>
    figures.map(({ name, draw }) => ({ source, name, wide: draw(WIDE), narrow: draw(NARROW) })),
  );
}, 60_000);

const names = (data: ReportData): string[] => reportFigures(data).map(({ name }) => name);

function wideOf(source: string, name: string): string {
  const found = drawn.find((one) => one.source === source && one.name === name);
  if (found === undefined) throw new Error(`no figure ${name} of ${source}`);
  return found.wide;
}

function figure(data: ReportData, name: string): PageFigure {
  const found = reportFigures(data).find((one) => one.name === name);
  if (found === undefined) throw new Error(`no figure ${name}`);
  return found;
}

describe('the figures of a report', () => {
  it('are all there for a run of two dimensions', () => {
    expect(names(full)).toEqual([
      'profile',
      'landscape',
      'deformation',
      'latent',
      'losses',
      'timeline',
      'weights',
      'energies',
      'ledger',
    ]);
  });

  it('leave out what makes no sense: a plane of a run of five dimensions, losses without training', () => {
    expect(names(five)).toEqual([
      'profile',
      'trace',
      'latent',
      'timeline',
      'weights',
      'energies',
      'ledger',
    ]);
  });

  it('are well-formed at both widths, with finite coordinates near the picture', () => {
    for (const { source, name, wide, narrow } of drawn) {
      expect([source, name, 'wide', ...svgProblems(wide)]).toEqual([source, name, 'wide']);
      expect([source, name, 'narrow', ...svgProblems(narrow)]).toEqual([source, name, 'narrow']);
    }
  });

  it('have a title and a description for readers who see no picture', () => {
    for (const { wide } of drawn) {
      const [, title, description] =
        /<title[^>]*>([^<]+)<\/title><desc[^>]*>([^<]+)<\/desc>/.exec(wide) ?? [];
      expect(title.length).toBeGreaterThan(5);
      expect(description.length).toBeGreaterThan(20);
    }
  });

  it('have ids that no two of them share, wide and narrow ones on one page', () => {
    for (const source of Object.keys(all)) {
      const ids = drawn
        .filter((one) => one.source === source)
        .flatMap(({ wide, narrow }) => [...(wide + narrow).matchAll(/ id="([^"]+)"/g)])
        .map(([, id]) => id);
      expect(new Set(ids).size).toBe(ids.length);
    }
  });

  it('refer to no id that is not in them', () => {
    for (const { wide } of drawn) {
      for (const [, id] of wide.matchAll(/url\(#([^)]+)\)/g)) expect(wide).toContain(`id="${id}"`);
    }
  });

  it('are drawn the same way twice', () => {
    for (const { name, draw } of all['a long run']) {
      expect(draw(WIDE)).toBe(wideOf('a long run', name));
    }
  });

  it('use no colour but those of the palette', () => {
    for (const { wide } of drawn) {
      const colours = [...wide.matchAll(/ (?:fill|stroke)="([^"]+)"/g)].map(([, c]) => c);
      expect(colours.filter((c) => !/^(var\(--\w+\)|none|currentColor)$/.test(c))).toEqual([]);
    }
  });

  it('name their axes and everything that they show', () => {
    const expected: Record<string, readonly string[]> = {
      profile: ['exact (quadrature)', 'hybrid chain ± 2 standard errors', 'x →', '↑ F (kT)'],
      landscape: ['Molecular dynamics', 'Flow moves', 'MD walk', 'rejected proposal', 'x0 →'],
      deformation: ['Latent space', 'Configuration space', 'z1 constant'],
      latent: ['left', 'right', '50 % of the prior'],
      losses: ['By example, J_ML', 'By energy, J_KL', 'training step →'],
      timeline: ['seeding', 'producing', 'warming up', 'seconds since the start →'],
      weights: ['draws', 'the weight they carry', 'ln (weight / mean weight) →'],
      energies: ['flow draws, reweighted', 'hybrid chain', 'U (kT) →'],
      ledger: ['seeding', 'flow proposals', 'local moves'],
    };
    for (const [name, texts] of Object.entries(expected)) {
      expect(svgTexts(wideOf('a long run', name))).toEqual(expect.arrayContaining([...texts]));
    }
  });

  it('keep legends inside narrow pictures', () => {
    for (const { name, narrow } of drawn) {
      const legend = /<g class="legend"[\s\S]*?<\/g><\/g>/.exec(narrow)?.[0] ?? '';
      for (const [, x, text] of legend.matchAll(
        /translate\(([\d.]+),[\d.]+\)">[\s\S]*?<text[^>]*>([^<]*)</g,
      )) {
        expect([name, Number(x) + 26 + textWidth(text, 12) <= NARROW]).toEqual([name, true]);
      }
    }
  });
});

describe('what a figure shows', () => {
  it('an arrow for each jump between states and a cross for each rejected proposal', () => {
    const svg = wideOf('a long run', 'landscape');
    const arrows = /<g[^>]*aria-label="arrow"[^>]*>([\s\S]*?)<\/g>/.exec(svg)?.[1] ?? '';
    const crossing = full.jumps?.accepted.filter(({ crosses }) => crosses) ?? [];
    const drawn = arrows.match(/<path/g)?.length ?? 0;
    // Some begin or end beyond the picture.
    expect(drawn).toBeGreaterThan(crossing.length * 0.7);
    expect(drawn).toBeLessThanOrEqual(crossing.length);
  });

  it('a landscape of at least six levels', () => {
    const svg = wideOf('a short run', 'landscape');
    const contours = /<g[^>]*aria-label="contour"[^>]*>([\s\S]*?)<\/g>/.exec(svg)?.[1] ?? '';
    const filled = [...contours.matchAll(/<path[^>]* d="M[^"]{20,}"/g)];
    expect(filled.length).toBeGreaterThanOrEqual(6);
  });

  it('states by symbol as well as by colour', () => {
    const svg = wideOf('a long run', 'latent');
    const groups = [...svg.matchAll(/<g[^>]*stroke="var\(--(state\d)\)"[^>]*>([\s\S]*?)<\/g>/g)];
    const outlines = groups.map(([, , content]) => /d="([^"]+)"/.exec(content)?.[1] ?? content);
    expect(groups.length).toBe(2);
    expect(new Set(outlines.map((d) => d.slice(0, 12))).size).toBe(2);
  });

  it('energies on the scale of the chain, however high a single heavy draw stands', () => {
    const { edges, series } = small.energies;
    const spike = series.map((one) =>
      one.source === 'reweighted'
        ? { ...one, density: one.density.map((p, k) => (k === 3 ? 50 : p)) }
        : one,
    );
    const svg = energiesFigure({ edges, series: spike }, WIDE, 'hybrid chain', 'annealed draws');
    const highest = Math.max(...series.flatMap(({ density }) => density));
    // Ticks of the density, which is far below 1, have decimals; those of U/kT have none.
    const ticks = svgTexts(svg).filter((text) => /^\d+\.\d+$/.test(text));
    expect(ticks.length).toBeGreaterThan(3);
    expect(Math.max(...ticks.map(Number))).toBeLessThan(1.6 * highest);
    expect(svgTexts(svg)).toContain('annealed draws, reweighted');
  });

  it('no curve through two points of held-out loss', () => {
    const heldOut = full.training.points.filter(({ term }) => term === 'heldOut');
    const two = {
      ...full,
      training: {
        ...full.training,
        points: [
          ...full.training.points.filter(({ term }) => term !== 'heldOut'),
          heldOut[0],
          heldOut[1],
        ],
      },
    };
    expect(svgTexts(wideOf('a long run', 'losses'))).toContain('Held-out frames, −log q');
    expect(svgTexts(figure(two, 'losses').draw(WIDE))).not.toContain('Held-out frames, −log q');
  });

  it('only what was withheld as hollow dots in the error of a comparison', () => {
    const comparison = syntheticComparison();
    const svg = wideOf('a comparison', 'error');
    const runs = comparison.methods.tempering?.runs ?? [];
    const stated = runs.flatMap((run) =>
      run.errorVsBudget.filter((error, i) => error !== null && !run.withheldVsBudget[i]),
    );
    const dots = [
      ...svg.matchAll(
        /<g[^>]*fill="var\(--tempering\)"[^>]*aria-label="dot"[^>]*>([\s\S]*?)<\/g>/g,
      ),
    ].map(([, content]) => content.match(/<(circle|path)/g)?.length ?? 0);
    expect(dots).toEqual([stated.length]);
    // Nine values a seed, of which the first two are withheld.
    expect(stated.length).toBe(3 * 7);
  });

  it('that a method never got there, in words', () => {
    expect(svgTexts(wideOf('a comparison', 'cost'))).toContain('not reached');
  });
});

describe('figures as files', () => {
  it('have fixed colours, a white ground and a namespace, and need no page', () => {
    for (const { svg } of figureFiles([...all['a long run'], ...all['a comparison']], undefined)) {
      expect(svg).not.toMatch(/var\(|currentColor/);
      expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
      expect(svg).toContain('fill="#ffffff"');
      expect(svgProblems(svg)).toEqual([]);
    }
  });

  it('are pictures too, wherever the optional renderer is installed', async (context) => {
    const renderer = await loadPngRenderer();
    if (!('render' in renderer)) return context.skip(renderer.missing);
    const files = figureFiles([...all['a long run'], ...all['a comparison']], renderer.render);
    for (const { name, png } of files) {
      const view = new DataView(png?.buffer ?? new ArrayBuffer(0), png?.byteOffset ?? 0);
      // The PNG signature, then the width in the header.
      expect([name, view.getUint32(0)]).toEqual([name, 0x89504e47]);
      expect([name, view.getUint32(16)]).toEqual([name, 2 * (WIDE + 24)]);
    }
  });

  it('are not handed to the renderer with coordinates that would end the process', async (context) => {
    const renderer = await loadPngRenderer();
    if (!('render' in renderer)) return context.skip(renderer.missing);
    const far =
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path stroke="#000000" d="M0,0L1,-4752708.8"/></svg>';
    expect(renderer.render(far)).toBeUndefined();
    expect(renderer.render(far.replace('-4752708.8', '8'))?.length).toBeGreaterThan(50);
  });
});
