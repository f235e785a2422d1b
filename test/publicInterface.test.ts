import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** The sources of the package's entry points, as `typedoc.json` and `package.json` name them. */
const entries: readonly string[] = JSON.parse(
  readFileSync(join(root, 'typedoc.json'), 'utf8'),
).entryPoints;

interface Export {
  readonly entry: string;
  /** What the file that declares it calls it. */
  readonly name: string;
  readonly file: string;
}

/** Everything that an entry point hands on, `export { … } from '…'` by `export { … } from '…'`. */
function exportsOf(entry: string): Export[] {
  const text = readFileSync(join(root, entry), 'utf8').replace(/^\s*\/\/.*$/gm, '');
  return [...text.matchAll(/^export (?:type )?\{([^}]*)\} from '([^']+)';$/gm)].flatMap(
    ([, names, file]) =>
      names
        .split(',')
        .map((each) => each.trim())
        .filter((each) => each !== '')
        .map((each) => ({
          entry,
          name: each.replace(/^type /, '').replace(/ as .*/, ''),
          file: resolve(root, dirname(entry), file),
        })),
  );
}

const all = entries.flatMap(exportsOf);

/** What stands before the declaration of `name`; undefined where `file` neither has it nor hands it on. */
function textBefore({ entry, name, file }: Export): string | undefined {
  const text = readFileSync(file, 'utf8');
  const declared = new RegExp(
    `^export (?:async )?(?:function\\*?|interface|type|const|class) ${name}\\b`,
    'm',
  ).exec(text);
  if (declared !== null) return text.slice(0, declared.index);
  const handed = new RegExp(`^export [^;]*\\b${name}\\b[^;]* from '([^']+)';`, 'm').exec(text);
  return handed === null
    ? undefined
    : textBefore({ entry, name, file: resolve(dirname(file), handed[1]) });
}

const label = ({ entry, name }: Export): string => `${entry}: ${name}`;

describe('the public interface', () => {
  it('is documented at every entry point of the package', () => {
    const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const shipped = Object.values<{ types?: string }>(exports).flatMap(({ types }) => types ?? []);
    expect(shipped.map((path) => path.replace(/^\.\/dist\/(.*)\.d\.ts$/, '$1.ts')).sort()).toEqual(
      [...entries].sort(),
    );
    for (const entry of entries) {
      expect(readFileSync(join(root, entry), 'utf8'), entry).toMatch(
        /^\/\*\*[^/]*@module ergoflow/,
      );
    }
  });

  it('declares all it exports where it says, and has a docstring on each', () => {
    expect(all.length).toBeGreaterThan(200);
    expect(all.filter((each) => textBefore(each) === undefined).map(label)).toEqual([]);
    const bare = all.filter((each) => !/\*\/\s*$/.test(textBefore(each) ?? ''));
    expect([
      ...new Set(bare.map(({ name, file }) => `${file.slice(root.length + 1)} ${name}`)),
    ]).toEqual([]);
  });
});
