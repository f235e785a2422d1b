import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { firstError } from './firstError.mjs';

export const WHEEL_VERSION = '2.21.0';

const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
const UNPACKED =
  /^tensorflow\/(libtensorflow_(cc|framework)\.so\.2$|include\/(tensorflow|xla|tsl|absl)\/)/;

/** Download and unpacked library together, bytes, with room to spare. */
const NEEDED_BYTES = 1.5e9;

/** A download older than this was abandoned, ms. */
const ABANDONED = 3_600_000;

/** Where the library is kept, outside `node_modules`, so that the next `npm ci` does not pay again. */
export function cacheFolder() {
  const xdg = process.env.XDG_CACHE_HOME;
  const root = xdg && isAbsolute(xdg) ? xdg : join(homedir(), '.cache');
  return join(root, 'ergoflow', `tensorflow-${WHEEL_VERSION}`);
}

/**
 * The TensorFlow C library of the Python wheel `tensorflow-cpu`, from the cache or else through pip.
 *
 * A folder under the final name is complete: it is filled under another name and renamed. Two
 * processes may do so at once; the second one to finish takes the first one's result.
 *
 * @param {(line: string) => void} log
 * @returns {{ library?: string, reason?: string }}
 */
export function wheelLibrary(log) {
  const unsupported = unsupportedPlatform();
  if (unsupported) return { reason: unsupported };
  const cache = cacheFolder();
  if (isComplete(cache)) return { library: join(cache, 'tensorflow') };

  const pip = findPip();
  if (!pip) return { reason: 'neither pip nor "python3 -m pip" was found to fetch the wheel' };

  const root = join(cache, '..');
  mkdirSync(root, { recursive: true });
  sweep(root);
  const free = freeBytes(root);
  if (free < NEEDED_BYTES) {
    return {
      reason: `${root} has ${gigabytes(free)} GB free and ${gigabytes(NEEDED_BYTES)} GB are needed`,
    };
  }
  const partial = mkdtempSync(`${cache}.partial-`);
  try {
    log(`fetching tensorflow-cpu ${WHEEL_VERSION} (274 MB, once) to ${cache}`);
    const problem = download(pip, partial) ?? unpack(partial);
    if (problem) return { reason: problem };
    publish(join(partial, 'library'), cache);
    return { library: join(cache, 'tensorflow') };
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

/** Whether the cached library is whole: its marker, written last, agrees with what is there. */
export function isComplete(/** @type {string} */ cache) {
  try {
    const marker = JSON.parse(readFileSync(join(cache, 'complete.json'), 'utf8'));
    return (
      marker.machine === machine() &&
      existsSync(join(cache, 'tensorflow', 'include', 'tensorflow', 'c', 'c_api.h')) &&
      LIBRARIES.every(
        (file) => statSync(join(cache, 'tensorflow', file)).size === marker.bytes[file],
      )
    );
  } catch {
    return false;
  }
}

function unsupportedPlatform() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return `the wheel's library is used on Linux x64 only, this is ${machine()}`;
  }
  // Absent with musl, whose programs cannot load a library that was linked with glibc.
  const header = Reflect.get(process.report.getReport(), 'header');
  return header.glibcVersionRuntime ? undefined : 'the wheel needs glibc, which this system is not';
}

function machine() {
  return `${process.platform}-${process.arch}`;
}

/** @returns {string[] | undefined} command and leading arguments */
function findPip() {
  return [['python3', '-m', 'pip'], ['pip3'], ['pip'], ['python', '-m', 'pip']].find(
    ([command, ...args]) =>
      spawnSync(command, [...args, '--version'], { timeout: 20_000 }).status === 0,
  );
}

function download(/** @type {string[]} */ [command, ...args], /** @type {string} */ partial) {
  const child = spawnSync(
    command,
    [
      ...args,
      ...['download', '--no-deps', '--no-cache-dir', '--no-input', '--disable-pip-version-check'],
      ...['--progress-bar', 'off', '--retries', '0', '--timeout', '20', '--dest', partial],
      // The C library is the same in every wheel: which Python is installed here does not matter.
      ...['--only-binary', ':all:', '--implementation', 'cp', '--python-version', '3.11'],
      ...['--platform', 'manylinux_2_27_x86_64', `tensorflow-cpu==${WHEEL_VERSION}`],
    ],
    { encoding: 'utf8', timeout: 1_800_000, maxBuffer: 64 * 2 ** 20 },
  );
  return child.status === 0
    ? undefined
    : `pip could not fetch the wheel (${firstError(child.stderr)})`;
}

/** Unpacks with Python's zipfile, which is there wherever pip is, and writes the marker. */
function unpack(/** @type {string} */ partial) {
  const wheel = readdirSync(partial).find((name) => name.endsWith('.whl'));
  const target = join(partial, 'library');
  const child = spawnSync(
    existsOnPath('python3') ? 'python3' : 'python',
    ['-c', UNZIP, join(partial, wheel ?? ''), target, UNPACKED.source],
    { encoding: 'utf8', timeout: 900_000 },
  );
  if (child.status !== 0) return `the wheel could not be unpacked (${firstError(child.stderr)})`;
  const bytes = Object.fromEntries(
    LIBRARIES.map((file) => [file, statSync(join(target, 'tensorflow', file)).size]),
  );
  writeFileSync(
    join(target, 'complete.json'),
    `${JSON.stringify({ library: WHEEL_VERSION, machine: machine(), bytes }, undefined, 2)}\n`,
  );
  return undefined;
}

const UNZIP = `
import re, sys, zipfile
wheel = zipfile.ZipFile(sys.argv[1])
wheel.extractall(sys.argv[2], [name for name in wheel.namelist() if re.match(sys.argv[3], name)])
`;

function existsOnPath(/** @type {string} */ command) {
  return spawnSync(command, ['--version']).status === 0;
}

function publish(/** @type {string} */ library, /** @type {string} */ cache) {
  if (existsSync(cache) && !isComplete(cache)) {
    // Links into the folder go by its name: they are whole again as soon as the new one has it.
    const aside = mkdtempSync(`${cache}.partial-`);
    renameSync(cache, join(aside, 'incomplete'));
    rmSync(aside, { recursive: true, force: true });
  }
  try {
    renameSync(library, cache);
  } catch (error) {
    if (!isComplete(cache)) throw error;
  }
}

function sweep(/** @type {string} */ root) {
  for (const name of readdirSync(root)) {
    if (!name.includes('.partial-')) continue;
    const path = join(root, name);
    if (Date.now() - statSync(path).mtimeMs > ABANDONED)
      rmSync(path, { recursive: true, force: true });
  }
}

function freeBytes(/** @type {string} */ folder) {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

function gigabytes(/** @type {number} */ bytes) {
  return (bytes / 1e9).toFixed(1);
}
