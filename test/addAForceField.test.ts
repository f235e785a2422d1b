import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs/addAForceField.md'), 'utf8');

/** The `ts` blocks of the page, each with the heading it stands under and what it says it prints. */
const blocks = [...page.matchAll(/```ts\n([\s\S]*?)```(?:\n```text\n([\s\S]*?)```)?/g)].map(
  ({ 1: code, 2: printed, index }) => ({
    code,
    printed,
    heading:
      page
        .slice(0, index)
        .match(/^## (.*)$/gm)
        ?.at(-1) ?? '',
    line: page.slice(0, index).split('\n').length,
  }),
);

describe('docs/addAForceField.md', () => {
  let folder: string;
  beforeAll(() => {
    // Inside of the checkout, where a user's project would have the package's dependencies.
    mkdirSync(join(root, 'runs'), { recursive: true });
    folder = mkdtempSync(join(root, 'runs', 'docs-'));
  });
  afterEach(() => vi.restoreAllMocks());
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(blocks)(
    'prints what it shows in line $line, $heading',
    async ({ code, printed, line }) => {
      const lines: string[] = [];
      vi.spyOn(console, 'log').mockImplementation((...parts: unknown[]) => {
        const shown = parts.map((part) => (typeof part === 'string' ? part : inspect(part)));
        lines.push(shown.join(' '));
      });
      const file = join(folder, `line${line}.ts`);
      writeFileSync(file, code);
      await import(file);
      expect(`${lines.join('\n')}\n`).toBe(printed);
    },
  );

  it('has a block for every form, and an anchor for every link', () => {
    const headings = [...page.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
    expect(blocks.length).toBeGreaterThanOrEqual(6);
    for (const heading of headings) {
      expect(blocks.map((block) => block.heading)).toContain(`## ${heading}`);
    }
    for (const [, anchor] of page.matchAll(/\]\(#([^)]+)\)/g)) {
      expect(headings.map((heading) => heading.toLowerCase().replaceAll(' ', '-'))).toContain(
        anchor,
      );
    }
  });
});
