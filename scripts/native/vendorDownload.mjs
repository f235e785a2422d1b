import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { probeAddon, removeAddon } from './addon.mjs';
import { firstError } from './firstError.mjs';

/** How long an unreachable host may cost, ms. */
const PROBE_LIMIT = 4_000;

/**
 * Runs tfjs-node's own install script, which downloads TensorFlow and a compiled addon.
 *
 * @param {string} folder of the package
 * @param {(line: string) => void} log
 * @returns {Promise<import('./addon.mjs').Attempt>}
 */
export async function vendorDownload(folder, log) {
  const unreachable = await probeHost();
  if (unreachable) return { reason: unreachable };
  log('downloading TensorFlow with the install script of @tensorflow/tfjs-node');
  removeAddon(folder);
  const child = spawnSync(process.execPath, ['scripts/install.js'], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 900_000,
    maxBuffer: 64 * 2 ** 20,
    // The script calls node-pre-gyp by its bare name.
    env: { ...process.env, PATH: `${binFolder(folder)}${delimiter}${process.env.PATH ?? ''}` },
  });
  const attempt =
    child.status === 0
      ? probeAddon(folder)
      : { reason: `its install script failed (${firstError(child.stderr)})` };
  // Half a download would be taken for a whole one by the next install.
  if (!attempt.version) removeAddon(folder);
  return attempt;
}

async function probeHost() {
  // A proxy is tfjs-node's to use; asking the host directly would prove nothing.
  if (
    ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].some((name) => process.env[name])
  ) {
    return undefined;
  }
  const host = downloadHost();
  try {
    await fetch(host, { method: 'HEAD', signal: AbortSignal.timeout(PROBE_LIMIT) });
    return undefined;
  } catch {
    return `its download host ${new URL(host).host} cannot be reached`;
  }
}

/** The host of tfjs-node's `scripts/install.js`, with that script's own settings for a mirror. */
function downloadHost() {
  const { TFJS_NODE_BASE_URI, TFJS_NODE_CDN_STORAGE, CDN_STORAGE } = process.env;
  return (
    TFJS_NODE_BASE_URI || TFJS_NODE_CDN_STORAGE || CDN_STORAGE || 'https://storage.googleapis.com/'
  );
}

function binFolder(/** @type {string} */ folder) {
  const builder = createRequire(join(folder, 'package.json')).resolve(
    '@mapbox/node-pre-gyp/package.json',
  );
  return join(dirname(builder), '..', '..', '.bin');
}
