import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { root } from '../io/inChild.ts';
import { temporaryFolders } from '../io/temporaryFolder.ts';

const folder = temporaryFolders();
const asked = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], {
  encoding: 'utf8',
});
const python = asked.status === 0 ? asked.stdout.trim() : '';
const hasWheelRoute = process.platform === 'linux' && process.arch === 'x64' && python !== '';
if (!hasWheelRoute) {
  process.stderr.write('SKIPPED: no Python on Linux x64 here, so no wheel was unpacked\n');
}

/** A project with the scripts, an addon-less tfjs-node, and a PATH that holds nothing but node. */
function project() {
  const path = folder();
  cpSync(join(root, 'scripts'), join(path, 'scripts'), { recursive: true });
  const addon = join(path, 'node_modules', '@tensorflow', 'tfjs-node');
  mkdirSync(addon, { recursive: true });
  writeFileSync(join(addon, 'package.json'), '{"name": "@tensorflow/tfjs-node"}');
  const bin = join(path, 'bin');
  mkdirSync(bin);
  symlinkSync(process.execPath, join(bin, 'node'));
  const cache = join(path, 'cache', 'ergoflow', 'tensorflow-2.21.0');
  const env = {
    PATH: bin,
    HOME: path,
    XDG_CACHE_HOME: join(path, 'cache'),
    // Nobody listens there: the vendor is out of reach without a wait.
    TFJS_NODE_BASE_URI: 'http://127.0.0.1:9/',
  };
  return { path, bin, addon, cache, env };
}

function run({ path, env }: ReturnType<typeof project>, more: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(path, 'scripts', 'native-tensorflow.mjs')],
    { encoding: 'utf8', env: { ...env, ...more } },
  );
  return { status, stdout, stderr };
}

/** A `python3` whose pip delivers a small wheel with the files that matter, and some that do not. */
function fakePip({ path, bin }: ReturnType<typeof project>, meanwhile = ''): void {
  const wheel = join(path, 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl');
  writeFileSync(
    wheel,
    zipSync({
      'tensorflow/libtensorflow_cc.so.2': new Uint8Array(5000),
      'tensorflow/libtensorflow_framework.so.2': new Uint8Array(3000),
      'tensorflow/include/tensorflow/c/c_api.h': strToU8('// C API'),
      'tensorflow/include/absl/base/config.h': strToU8('// Abseil'),
      'tensorflow/include/external/other.h': strToU8('// not needed'),
      'tensorflow/python/__init__.py': strToU8('raise SystemExit'),
    }),
  );
  const script = `#!/bin/bash
if [[ "$1 $2" != '-m pip' ]]; then exec ${python} "$@"; fi
echo "$@" >> ${path}/pip.log
${meanwhile}
while [[ $# -gt 0 ]]; do
  if [[ $1 == --dest ]]; then /bin/cp ${wheel} "$2"; fi
  shift
done
`;
  writeFileSync(join(bin, 'python3'), script);
  chmodSync(join(bin, 'python3'), 0o755);
  symlinkSync('/bin/bash', join(bin, 'bash'));
}

describe('native-tensorflow.mjs', () => {
  it('ends well and says every reason where no road leads to the library', () => {
    const here = project();
    const { status, stdout, stderr } = run(here);
    expect(status).toBe(0);
    expect(stdout).toBe('');
    expect(stderr).toContain('runs will use the WebAssembly backend');
    expect(stderr).toContain('from its vendor: its download host 127.0.0.1:9 cannot be reached');
    if (hasWheelRoute) {
      expect(stderr).toContain(
        'from the wheel tensorflow-cpu 2.21.0: neither pip nor "python3 -m pip" was found',
      );
    }
    expect(stderr).toContain(
      'To try again once that is put right: node scripts/native-tensorflow.mjs',
    );
  });

  it('does what ERGOFLOW_NATIVE says, and nothing else', () => {
    const here = project();
    expect(run(here, { ERGOFLOW_NATIVE: 'off' })).toEqual({
      status: 0,
      stdout: '',
      stderr: 'ergoflow: ERGOFLOW_NATIVE=off: native TensorFlow is left out\n',
    });
    expect(run(here, { ERGOFLOW_NATIVE: 'vendor' }).stderr).not.toContain('wheel tensorflow-cpu');
    expect(run(here, { ERGOFLOW_NATIVE: 'wheel' }).stderr).not.toContain('from its vendor');
    const { status, stderr } = run(here, { ERGOFLOW_NATIVE: 'yes' });
    expect(status).toBe(0);
    expect(stderr).toContain('ERGOFLOW_NATIVE expected off, vendor, wheel or auto, got "yes"');
  });

  it('explains that tfjs-node does not run on Node 23, and ends well', () => {
    const here = project();
    const later = join(here.path, 'later.mjs');
    writeFileSync(later, `Object.defineProperty(process.versions, 'node', { value: '23.0.0' });`);
    const { status, stderr } = run(here, { NODE_OPTIONS: `--import ${later}` });
    expect(status).toBe(0);
    expect(stderr).toContain('tfjs-node 4.22.0 does not run on Node 23 or later');
  });

  it('ends well where the package is not installed, as without optional dependencies', () => {
    const here = project();
    writeFileSync(join(here.addon, 'package.json'), '{');
    const { status, stderr } = run(here);
    expect(status).toBe(0);
    expect(stderr).toContain('the package @tensorflow/tfjs-node is not installed');
  });

  it.skipIf(!hasWheelRoute)('unpacks of the wheel what the addon needs, once', () => {
    const here = project();
    fakePip(here);
    // These bytes are no library and there is no compiler: it gets as far as the cache.
    const { status, stderr } = run(here, { ERGOFLOW_NATIVE: 'wheel' });
    expect(status).toBe(0);
    expect(stderr).toContain(`fetching tensorflow-cpu 2.21.0 (274 MB, once) to ${here.cache}`);
    expect(stderr).toContain('compiling its addon failed');
    expect(stderr).toContain('apt install build-essential python3');
    expect(readdirSync(join(here.cache, 'tensorflow')).sort()).toEqual([
      'include',
      'libtensorflow_cc.so.2',
      'libtensorflow_framework.so.2',
    ]);
    expect(readdirSync(join(here.cache, 'tensorflow', 'include')).sort()).toEqual([
      'absl',
      'tensorflow',
    ]);
    expect(readdirSync(join(here.cache, '..'))).toEqual(['tensorflow-2.21.0']);
    // Nothing is left that would look like an addon.
    expect(readdirSync(here.addon)).toEqual(['package.json']);

    expect(run(here, { ERGOFLOW_NATIVE: 'wheel' }).stderr).not.toContain('fetching');
    const downloads = readFileSync(join(here.path, 'pip.log'), 'utf8').match(/ download /g);
    expect(downloads).toHaveLength(1);
  });

  it.skipIf(!hasWheelRoute)('fetches again what an interrupted set-up left incomplete', () => {
    const here = project();
    fakePip(here);
    run(here, { ERGOFLOW_NATIVE: 'wheel' });
    const library = join(here.cache, 'tensorflow', 'libtensorflow_cc.so.2');
    truncateSync(library, 100);
    run(here, { ERGOFLOW_NATIVE: 'wheel' });
    expect(readFileSync(library)).toHaveLength(5000);
    expect(readdirSync(join(here.cache, '..'))).toEqual(['tensorflow-2.21.0']);
  });

  it.skipIf(!hasWheelRoute)('takes what another process finished while it was fetching', () => {
    const first = project();
    fakePip(first);
    run(first, { ERGOFLOW_NATIVE: 'wheel' });
    const second = project();
    const marker = join(second.cache, 'complete.json');
    fakePip(second, `[[ $3 == download ]] && /bin/cp -r ${first.cache} ${second.cache}`);
    const { stderr } = run(second, { ERGOFLOW_NATIVE: 'wheel' });
    expect(stderr).toContain('compiling its addon failed');
    expect(existsSync(marker)).toBe(true);
    expect(readdirSync(join(second.cache, '..'))).toEqual(['tensorflow-2.21.0']);
  });

  it.skipIf(!hasWheelRoute)('lets two projects fill one cache at the same time', async () => {
    const [one, other] = [project(), project()];
    fakePip(one);
    fakePip(other);
    const ends = [one, other].map(async ({ path, env }) => {
      const child = spawn(process.execPath, [join(path, 'scripts', 'native-tensorflow.mjs')], {
        env: { ...env, XDG_CACHE_HOME: join(one.path, 'cache'), ERGOFLOW_NATIVE: 'wheel' },
      });
      const [code] = await once(child, 'exit');
      return code;
    });
    expect(await Promise.all(ends)).toEqual([0, 0]);
    expect(readdirSync(join(one.cache, '..'))).toEqual(['tensorflow-2.21.0']);
    expect(existsSync(join(one.cache, 'complete.json'))).toBe(true);
  });
});
