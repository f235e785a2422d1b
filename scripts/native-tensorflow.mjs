#!/usr/bin/env node
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compileAddon, findPackage, probeAddon } from './native/addon.mjs';
import { vendorDownload } from './native/vendorDownload.mjs';
import { WHEEL_VERSION, wheelLibrary } from './native/wheelLibrary.mjs';

/** @typedef {'auto' | 'vendor' | 'wheel'} Route */

/**
 * Gives `@tensorflow/tfjs-node` its native library: what is there already, else the vendor's
 * download, else an addon compiled against the C library of the Python wheel `tensorflow-cpu`.
 *
 * @param {{ route?: Route, log?: (line: string) => void }} [options]
 *   `vendor` and `wheel` try that road alone.
 * @returns {Promise<{ version?: string, reasons: string[] }>}
 *   the version of TensorFlow that runs now, or every reason why none does
 */
export async function installNative({ route = 'auto', log = () => {} } = {}) {
  const folder = findPackage();
  if (!folder) return { reasons: ['the package @tensorflow/tfjs-node is not installed'] };
  if (Number.parseInt(process.versions.node, 10) >= 23) {
    return {
      reasons: [`tfjs-node 4.22.0 does not run on Node 23 or later, this is ${process.version}`],
    };
  }
  const present = probeAddon(folder);
  if (present.version) return { version: present.version, reasons: [] };

  const reasons = [];
  if (route !== 'wheel') {
    const vendor = await vendorDownload(folder, log).catch(asReason);
    if (vendor.version) return { version: vendor.version, reasons: [] };
    reasons.push(`from its vendor: ${vendor.reason}`);
  }
  if (route !== 'vendor') {
    const wheel = buildFromWheel(folder, log);
    if (wheel.version) return { version: wheel.version, reasons: [] };
    reasons.push(`from the wheel tensorflow-cpu ${WHEEL_VERSION}: ${wheel.reason}`);
  }
  return { reasons };
}

/** @returns {import('./native/addon.mjs').Attempt} */
function buildFromWheel(/** @type {string} */ folder, /** @type {(line: string) => void} */ log) {
  try {
    const { library, reason } = wheelLibrary(log);
    if (!library) return { reason };
    log('compiling the addon of @tensorflow/tfjs-node');
    return compileAddon(folder, library);
  } catch (error) {
    return asReason(error);
  }
}

/** A cache that cannot be written, say: one more reason, and no failure of the whole installation. */
function asReason(/** @type {unknown} */ error) {
  return { reason: error instanceof Error ? error.message : String(error) };
}

/** Runs as npm's `prepare`: says what it did, and never makes the installation fail. */
async function main() {
  const wish = process.env.ERGOFLOW_NATIVE || 'auto';
  if (wish === 'off') {
    log('ERGOFLOW_NATIVE=off: native TensorFlow is left out');
    return;
  }
  const route = /** @type {const} */ (['vendor', 'wheel']).find((name) => name === wish) ?? 'auto';
  if (route !== wish) {
    log(`ERGOFLOW_NATIVE expected off, vendor, wheel or auto, got "${wish}"; taken as auto`);
  }
  const started = performance.now();
  const { version, reasons } = await installNative({ route, log });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (version) {
    log(`native TensorFlow ${version} runs (${seconds} s)`);
    return;
  }
  log(
    'native TensorFlow is not available, so runs will use the WebAssembly backend: the same results ' +
      'within their errors, but slower training.\n' +
      `${reasons.map((reason) => `  - ${reason}\n`).join('')}` +
      '  To try again once that is put right: node scripts/native-tensorflow.mjs ' +
      '(docs/install.md has the details; ERGOFLOW_NATIVE=off skips this step)',
  );
}

function log(/** @type {string} */ line) {
  process.stderr.write(`ergoflow: ${line}\n`);
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await main().catch((error) => log(`native TensorFlow was not set up: ${error.stack ?? error}`));
}
