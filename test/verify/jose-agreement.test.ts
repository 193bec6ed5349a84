/**
 * jose as the reference: whatever jwt-gate accepts, jose accepts with the same claims, and jwt-gate accepts what jose signs.
 */
import fc from 'fast-check'
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify, SignJWT } from 'jose'
import { type Algorithm, createVerifier } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { createTestKey } from '../../src/testing/test-key.ts'
import { ALGORITHMS, isAvailable } from '../../src/verify/algorithms.ts'

const algorithms = ALGORITHMS.filter((alg) => alg !== 'RS256' && isAvailable(alg))
const issuer = await createTestIssuer({ algorithms })
const { issuer: iss, jwks } = issuer
const AUDIENCE = 'https://api.example'
const exp = 4_000_000_000
const claims = { iss, exp, aud: AUDIENCE, sub: 'alice', nbf: 1, iat: 1, list: [1, { a: null }] }
const verifier = createVerifier({ issuer: iss, audience: AUDIENCE, jwks })
const joseKeys = createLocalJWKSet(jwks as unknown as JSONWebKeySet)

/** The claims, if jose accepts the token. */
async function askJose(token: string): Promise<unknown> {
  const { payload } = await jwtVerify(token, joseKeys, {
    issuer: iss,
    audience: AUDIENCE,
    clockTolerance: 5,
    requiredClaims: ['exp'],
    algorithms: [...ALGORITHMS],
  })
  return payload
}

/** If jwt-gate accepts a token, jose must accept it too. jwt-gate may reject more than jose does. */
async function expectAgreement(token: string): Promise<'accepted' | 'refused'> {
  const verified = await verifier.verify(token).catch(() => undefined)
  if (verified === undefined) return 'refused'
  expect(await askJose(token)).toEqual(verified.claims)
  return 'accepted'
}

const all: readonly Algorithm[] = ['RS256', ...algorithms]

describe.each(all)('%s', (alg) => {
  const key = issuer.keyFor(alg)

  test('a token that jose signs is accepted, with the same claims', async () => {
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg, kid: key.kid, typ: 'JWT' })
      .sign(key.privateKey)

    const verified = await verifier.verify(token)

    expect(verified.claims).toEqual(claims)
    expect(verified.header).toEqual({ alg, kid: key.kid, typ: 'JWT' })
    expect(await askJose(token)).toEqual(verified.claims)
  })

  test('a token that the testing kit signs is accepted by both', async () => {
    const token = await issuer.token(claims, { key })

    expect(await expectAgreement(token)).toBe('accepted')
  })
})

test.each(['ES256', 'Ed25519'] as const)(
  '%s: a token that jose signs with another key is rejected by both',
  async (alg) => {
    const { kid } = issuer.keyFor(alg)
    const { privateKey } = await createTestKey(alg)
    const token = await new SignJWT(claims).setProtectedHeader({ alg, kid }).sign(privateKey)

    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'ERR_TOKEN_SIGNATURE' })
    await expect(askJose(token)).rejects.toMatchObject({ name: 'JWSSignatureVerificationFailed' })
  },
)

describe('tokens that were tampered with', async () => {
  const tokens = await Promise.all(
    all.map((alg) => issuer.token(claims, { key: issuer.keyFor(alg) })),
  )
  const anyToken = fc.constantFrom(...tokens)
  const letter = fc.constantFrom(...'ABCDwxyz0189-_.=+/ \n\0é')

  test('in one character are never accepted', async () => {
    const mutation = fc.record({ token: anyToken, at: fc.nat(), letter })

    await fc.assert(
      fc.asyncProperty(mutation, async ({ token, at, letter }) => {
        const index = at % token.length
        fc.pre(token[index] !== letter)
        const mutated = token.slice(0, index) + letter + token.slice(index + 1)
        expect(await expectAgreement(mutated)).toBe('refused')
      }),
      { numRuns: 200 },
    )
  })

  test('by cutting, doubling or swapping parts are never accepted unless jose accepts them', async () => {
    const pieces = fc.array(fc.nat(2), { minLength: 1, maxLength: 4 })

    await fc.assert(
      fc.asyncProperty(anyToken, anyToken, pieces, async (one, other, order) => {
        const parts = order.map((n, place) => (place % 2 ? other : one).split('.')[n] ?? '')
        await expectAgreement(parts.join('.'))
      }),
      { numRuns: 100 },
    )
  })
})

describe('random claims, signed', () => {
  const someTime = fc.oneof(
    fc.integer({ min: -10, max: 10 }).map((by) => Math.floor(Date.now() / 1_000) + 60 * by + 30),
    fc.constantFrom(0, -1, 1e308, '4000000000', null, true, [], undefined),
  )
  const someName = fc.oneof(
    fc.constantFrom(iss, AUDIENCE, 'other', '', null, 1, undefined),
    fc.array(fc.constantFrom(AUDIENCE, 'other', 1), { maxLength: 3 }),
  )
  const someClaims = fc.record({
    iss: fc.oneof({ weight: 3, arbitrary: fc.constant<unknown>(iss) }, someName),
    aud: fc.oneof({ weight: 3, arbitrary: fc.constant<unknown>(AUDIENCE) }, someName),
    exp: fc.oneof({ weight: 3, arbitrary: fc.constant<unknown>(exp) }, someTime),
    nbf: fc.oneof({ weight: 3, arbitrary: fc.constant<unknown>(undefined) }, someTime),
    iat: fc.oneof({ weight: 3, arbitrary: fc.constant<unknown>(undefined) }, someTime),
  })
  const someType = fc.constantFrom(undefined, 'JWT', 'at+jwt', 'application/JWT', 'dpop+jwt')

  test('are accepted by jose if jwt-gate accepts them', async () => {
    const outcomes = new Set<string>()

    await fc.assert(
      fc.asyncProperty(someClaims, someType, async (random, typ) => {
        outcomes.add(await expectAgreement(await issuer.token(random, { header: { typ } })))
      }),
      { numRuns: 200 },
    )

    expect(outcomes).toEqual(new Set(['accepted', 'refused']))
  })
})
