import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildReport } from '../../src/report/buildReport.ts';
import { collectReport } from '../../src/report/collect/collectReport.ts';
import { buildCompareReport } from '../../src/report/comparePage.ts';
import { fullData } from './fullData.ts';
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
const pages = ['run', 'compare'] as const;

beforeAll(async () => {
  if (missing) return;
  folder = mkdtempSync(join(tmpdir(), 'ergoflow-report-'));
  const data = fullData(collectReport(await smallRun()));
  writeFileSync(join(folder, 'run.html'), buildReport(data).html);
  writeFileSync(join(folder, 'compare.html'), buildCompareReport(syntheticComparison()).html);
  browser = await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}, 60_000);

afterAll(async () => {
  if (missing) return;
  await browser.close();
  rmSync(folder, { recursive: true });
});

/** Opens a page in a window that has no network; what it asks for and what it complains of. */
async function opened(name: string) {
  const context = await browser.newContext({ offline: true });
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

describe.skipIf(missing)('a page in a browser without a network', () => {
  it.each(pages)(
    'opens %s.html at 1280 and 360 px, light and dark, asks for nothing, and fits',
    async (name) => {
      const { page, requests, complaints } = await opened(name);
      const figures = await page.locator('figure').count();
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
});
