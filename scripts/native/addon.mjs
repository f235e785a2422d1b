import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { firstError } from './firstError.mjs';

/**
 * @typedef {object} Attempt What came of one try: the version of TensorFlow that answered, or why none did.
 * @property {string} [version]
 * @property {string} [reason]
 */

const require = createRequire(import.meta.url);

/** The folder of `@tensorflow/tfjs-node`, or nothing where the package is not installed. */
export function findPackage() {
  try {
    return dirname(require.resolve('@tensorflow/tfjs-node/package.json'));
  } catch {
    return undefined;
  }
}

/**
 * Loads the addon and squares a number with it, in a process of its own: a library that does not fit
 * this processor ends that process by a signal, and not this one.
 *
 * @param {string} folder of the package
 * @returns {Attempt}
 */
export function probeAddon(folder) {
  if (!existsSync(join(folder, 'lib'))) return { reason: 'its addon has not been built' };
  const child = spawnSync(process.execPath, ['--eval', PROBE, folder], {
    encoding: 'utf8',
    timeout: 120_000,
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' },
  });
  if (child.status === 0) return { version: child.stdout.trim() };
  const how = child.signal ? `ended by ${child.signal}` : firstError(child.stderr);
  return { reason: `its addon does not run (${how})` };
}

const PROBE = `
  const tf = require(process.argv[1]);
  const [square] = tf.square(tf.tensor1d([3])).dataSync();
  if (square !== 9) throw new Error('3 squared came out as ' + square);
  console.log(tf.backend().binding.TF_Version);
`;

/**
 * Compiles the addon with node-gyp against an unpacked TensorFlow library.
 *
 * `npm rebuild` would do the same, but not where npm blocks the package's scripts (`allowScripts`).
 *
 * @param {string} folder of the package
 * @param {string} library folder that holds `libtensorflow_cc.so.2` and `include`
 * @returns {Attempt}
 */
export function compileAddon(folder, library) {
  removeAddon(folder);
  linkLibrary(folder, library);
  const failed = compileQuietStart(folder) ?? compileBinding(folder);
  if (failed) {
    removeAddon(folder);
    return {
      reason:
        `compiling its addon failed (${failed}); this takes a C++ compiler, make and Python 3, ` +
        'on Debian or Ubuntu: apt install build-essential python3',
    };
  }
  removeMatching(folder, /^build(-tmp.*)?$/);
  const attempt = probeAddon(folder);
  if (!attempt.version) removeAddon(folder);
  return attempt;
}

/** @returns {string | undefined} what went wrong */
function compileQuietStart(/** @type {string} */ folder) {
  const child = spawnSync(
    process.env.CC || 'cc',
    [
      ...['-shared', '-fPIC', '-O1', '-Wl,-z,initfirst', '-Wl,-soname,libergoflow_quiet.so'],
      ...['-o', quietLibrary(folder), beside('quietStart.c')],
    ],
    { encoding: 'utf8', timeout: 60_000 },
  );
  if (child.error) return child.error.message;
  return child.status === 0 ? undefined : firstError(child.stderr);
}

/** @returns {string | undefined} what went wrong */
function compileBinding(/** @type {string} */ folder) {
  const builder = createRequire(join(folder, 'package.json')).resolve(
    '@mapbox/node-pre-gyp/bin/node-pre-gyp',
  );
  const { CXXFLAGS = '', LDFLAGS = '' } = process.env;
  const child = spawnSync(process.execPath, [builder, 'install', '--build-from-source'], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 900_000,
    maxBuffer: 64 * 2 ** 20,
    env: {
      ...process.env,
      npm_config_node_gyp: findNodeGyp(),
      ...headers(),
      CXXFLAGS: `${CXXFLAGS} -include "${beside('quietStart.h')}"`,
      LDFLAGS: `${LDFLAGS} -Wl,--no-as-needed "${quietLibrary(folder)}"`,
    },
  });
  return child.status === 0 ? undefined : firstError(child.stderr);
}

function quietLibrary(/** @type {string} */ folder) {
  return join(folder, 'deps', 'lib', 'libergoflow_quiet.so');
}

function beside(/** @type {string} */ file) {
  return fileURLToPath(new URL(file, import.meta.url));
}

/** Takes everything away that an install may have left, so that loading fails cleanly or not at all. */
export function removeAddon(/** @type {string} */ folder) {
  removeMatching(folder, /^(lib|deps|build(-tmp.*)?)$/);
}

function removeMatching(/** @type {string} */ folder, /** @type {RegExp} */ pattern) {
  for (const name of readdirSync(folder).filter((entry) => pattern.test(entry))) {
    rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** Lays the library out as the package's own download would; the names with 2.9.1 are its install script's. */
function linkLibrary(/** @type {string} */ folder, /** @type {string} */ library) {
  const lib = join(folder, 'deps', 'lib');
  mkdirSync(lib, { recursive: true });
  symlinkSync(join(library, 'include'), join(folder, 'deps', 'include'));
  for (const [part, file] of [
    ['libtensorflow', 'libtensorflow_cc.so.2'],
    ['libtensorflow_framework', 'libtensorflow_framework.so.2'],
  ]) {
    symlinkSync(join(library, file), join(lib, file));
    for (const ending of ['so', 'so.2', 'so.2.9.1']) {
      const name = `${part}.${ending}`;
      if (name !== file) symlinkSync(file, join(lib, name));
    }
  }
}

/** npm's own node-gyp: given by npm to the scripts it runs, asked for elsewhere. */
function findNodeGyp() {
  if (process.env.npm_config_node_gyp) return process.env.npm_config_node_gyp;
  const asked = spawnSync('npm', ['exec', '--call', 'node -p process.env.npm_config_node_gyp'], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  return asked.stdout?.trim().split('\n').at(-1) ?? '';
}

/** Node's headers, where they were installed beside node: otherwise node-gyp downloads them. */
function headers() {
  if (process.env.npm_config_nodedir) return {};
  const prefix = dirname(dirname(process.execPath));
  return existsSync(join(prefix, 'include', 'node', 'node.h'))
    ? { npm_config_nodedir: prefix }
    : {};
}
