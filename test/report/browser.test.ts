import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildReport } from '../../src/report/buildReport.ts';
import { collectReport } from '../../src/report/collect/collectReport.ts';
import { buildCompareReport } from '../../src/report/comparePage.ts';
import { bptiFrames } from './bptiFrames.ts';
import { fullData } from './fullData.ts';
import { moleculeRun } from './moleculeRun.ts';
import { smallRun } from './smallRun.ts';
import { syntheticComparison } from './syntheticComparison.ts';

const executablePath = '/usr/bin/chromium';
const missing = !existsSync(executablePath);
if (missing) {
  process.stderr.write(
    `NOT TESTED: that pages open offline in a browser; ${executablePath} is missing (Debian package chromium)\n`,
  );
}

let browser: Browser;
let folder: string;
const pages = ['run', 'compare', 'molecule'] as const;

beforeAll(async () => {
  if (missing) return;
  folder = mkdtempSync(join(tmpdir(), 'ergoflow-report-'));
  const data = fullData(collectReport(await smallRun()));
  writeFileSync(join(folder, 'run.html'), buildReport(data).html);
  writeFileSync(join(folder, 'compare.html'), buildCompareReport(syntheticComparison()).html);
  const tempering = await moleculeRun();
  const molecule = collectReport(tempering);
  const protein = { ...molecule, molecule: bptiFrames(tempering.plan.states) };
  writeFileSync(join(folder, 'molecule.html'), buildReport(molecule).html);
  writeFileSync(join(folder, 'protein.html'), buildReport(protein).html);
  browser = await launched('--use-angle=swiftshader', '--enable-unsafe-swiftshader');
}, 60_000);

/** Chromium that calls nobody; WebGL without a graphics card is drawn by SwiftShader. */
function launched(...graphics: string[]): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      ...graphics,
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

afterEach(async () => {
  // A page with a 3-D view that nobody sees still takes a processor's time.
  for (const context of browser?.contexts() ?? []) await context.close();
});

afterAll(async () => {
  if (missing) return;
  await browser.close();
  rmSync(folder, { recursive: true });
});

/** Opens a page in a window that has no network; what it asks for and what it complains of. */
async function opened(name: string, by = browser) {
  const context = await by.newContext({ offline: true });
  const page = await context.newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  const address = pathToFileURL(join(folder, `${name}.html`)).href;
  page.on('request', (request) => {
    if (![address, 'data:,'].includes(request.url())) requests.push(request.url());
  });
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(address);
  return { page, requests, complaints };
}

const background = (page: Page): Promise<string> =>
  page.evaluate('getComputedStyle(document.body).backgroundColor');

/** How much wider the page is than its window, px. */
const overflow = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - innerWidth');

/** Widths of the pictures that are shown, px. */
const pictureWidths = (page: Page): Promise<number[]> =>
  page.evaluate(
    '[...document.querySelectorAll("figure svg.figure")].map((s) => s.getBoundingClientRect().width).filter((w) => w > 0)',
  );

/** Texts of the shown pictures that lie on another or leave their picture. */
const collisions = (page: Page): Promise<string[]> =>
  page.evaluate(`
    [...document.querySelectorAll('figure svg.figure')].flatMap((svg) => {
      const edge = svg.getBoundingClientRect();
      const boxes = [...svg.querySelectorAll('text')].map((t) => {
        const { left, right, top, bottom } = t.getBoundingClientRect();
        return { words: t.textContent, left, right, top: top + 2, bottom: bottom - 2 };
      });
      const out = boxes.filter((b) => b.right > edge.right + 2 || b.left < edge.left - 2);
      const over = boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) =>
        a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
      ).map((b) => a.words + ' | ' + b.words));
      return [...out.map((b) => b.words + ' leaves the picture'), ...over];
    })`);

/** Colours of a part of the 3-D view, by how often they occur in it: a view that drew nothing has one. */
const viewColours = async (page: Page): Promise<number> => {
  await page.locator('.stage canvas').scrollIntoViewIfNeeded();
  const png = await page.locator('.stage').screenshot();
  return page.evaluate<number>(`(async () => {
    const image = new Image();
    image.src = 'data:image/png;base64,${png.toString('base64')}';
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.width, image.height];
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    return new Set(new Uint32Array(data.buffer)).size;
  })()`);
};

describe.skipIf(missing)('a page in a browser without a network', () => {
  it.each(pages)(
    'opens %s.html at 1280 and 360 px, light and dark, asks for nothing, and fits',
    async (name) => {
      const { page, requests, complaints } = await opened(name);
      // A view in three dimensions takes the place of its picture.
      const figures = await page.locator('figure:not(.is-live)').count();
      for (const width of [1280, 360]) {
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.setViewportSize({ width, height: 900 });
          await page.emulateMedia({ colorScheme });
          expect(await overflow(page)).toBe(0);
          // Of each pair of pictures one is shown, and it is as wide as it was drawn for.
          const shown = await pictureWidths(page);
          expect(shown.length).toBe(figures);
          expect(Math.min(...shown)).toBeGreaterThan(width === 360 ? 320 : 670);
          expect(await background(page)).toBe(
            colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(20, 23, 27)',
          );
        }
        expect(await collisions(page)).toEqual([]);
      }
      expect({ requests, complaints }).toEqual({ requests: [], complaints: [] });
    },
  );

  it.each(pages)(
    'prints %s.html dark on white with every setting, however dark the screen is',
    async (name) => {
      const { page } = await opened(name);
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
      expect(await background(page)).toBe('rgb(255, 255, 255)');
      // A closed <details> is opened by the style sheet.
      const hidden = await page.evaluate<number>(
        '[...document.querySelectorAll("details > :not(summary)")].filter((e) => !e.checkVisibility()).length',
      );
      expect(hidden).toBe(0);
      const pdf = await page.pdf({ format: 'A4' });
      expect(pdf.length).toBeGreaterThan(20_000);
    },
  );

  it.each([
    ['molecule', 22, 3],
    // 60 frames of 80 records.
    ['protein', 892, 4],
  ] as const)(
    'draws every atom of %s.html in three dimensions, plays its frames and stops',
    async (name, atoms, third) => {
      const { page, requests, complaints } = await opened(name);
      await page.locator(`#molecule[data-drawn="${atoms}"]`).waitFor();
      expect(await page.locator('.stage').isVisible()).toBe(true);
      expect(await page.locator('#molecule > svg').first().isVisible()).toBe(false);
      expect(await viewColours(page)).toBeGreaterThan(100);
      const frame = page.locator('output');
      const first = await frame.textContent();
      expect(first).toMatch(/^record 1 of \d+: (left|right)$/);
      const button = page.getByRole('button');
      await button.click();
      await expect.poll(() => frame.textContent()).not.toBe(first);
      expect(await button.textContent()).toBe('Pause');
      await button.click();
      expect(await button.textContent()).toBe('Play');
      await page.getByRole('slider').fill('2');
      expect(await frame.textContent()).toMatch(new RegExp(`^record ${third} of `));
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await viewColours(page)).toBeGreaterThan(100);
      expect({ requests, complaints }).toEqual({ requests: [], complaints: [] });
    },
  );

  it('shows the flat picture on paper, and where the browser has no WebGL', async () => {
    const { page } = await opened('molecule');
    await page.locator('#molecule[data-drawn]').waitFor();
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.stage').isVisible()).toBe(false);
    expect(await page.locator('#molecule > svg.wide').isVisible()).toBe(true);
    const without = await launched('--disable-gpu', '--disable-3d-apis');
    try {
      const flat = await opened('molecule', without);
      expect(await flat.page.locator('.live').isVisible()).toBe(false);
      expect(await flat.page.locator('#molecule > svg.wide').isVisible()).toBe(true);
      expect(flat.complaints).toEqual([]);
    } finally {
      await without.close();
    }
  });
});
