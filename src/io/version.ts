import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of this package: the nearest one above with its `package.json`, from source or built. */
export const packageFolder = findPackageFolder();

/** The version of this package. */
export const version = readVersion(packageFolder) ?? 'unknown';

function findPackageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (readVersion(folder) === undefined && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

function readVersion(folder: string): string | undefined {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const isOurs = typeof manifest === 'object' && manifest !== null && 'name' in manifest;
    if (!isOurs || manifest.name !== 'ergoflow' || !('version' in manifest)) return undefined;
    return String(manifest.version);
  } catch {
    return undefined;
  }
}
