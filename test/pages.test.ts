import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { inspect } from 'node:util';
import { createJiti } from 'jiti';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import type { Kernel } from '../src/core/kernel.ts';
import type { Potential } from '../src/core/potential.ts';
import { rootKey } from '../src/core/rng.ts';
import type { Bijector } from '../src/flow/bijector.ts';
import { describeBijector } from './contracts/bijector.ts';
import { bananaTarget } from './contracts/exactTarget.ts';
import { stationarityScores, worst } from './contracts/stationarity.ts';

const root = resolve(import.meta.dirname, '..');
const docs = join(root, 'docs');

/** Pages of which every TypeScript block is a complete file that prints what stands under it. */
const pages = [
  'forceFields/inCode.md',
  'forceFields/asAFormula.md',
  'forceFields/asTensors.md',
  'forceFields/composition.md',
  'addAMove.md',
  'addAFlowLayer.md',
  'molecules.md',
].map((name) => ({ name, blocks: blocksOf(readFileSync(join(docs, name), 'utf8')) }));

interface Block {
  readonly code: string;
  /** Undefined where nothing stands under the block: then it prints nothing. */
  readonly printed: string | undefined;
  readonly line: number;
  /** Of "Save it as `name.ts`:"; a name of its own otherwise. */
  readonly file: string;
}

function blocksOf(page: string): Block[] {
  return [...page.matchAll(/```ts\n([\s\S]*?)```(?:\n```text\n([\s\S]*?)```)?/g)].map(
    ({ 1: code, 2: printed, index }) => {
      const above = page.slice(0, index);
      const line = above.split('\n').length;
      const file = /`(\w+\.ts)`:\s*$/.exec(above)?.[1] ?? `line${line}.ts`;
      return { code, printed, line, file };
    },
  );
}

// As the command line loads a user's file: the built package, outside of the test runner's transforms.
const built = (path: string): string => join(root, 'dist/src', path);
const jiti = createJiti(import.meta.url, {
  fsCache: false,
  alias: {
    'ergoflow/analysis': built('analysis/index.js'),
    'ergoflow/flow': built('flow/index.js'),
    'ergoflow/md': built('md/index.js'),
    ergoflow: built('index.js'),
  },
});

// Inside of the checkout, where a user's project would have the package's dependencies.
mkdirSync(join(root, 'runs'), { recursive: true });
const folder = mkdtempSync(join(root, 'runs', 'docs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
for (const { blocks } of pages) {
  for (const { file, code } of blocks) {
    if (!file.startsWith('line')) writeFileSync(join(folder, file), code);
  }
}

describe.each(pages)('docs/$name', ({ name, blocks }) => {
  afterEach(() => vi.restoreAllMocks());

  it.each(blocks)('prints what it shows in line $line', async ({ code, printed = '', file }) => {
    const lines: string[] = [];
    vi.spyOn(console, 'log').mockImplementation((...parts: unknown[]) => {
      const shown = parts.map((part) => (typeof part === 'string' ? part : inspect(part)));
      lines.push(`${shown.join(' ')}\n`);
    });
    const path = join(folder, file.replace('line', `${name.replaceAll(/\W/g, '-')}-`));
    writeFileSync(path, code);
    await jiti.import(path);
    expect(lines.join('')).toBe(printed);
  });
});

const { stretch } = await jiti.import<{
  stretch(
    potential: Potential,
    options: { readonly kT: number; readonly width: number; readonly attempts: number },
  ): Kernel;
}>(join(folder, 'stretch.ts'));
const { sinhArcsinh } = await jiti.import<{ sinhArcsinh(dim: number): Bijector }>(
  join(folder, 'sinhArcsinh.ts'),
);

describe('docs/addAMove.md', () => {
  it('says rightly that the exactness is lost with the Jacobian', async () => {
    const text = readFileSync(join(folder, 'stretch.ts'), 'utf8');
    writeFileSync(join(folder, 'forgetful.ts'), text.replace('dim * each', '0 * each'));
    const forgetful: { stretch: typeof stretch } = await jiti.import(join(folder, 'forgetful.ts'));
    const target = bananaTarget();
    const kernel = forgetful.stretch(target.potential, { kT: target.kT, width: 0.4, attempts: 2 });
    const run = { chains: 1000, bursts: 10, key: rootKey(8) };
    expect(Math.abs(worst(stationarityScores(kernel, target, run)).z)).toBeGreaterThan(10);
  });
});

describeBijector('the layer of docs/addAFlowLayer.md, 3D', () => sinhArcsinh(3), {
  logDetVaries: true,
  rebuild: () => sinhArcsinh(3),
});

describe('the documentation', () => {
  const all = readdirSync(docs, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.md') && !path.startsWith('api'),
  );

  it('links only to files that exist', () => {
    const broken = all.flatMap((path) =>
      [...readFileSync(join(docs, path), 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)/g)]
        .filter(([, link]) => !existsSync(resolve(docs, dirname(path), link)))
        .map(([, link]) => `${path}: ${link}`),
    );
    expect(broken).toEqual([]);
    expect(all).toContain('forceFields/index.md');
  });

  it('has no page on force fields that the index does not show', () => {
    const index = readFileSync(join(docs, 'forceFields/index.md'), 'utf8');
    const others = readdirSync(join(docs, 'forceFields')).filter((name) => name !== 'index.md');
    expect(others).toHaveLength(5);
    for (const name of others) expect(index).toContain(`](${name})`);
  });
});
