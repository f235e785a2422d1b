import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string): string => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

const alias = [
  { find: /^ergoflow$/, replacement: source('index.ts') },
  { find: /^ergoflow\/sockets$/, replacement: source('io/sockets/index.ts') },
  { find: /^ergoflow\/(md|flow|hybrid|analysis)$/, replacement: source('$1/index.ts') },
];

export default defineConfig({
  test: {
    // Every core: vitest leaves one idle unless told otherwise, which on two cores is half of them.
    maxWorkers: '100%',
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'fast',
          include: ['test/**/*.test.ts'],
          exclude: ['test/slow/**'],
          // TensorFlow's addon holds process-wide state: one process a file, not one thread.
          pool: 'forks',
          // Node runs the built package as it is: vitest would take longer to transform it than to run it.
          server: { deps: { external: [/\/dist\/(src|scenarios)\//] } },
          testTimeout: 60_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'slow',
          include: ['test/slow/**/*.test.ts'],
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 1_800_000,
        },
      },
    ],
  },
});
