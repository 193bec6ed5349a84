/**
 * A cached verifier answers exactly as an uncached one, for any sequence of tokens, clock movements and key rotations.
 */
import fc from 'fast-check'
import { createVerifier, type Verifier } from 'jwt-gate'
import { createTestIssuer, type TestKey } from 'jwt-gate/testing'
import { expect, test } from 'vitest'
import { createClock, type TestClock } from './support/clock.ts'

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

function createPair({ now }: TestClock, fetch: typeof globalThis.fetch): [Verifier, Verifier] {
  const trusted = {
    issuer: iss,
    audience: null,
    jwksUri: issuer.jwksUri,
    maxTokenAgeSeconds: 1_800,
  }
  return [
    createVerifier(trusted, { now, fetch }),
    createVerifier(trusted, { now, fetch, tokenCache: false }),
  ]
}

async function answer(verifier: Verifier, token: string): Promise<unknown> {
  const outcome = await verifier.verify(token).catch((error: Error) => JSON.stringify(error))
  await verifier.settled()
  return outcome
}

test('a cache changes no answer', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (script) => {
      const clock = createClock()
      let keys = KEY_SETS[0]
      const [cached, plain] = createPair(clock, async () => Response.json({ keys }))

      for (const step of script) {
        if (step.do === 'wait') clock.advance(step.seconds * 1_000)
        if (step.do === 'rotate') keys = KEY_SETS[step.set]
        if (step.do !== 'verify') continue
        const token = TOKENS[step.token] as string
        expect(await answer(cached, token)).toEqual(await answer(plain, token))
      }
    }),
    { numRuns: 100 },
  )
})

test('a token that is remembered, and whose key is gone, costs no more fetches than with the cache off', async () => {
  const clock = createClock()
  let keys = KEY_SETS[0]
  const fetches = [0, 0]
  const verifiers = fetches.map((_, at) => {
    const pair = createPair(clock, async () => {
      fetches[at] = (fetches[at] as number) + 1
      return Response.json({ keys })
    })
    return pair[at] as Verifier
  })
  const token = TOKENS[0] as string
  const ask = () => Promise.all(verifiers.map((verifier) => answer(verifier, token)))
  await ask()
  await ask()
  keys = KEY_SETS[2]
  clock.advance(600_000)
  await ask()
  clock.advance(600_000)

  const [cached, plain] = await ask()

  expect(cached).toEqual(plain)
  expect(cached).toContain('ERR_KEY_NOT_FOUND')
  expect(fetches[0]).toBe(fetches[1])
})
