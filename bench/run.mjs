// Runs a TypeScript benchmark of this folder: `node bench/run.mjs flow.ts --quick`.
import { createJiti } from 'jiti';

const [name] = process.argv.slice(2);
if (name === undefined) {
  console.error('usage: node bench/run.mjs <file.ts> [options]');
  process.exit(2);
}
await createJiti(import.meta.url).import(`./${name}`);
