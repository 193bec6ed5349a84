import { defineConfig } from 'vitest/config'

const source = (path: string) => new URL(`./src/${path}/index.ts`, import.meta.url).pathname

export default defineConfig({
  resolve: {
    // the tests and the examples call the package by its name, and get the source
    alias: [
      { find: /^jwt-gate$/, replacement: source('verify') },
      {
        find: /^jwt-gate\/(express|fetch|issuers|lambda|lambda-authorizer|explain|slim|stores|testing)$/,
        replacement: source('$1'),
      },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    // what test:consumers and test:guides copy, write and run
    exclude: ['test/{consumers,guides}/**', '**/node_modules/**'],
    // one worker for each of the two cores that CI has
    pool: 'threads',
    maxWorkers: 2,
    // no file of tests changes anything for another, and to load the source anew for each takes half the time
    isolate: false,
    // the machine may be busy; what hangs is found all the same
    testTimeout: 30_000,
    reporters: ['default', './test/support/skip-reporter.ts'],
    typecheck: { enabled: true, include: ['test/**/*.test-d.ts'], ignoreSourceErrors: true },
    coverage: {
      provider: 'v8',
      include: ['src/**'],
      exclude: [
        // test:stores runs them, on real servers
        'src/stores/{redis,dynamodb}/**',
        'src/cli/revocation/redis.ts',
        // only a process of its own, the zip and slim builds have them
        'src/cli/main.ts',
        'src/slim/without/*.ts',
      ],
      reporter: ['text-summary', 'html', 'json-summary'],
      thresholds: { lines: 98, branches: 95 },
    },
  },
})
