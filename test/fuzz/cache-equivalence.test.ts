/**
 * A verifier with a cache returns exactly what one without a cache returns, and fetches as often, for any sequence of tokens,
 * clock changes, rotations, outages and rules. Servers call it in another way, which must have the same results.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createWorld, ENDPOINTS, KEY_SETS, RULES, type State, TOKENS } from './cache-world.ts'
import { fuzz, TIMEOUT_MS } from './fuzz.ts'

// pauses after failed fetches have random jitter, and those of two verifiers would differ
beforeAll(() => void vi.spyOn(Math, 'random').mockReturnValue(0.5))
afterAll(() => void vi.restoreAllMocks())

type Step =
  | { readonly verify: number }
  | { readonly wait: number }
  | { readonly change: Partial<State> }

const oneOf = (list: readonly unknown[]) => fc.nat(list.length - 1)
const change = (changed: fc.Arbitrary<Partial<State>>) => fc.record({ change: changed })

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 10, arbitrary: fc.record({ verify: oneOf(TOKENS) }) },
    {
      weight: 6,
      arbitrary: fc.record({
        wait: fc.constantFrom(-100, -1, 1, 2, 30, 59, 61, 400, 600, 1_300, 3_700),
      }),
    },
    { weight: 2, arbitrary: change(fc.record({ keys: oneOf(KEY_SETS) })) },
    { weight: 2, arbitrary: change(fc.record({ endpoint: oneOf(ENDPOINTS) })) },
    { weight: 1, arbitrary: change(fc.record({ rule: oneOf(RULES) })) },
  ),
  { minLength: 20, maxLength: 80 },
)

/** Returns the outcomes, so that a run in which all tokens have the same outcome is noticed. */
async function follow(script: readonly Step[], isRuled: boolean): Promise<string> {
  const world = createWorld(isRuled)
  const seen = new Set<string>()
  for (const step of script) {
    if ('wait' in step) world.clock.advance(step.wait * 1_000)
    else if ('change' in step) Object.assign(world.state, step.change)
    else seen.add(nameOf(await world.ask(step.verify)))
  }
  return ['passed', 'ERR_TOKEN_CHECK', 'ERR_JWKS_UNAVAILABLE']
    .filter((name) => seen.has(name))
    .join(', ')
}

function nameOf(answer: unknown): string {
  return typeof answer === 'string' ? JSON.parse(answer).code : 'passed'
}

const TIMEOUT = { timeout: TIMEOUT_MS }

test('the cache never changes a result', TIMEOUT, () =>
  fuzz('cache', { inputs: steps, short: 100 }, (script) => follow(script, false)),
)

test('the cache never changes a result if there is a check', TIMEOUT, () =>
  fuzz('cache and rule', { inputs: steps, short: 100 }, (script) => follow(script, true)),
)

test('a cached token whose key is gone causes no more fetches than without a cache', async () => {
  const { clock, state, ask } = createWorld(false)
  await ask(0)
  await ask(0)
  state.keys = 2
  clock.advance(600_000)
  await ask(0)
  clock.advance(600_000)

  expect(nameOf(await ask(0))).toBe('ERR_KEY_NOT_FOUND')
})
