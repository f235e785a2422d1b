import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createJiti } from 'jiti';
import { afterAll } from 'vitest';
import type { Kernel } from '../../src/core/kernel.ts';
import type { Potential } from '../../src/core/potential.ts';
import { describeKernel } from '../contracts/kernel.ts';

const root = resolve(import.meta.dirname, '../..');
const [, code] =
  /`stretch\.ts`:\n\n```ts\n([\s\S]*?)```/.exec(
    readFileSync(join(root, 'docs/addAMove.md'), 'utf8'),
  ) ?? [];
if (code === undefined) throw new Error('docs/addAMove.md shows no stretch.ts');

mkdirSync(join(root, 'runs'), { recursive: true });
const folder = mkdtempSync(join(root, 'runs', 'docs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'stretch.ts');
writeFileSync(file, code);
const jiti = createJiti(import.meta.url, {
  fsCache: false,
  alias: { ergoflow: join(root, 'dist/src/index.js') },
});
const { stretch } = await jiti.import<{
  stretch(
    potential: Potential,
    options: { readonly kT: number; readonly width: number; readonly attempts: number },
  ): Kernel;
}>(file);

describeKernel(
  'the move of docs/addAMove.md',
  ({ potential, kT }) => stretch(potential, { kT, width: 0.4, attempts: 2 }),
  { exact: true },
);
