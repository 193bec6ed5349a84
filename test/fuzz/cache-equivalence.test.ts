/**
 * A cached verifier answers exactly as an uncached one, for any sequence of tokens, clock movements and key rotations, and
 * with as many fetches. Servers ask it in a way of their own, which answers alike.
 */
import fc from 'fast-check'
import { createVerifier, type Verifier } from 'jwt-gate'
import { createTestIssuer, type TestKey } from 'jwt-gate/testing'
import { expect, test } from 'vitest'
import { recall } from '../../src/verify/recall.ts'
import { createClock, type TestClock } from '../verify/support/clock.ts'
import { fuzz, TIMEOUT_MS } from './fuzz.ts'

const START = createClock().seconds()
const issuer = await createTestIssuer()
const [first, second] = issuer.keys as [TestKey, TestKey]
const iss = issuer.issuer
const mint = (key: TestKey, claims: object): Promise<string> =>
  issuer.token({ iss, exp: START + 90_000, iat: START, ...claims }, { key })

const TOKENS = await Promise.all([
  mint(first, {}),
  mint(second, {}),
  mint(first, { exp: START + 100 }),
  mint(first, { exp: START + 1_000, nbf: START + 60 }),
  mint(second, { iat: START - 1_700 }),
  mint(second, { iat: START + 60 }),
  mint(first, { iss: 'https://evil.example' }),
  issuer.token(
    { iss, exp: START + 90_000, iat: START },
    { key: first, header: { kid: second.kid } },
  ),
])

const KEY_SETS = [
  [first.jwk, second.jwk],
  [first.jwk],
  [second.jwk],
  [{ ...first.jwk, kid: second.kid }],
  [{ ...first.jwk, use: 'enc' }, second.jwk],
  [first.jwk, { ...second.jwk, kid: first.kid }],
]

type Step =
  | { readonly do: 'verify'; readonly token: number }
  | { readonly do: 'wait'; readonly seconds: number }
  | { readonly do: 'rotate'; readonly set: number }

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ do: fc.constant('verify' as const), token: fc.nat(7) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('wait' as const),
        seconds: fc.constantFrom(-100, -1, 1, 30, 59, 61, 400, 600, 1_300),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('rotate' as const), set: fc.nat(5) }) },
  ),
  { minLength: 20, maxLength: 80 },
)

/** One way to ask, and the fetches that it took. */
interface Asker {
  readonly ask: (token: string) => Promise<unknown>
  readonly fetches: () => number
}

/** With the cache off, with it on, and as a server asks. `keys`: what the issuer has now. */
function createAskers({ now }: TestClock, keys: () => unknown): [Asker, Asker, Asker] {
  const create = (
    options: object,
    ask: (verifier: Verifier, token: string) => Promise<unknown>,
  ): Asker => {
    let fetches = 0
    const fetch = async () => {
      fetches++
      return Response.json({ keys: keys() })
    }
    const { jwksUri } = issuer
    const trusted = { issuer: iss, audience: null, jwksUri, maxTokenAgeSeconds: 1_800 }
    const verifier = createVerifier(trusted, { now, fetch, ...options })
    const settle = async (token: string) => {
      const outcome = await ask(verifier, token).catch((error: Error) => JSON.stringify(error))
      await verifier.settled()
      return outcome
    }
    return { ask: settle, fetches: () => fetches }
  }
  return [
    create({ tokenCache: false }, (verifier, token) => verifier.verify(token)),
    create({}, (verifier, token) => verifier.verify(token)),
    create({}, async (verifier, token) => recall(verifier, token) ?? verifier.verify(token)),
  ]
}

/** Asks in all ways, which have to agree. Answers what they say. */
async function askAll(askers: readonly [Asker, ...Asker[]], token: string): Promise<unknown> {
  const [expected, ...others] = await Promise.all(askers.map(({ ask }) => ask(token)))
  for (const one of others) expect(one).toEqual(expected)
  const [fetches] = askers.map((one) => one.fetches())
  for (const one of askers) expect(one.fetches()).toBe(fetches)
  return expected
}

/** Answers what there was to see, so that a run in which no token ever passes cannot go unseen. */
async function follow(script: readonly Step[]): Promise<string> {
  const clock = createClock()
  let keys = KEY_SETS[0]
  const askers = createAskers(clock, () => keys)
  const seen = new Set<string>()
  for (const step of script) {
    if (step.do === 'wait') clock.advance(step.seconds * 1_000)
    else if (step.do === 'rotate') keys = KEY_SETS[step.set]
    else seen.add(typeof (await askAll(askers, TOKENS[step.token] as string)))
  }
  return seen.has('object') ? 'some tokens passed' : 'no token passed'
}

test('a cache changes no answer', { timeout: TIMEOUT_MS }, () =>
  fuzz('cache', { inputs: steps, short: 100 }, follow),
)

test('a token that is remembered, and whose key is gone, costs no more fetches than with the cache off', async () => {
  const clock = createClock()
  let keys = KEY_SETS[0]
  const askers = createAskers(clock, () => keys)
  const token = TOKENS[0] as string
  await askAll(askers, token)
  await askAll(askers, token)
  keys = KEY_SETS[2]
  clock.advance(600_000)
  await askAll(askers, token)
  clock.advance(600_000)

  expect(await askAll(askers, token)).toContain('ERR_KEY_NOT_FOUND')
})
