import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));

/** What each layer of `src` may import beside itself: the arrows of the tree, and no others. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  core: [],
  md: ['core'],
  flow: ['core'],
  analysis: ['core'],
  hybrid: ['core', 'md', 'flow', 'analysis'],
  scenario: ['core', 'md', 'flow', 'analysis', 'hybrid'],
  io: ['core', 'md', 'flow', 'analysis', 'hybrid', 'scenario'],
  report: ['core', 'md', 'flow', 'analysis', 'hybrid', 'scenario', 'io'],
  cli: ['core', 'md', 'flow', 'analysis', 'hybrid', 'scenario', 'io', 'report'],
};

/** These run in a browser too. */
const portable = ['core', 'md', 'flow', 'hybrid', 'analysis'];

interface Source {
  /** From the root, with forward slashes. */
  readonly path: string;
  /** Without comments. */
  readonly code: string;
  readonly lines: number;
  readonly imports: readonly string[];
}

function sources(folder: string): Source[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.m?[jt]s$/.test(name) && !/\.(wasm|data)\.ts$/.test(name))
    .map((name) => {
      const path = join(folder, name).split(sep).join('/');
      const text = readFileSync(join(root, path), 'utf8');
      const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
      const imports = [
        ...code.matchAll(/^(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/gm),
        ...code.matchAll(/^import\s*['"]([^'"]+)['"]/gm),
        ...code.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g),
      ].map(([, specifier]) => specifier);
      return { path, code, lines: text.split('\n').length, imports };
    });
}

const src = sources('src');

/** `core` of `src/core/batch.ts`; `index.ts`, the public face, is of no layer. */
function layerOf(path: string): string | undefined {
  const parts = path.split('/');
  return parts.length > 2 ? parts[1] : undefined;
}

function inLayers(layers: readonly string[]): Source[] {
  return src.filter(({ path }) => layers.includes(layerOf(path) ?? ''));
}

/** The imports of `files` that break a rule, as `file -> import`. */
function offenders(files: readonly Source[], breaks: (file: Source, specifier: string) => boolean) {
  return files.flatMap((file) =>
    file.imports
      .filter((specifier) => breaks(file, specifier))
      .map((specifier) => `${file.path} -> ${specifier}`),
  );
}

/** From the root. */
function target(file: Source, specifier: string): string {
  const path = resolve(root, dirname(file.path), specifier);
  return relative(root, path).split(sep).join('/');
}

const isRelative = (specifier: string): boolean => specifier.startsWith('.');

describe('the tree', () => {
  it('is all there for these tests to see', () => {
    const layers = new Set(src.map(({ path }) => layerOf(path)));
    expect([...layers].sort()).toEqual([...Object.keys(allowed), undefined].sort());
    expect(src.flatMap(({ imports }) => imports).length).toBeGreaterThan(src.length);
  });

  it('has imports that run one way: core, then md, flow and analysis, then hybrid … cli', () => {
    const broken = offenders(src, (file, specifier) => {
      const from = layerOf(file.path);
      if (from === undefined || !isRelative(specifier)) return false;
      const to = layerOf(target(file, specifier));
      return to !== from && !allowed[from]?.includes(to ?? '');
    });
    expect(broken).toEqual([]);
  });

  it('has relative imports that stay inside src and name the file, ending and all', () => {
    const broken = offenders(
      src,
      (file, specifier) =>
        isRelative(specifier) &&
        !(target(file, specifier).startsWith('src/') && specifier.endsWith('.ts')),
    );
    expect(broken).toEqual([]);
  });

  it('keeps Node out of what also runs in a browser', () => {
    const broken = offenders(inLayers(portable), (_, specifier) => {
      const name = specifier.replace(/^node:/, '').split('/')[0];
      return specifier.startsWith('node:') || builtinModules.includes(name);
    });
    expect(broken).toEqual([]);
    const globals = inLayers(portable).filter(({ code }) =>
      /\b(process|Buffer|require|__dirname)\b\s*[.(]/.test(code),
    );
    expect(globals.map(({ path }) => path)).toEqual([]);
  });

  it('shows tensors to flow, to the one seam of hybrid, and to the choice of a backend only', () => {
    const seeing = src.filter(({ imports }) =>
      imports.some((name) => name.startsWith('@tensorflow/')),
    );
    const others = seeing.filter(
      ({ path }) =>
        layerOf(path) !== 'flow' &&
        !['src/hybrid/tensorPotential.ts', 'src/io/backend.ts'].includes(path),
    );
    expect(others.map(({ path }) => path)).toEqual([]);
    expect(seeing.length).toBeGreaterThan(0);
  });

  it('shows no potential to the flow, only energies and gradients', () => {
    const seeing = inLayers(['flow']).filter(
      ({ code, imports }) =>
        /^import[^;]*\bPotential\b[^;]*;/m.test(code) ||
        imports.some((name) => /\/md\//.test(name)),
    );
    expect(seeing.map(({ path }) => path)).toEqual([]);
  });

  it('writes its scenarios as users do, against the public interface', () => {
    const scenarios = sources('scenarios');
    expect(scenarios.length).toBeGreaterThan(0);
    expect(offenders(scenarios, (_, specifier) => !/^ergoflow(\/|$)/.test(specifier))).toEqual([]);
  });

  it('draws every random number from keys', () => {
    const drawing = [...src, ...sources('scenarios')].filter(({ code }) =>
      /Math\s*\.\s*random|\btf\s*\.\s*(random|truncatedNormal|multinomial)|\b(randomNormal|randomUniform|truncatedNormal)\s*\(/.test(
        code,
      ),
    );
    expect(drawing.map(({ path }) => path)).toEqual([]);
  });

  it('has no file that nobody wants to read to its end', () => {
    const long = ['src', 'test', 'scenarios', 'scripts']
      .flatMap(sources)
      .filter(({ lines }) => lines > 400)
      .map(({ path, lines }) => `${path}: ${lines} lines`);
    expect(long).toEqual([]);
  });
});

describe('the tests', () => {
  const tests = sources('test').filter(({ path }) => path.endsWith('.test.ts'));
  const contracts = sources('test/contracts').map(({ path }) => path);

  it('all assert something, themselves or through a contract', () => {
    const idle = tests.filter(
      (file) =>
        !/\bexpect(TypeOf)?[.(]/.test(file.code) &&
        !file.imports.some((name) => contracts.includes(target(file, name))),
    );
    expect(idle.map(({ path }) => path)).toEqual([]);
    expect(tests.length).toBeGreaterThan(10);
  });

  it('are neither skipped for good nor run alone', () => {
    const switched = tests.filter(({ code }) =>
      /\b(it|test|describe)\.(skip|only|todo|fails)\b/.test(code),
    );
    expect(switched.map(({ path }) => path)).toEqual([]);
  });
});
