// Compiles assembly/*.ts to WebAssembly and embeds each module as base64 in a TypeScript file, so that
// the package needs no loader, no file access and no network at run time.
//
//     node scripts/build-wasm.mjs           writes the modules
//     node scripts/build-wasm.mjs --check   fails where a checked-in module is not what its source gives
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = fileURLToPath(new URL('..', import.meta.url));

const modules = [
  { source: 'assembly/dense.ts', target: 'src/flow/wasm/dense.wasm.ts' },
  { source: 'assembly/particleDimer.ts', target: 'src/md/wasm/particleDimer.wasm.ts' },
  { source: 'assembly/molecule.ts', target: 'src/md/wasm/molecule.wasm.ts' },
];

// Strict SIMD only: relaxed instructions are behind a flag in Node 20 and give other bits elsewhere.
const options = ['--enable', 'simd', '-O3', '--noAssert', '--runtime', 'stub'];

async function compile(source) {
  let binary;
  const { error, stderr } = await asc.main([source, '--outFile', 'module.wasm', ...options], {
    readFile: (name) => {
      try {
        return readFileSync(`${root}/${name}`, 'utf8');
      } catch {
        return null;
      }
    },
    writeFile: (_name, contents) => {
      binary = contents;
    },
    listFiles: () => [],
  });
  if (error) throw new Error(`${source}: ${error.message}\n${stderr.toString()}`);
  return binary;
}

function embed(source, binary) {
  const lines = Buffer.from(binary)
    .toString('base64')
    .match(/.{1,92}/g);
  return [
    `// Made from ${source} by scripts/build-wasm.mjs; ${binary.length} bytes. Do not edit.`,
    'export default [',
    ...lines.map((line) => `  '${line}',`),
    "].join('');",
    '',
  ].join('\n');
}

let stale = 0;
for (const { source, target } of modules) {
  const text = embed(source, await compile(source));
  if (!process.argv.includes('--check')) {
    writeFileSync(`${root}/${target}`, text);
  } else if (readFileSync(`${root}/${target}`, 'utf8') !== text) {
    console.error(`${target} is not what ${source} compiles to: run node scripts/build-wasm.mjs`);
    stale++;
  }
}
process.exitCode = stale === 0 ? 0 : 1;
