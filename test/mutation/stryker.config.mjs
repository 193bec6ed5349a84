/**
 * Mutation testing: `npm run mutate`, or `npm run mutate -- --mutate src/verify/claims/claims.ts` for one file. The score is in
 * docs/conformance.md.
 */
export default {
  testRunner: 'vitest',
  plugins: [
    import.meta.resolve('@stryker-mutator/vitest-runner'),
    import.meta.resolve('./option-names.mjs'),
  ],
  ignorers: ['option-names'],
  vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
  coverageAnalysis: 'perTest',
  mutate: ['src/**/*.ts', '!src/testing/**', '!src/*/index.ts', '!src/standalone/handler.ts'],
  // TypeScript 7 has no API for rewriting it, and nothing here needs that
  tsconfigFile: 'none',
  ignorePatterns: [
    'bench',
    'test/emulators',
    'test/mutation/node_modules',
    'dist',
    'coverage',
    'reports',
  ],
  concurrency: 2,
  dryRunTimeoutMinutes: 30,
  // a busy machine must not be mistaken for a mutant that hangs
  timeoutMS: 60_000,
  timeoutFactor: 4,
  reporters: ['clear-text', 'json', 'html'],
  clearTextReporter: { logTests: false, allowColor: false },
  jsonReporter: { fileName: 'reports/mutation/mutation.json' },
}
