/**
 * An issuer whose keys, endpoint and clock change, a check that changes, and verifiers of all kinds that are used meanwhile.
 */
import { createVerifier, type VerifiedToken, type Verifier } from 'jwt-gate'
import { createTestIssuer, type TestKey } from 'jwt-gate/testing'
import { expect } from 'vitest'
import { fastPathOf } from '../../src/verify/fast-path.ts'
import { createClock } from '../verify/support/clock.ts'

const START = createClock().seconds()
const issuer = await createTestIssuer()
const [first, second] = issuer.keys as [TestKey, TestKey]
const iss = issuer.issuer
const mint = (key: TestKey, claims: object): Promise<string> =>
  issuer.token({ iss, exp: START + 90_000, iat: START, ...claims }, { key })

export const TOKENS = await Promise.all([
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

export const KEY_SETS = [
  [first.jwk, second.jwk],
  [first.jwk],
  [second.jwk],
  [{ ...first.jwk, kid: second.kid }],
  [{ ...first.jwk, use: 'enc' }, second.jwk],
  [first.jwk, { ...second.jwk, kid: first.kid }],
]

/** How the endpoint responds, with the current keys. */
export const ENDPOINTS: readonly ((keys: unknown) => Response)[] = [
  (keys) => Response.json({ keys }),
  (keys) => Response.json({ keys }, { headers: { 'cache-control': 'max-age=60' } }),
  () => {
    throw new TypeError('unreachable')
  },
  () => new Response('', { status: 500 }),
  () => Response.json({ keys: [] }),
]

/** The result of the user's check. */
export const RULES: readonly ((verified: VerifiedToken) => unknown)[] = [
  () => undefined,
  () => false,
  ({ header }) => header.kid === first.kid,
  () => {
    throw new Error('no')
  },
  async () => undefined,
  async ({ header }) => header.kid === second.kid,
]

/** The current state: indexes into the lists above. */
export interface State {
  keys: number
  endpoint: number
  rule: number
}

/** One way to verify, and the number of its fetches. */
interface Asker {
  readonly ask: (token: string) => Promise<unknown>
  readonly fetches: () => number
}

/** The initial state. @param isRuled - whether there is a check at all: if so, tokens take another code path */
export function createWorld(isRuled: boolean) {
  const clock = createClock()
  const state: State = { keys: 0, endpoint: 0, rule: 0 }
  const check = (verified: VerifiedToken) => RULES[state.rule]?.(verified) as undefined
  const create = (
    options: object,
    ask: (verifier: Verifier, token: string) => Promise<unknown>,
  ): Asker => {
    let fetches = 0
    const fetch = async () => {
      fetches++
      return ENDPOINTS[state.endpoint]?.(KEY_SETS[state.keys]) as Response
    }
    const verifier = createVerifier(
      { issuer: iss, audience: null, jwksUri: issuer.jwksUri, maxTokenAgeSeconds: 1_800 },
      {
        now: clock.now,
        fetch,
        jwks: { maxStaleMs: 3_600_000 },
        ...(isRuled && { check }),
        ...options,
      },
    )
    const settle = async (token: string) => {
      const outcome = await ask(verifier, token).catch((error: Error) => JSON.stringify(error))
      await verifier.settled()
      return outcome
    }
    return { ask: settle, fetches: () => fetches }
  }
  const askers = [
    create({ tokenCache: false }, (verifier, token) => verifier.verify(token)),
    create({}, (verifier, token) => verifier.verify(token)),
    // as servers do
    create({}, async (verifier, token) => (fastPathOf(verifier) ?? verifier.verify)(token)),
  ]
  return { clock, state, ask: (token: number) => askAll(askers, TOKENS[token] as string) }
}

/** Verifies in all ways, which must have the same result and number of fetches. Returns the result. */
async function askAll(askers: readonly Asker[], token: string): Promise<unknown> {
  const [expected, ...others] = await Promise.all(askers.map(({ ask }) => ask(token)))
  for (const one of others) expect(one).toEqual(expected)
  const [fetches, ...more] = askers.map((one) => one.fetches())
  for (const one of more) expect(one).toBe(fetches)
  return expected
}
