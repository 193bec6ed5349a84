/** The tests that judge mutants: those that import `src` itself, and not what is built, packed or linted from it. */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import base from '../../vitest.config.ts'
import { LikeliestFirst } from './likeliest-first.ts'

const AREAS = 'attacks,express,lambda-authorizer,secrets,standalone,verify'

export default defineConfig({
  ...base,
  root: fileURLToPath(new URL('../../', import.meta.url)),
  test: {
    ...base.test,
    include: [`test/{${AREAS}}/**/*.test.ts`],
    // random tests would judge a mutant differently in each run, and the compiler test would reject every mutant; the issuers of
    // shared-places.test.ts would have the same keys, because the runner reuses them
    exclude: ['**/*fuzz.test.ts', '**/lru-cache-types.test.ts', '**/shared-places.test.ts'],
    typecheck: { enabled: false },
    runner: fileURLToPath(new URL('./mutant-runner.ts', import.meta.url)),
    sequence: { sequencer: LikeliestFirst },
  },
})
