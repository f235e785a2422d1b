import tseslint from 'typescript-eslint';

// Biome formats and lints; here are only the rules that need types, and two that Biome lacks.
export default tseslint.config(
  {
    ignores: [
      'dist/',
      'node_modules/',
      'coverage/',
      'runs/',
      'reports/',
      '.stryker-tmp/',
      // AssemblyScript is another language, and its output is generated.
      'assembly/',
      '**/*.wasm.ts',
      '**/*.data.ts',
      '**/*.{js,mjs}',
    ],
  },
  {
    files: [
      'src/**/*.ts',
      'scenarios/**/*.ts',
      'test/**/*.ts',
      'bench/**/*.ts',
      'vitest.config.ts',
    ],
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Draw from a key (src/core/rng.ts).' },
      ],
    },
  },
);
