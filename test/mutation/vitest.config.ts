/** The tests that judge mutants: those that read `src` itself, and not what is built, packed or linted from it. */
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
    // chance would judge a mutant differently from one run to the next, and the compiler refuses them all
    exclude: ['**/*fuzz.test.ts', '**/lru-cache-types.test.ts'],
    typecheck: { enabled: false },
    runner: fileURLToPath(new URL('./mutant-runner.ts', import.meta.url)),
    sequence: { sequencer: LikeliestFirst },
  },
})
