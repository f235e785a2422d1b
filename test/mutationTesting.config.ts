import { defineConfig } from 'vitest/config';

/** What Stryker runs against each of its mutants: the tests of acceptance rules and estimators alone. */
export default defineConfig({
  test: {
    include: ['test/{core,analysis}/**/*.test.ts', 'test/hybrid/independenceAcceptance.test.ts'],
    pool: 'forks',
    testTimeout: 60_000,
  },
});
