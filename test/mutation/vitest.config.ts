/** The tests that judge mutants: those that import `src` itself, and not what is built, packed or linted from it. */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import base from '../../vitest.config.ts'
import { LikeliestFirst } from './likeliest-first.ts'

const AREAS = 'attacks,express,fetch,lambda,lambda-authorizer,secrets,standalone,stores,verify'
/** The tests, separated by spaces: fewer than all make a run of one file much shorter. */
const TESTS = process.env['JWT_GATE_MUTATION_TESTS']?.split(' ') ?? [`test/{${AREAS}}/**/*.test.ts`]

/** Lets the tests of real servers, which are written for the built package and `node:test`, judge the source. */
const serverTests = {
  name: 'server-tests',
  transform: (code: string, id: string) =>
    id.includes('/test/stores-servers/')
      ? code
          .replace(/'node:test'/, `'${fileURLToPath(new URL('./node-test.ts', import.meta.url))}'`)
          .replaceAll(/'(?:\.\.\/)+dist\/(\w+)\/index\.js'/g, "'/src/$1/index.ts'")
      : undefined,
}

export default defineConfig({
  ...base,
  plugins: [serverTests],
  root: fileURLToPath(new URL('../../', import.meta.url)),
  test: {
    ...base.test,
    include: TESTS,
    // a busy machine is no failure; Stryker ends what hangs
    testTimeout: 600_000,
    // random tests would judge a mutant differently in each run, and the compiler test would reject every mutant; the issuers of
    // shared-places.test.ts would have the same keys, because the runner reuses them
    exclude: ['**/*fuzz.test.ts', '**/lru-cache-types.test.ts', '**/shared-places.test.ts'],
    typecheck: { enabled: false },
    runner: fileURLToPath(new URL('./mutant-runner.ts', import.meta.url)),
    sequence: { sequencer: LikeliestFirst },
  },
})
