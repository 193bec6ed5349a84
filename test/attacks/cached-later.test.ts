/**
 * A cached token must not be accepted once its time, its key or the user's check says no (RFC 7519 s4.1.4, s4.1.5; RFC 8725
 * s3.8).
 */
import { createVerifier, type TrustedIssuer, type VerifierOptions } from 'jwt-gate'
import { createTestIssuer, type TestKey } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { createClock } from '../verify/support/clock.ts'
import {
  ACCEPTED,
  claimsOf,
  haveRemembered,
  NOT_FOUND,
  NOW,
  now,
  SIGNATURE,
  sayOf,
  trust,
} from './setup.ts'

const issuer = await createTestIssuer({ now })
const [first, second] = issuer.keys as [TestKey, TestKey]
const claims = { ...claimsOf(issuer), exp: NOW + 3_600 }
const cached = await issuer.token(claims)

/** The outcome for a token. verify and verifySync must agree. */
async function sayBoth(
  verifier: ReturnType<typeof createVerifier>,
  token: string,
): Promise<string> {
  const said = await sayOf(() => verifier.verify(token))
  expect(await sayOf(() => verifier.verifySync(token))).toBe(said)
  return said
}

describe('a cached token is refused', () => {
  async function judgeLater(
    advanceMs: number,
    change: object = {},
    trusted: Partial<TrustedIssuer> = {},
  ): Promise<string> {
    const clock = createClock()
    const options: VerifierOptions = { now: clock.now, clockToleranceSeconds: 5 }
    const verifier = createVerifier(trust(issuer, trusted), options)
    const token = await issuer.token({ ...claims, ...change })
    await haveRemembered(verifier, token)
    clock.advance(advanceMs)
    return sayBoth(verifier, token)
  }

  test.each<[string, number, object, Partial<TrustedIssuer>, string]>([
    ['when it has expired', 65_000, { exp: NOW + 60 }, {}, 'ERR_TOKEN_EXPIRED exp'],
    ['a year after it has expired', 3e10, {}, {}, 'ERR_TOKEN_EXPIRED exp'],
    [
      'when the clock goes back to before nbf',
      -5_001,
      { nbf: NOW },
      {},
      'ERR_TOKEN_NOT_ACTIVE nbf',
    ],
    ['when it is too old', 65_001, {}, { maxTokenAgeSeconds: 60 }, 'ERR_TOKEN_TOO_OLD iat'],
    [
      'when the clock goes back to before iat',
      -5_001,
      {},
      { maxTokenAgeSeconds: 60 },
      'ERR_TOKEN_NOT_ACTIVE iat future',
    ],
  ])('%s', async (_, advanceMs, change, trusted, outcome) => {
    expect(await judgeLater(advanceMs, change, trusted)).toBe(outcome)
  })

  test.each<[string, number, object, Partial<TrustedIssuer>]>([
    ['it expires', 64_999, { exp: NOW + 60 }, {}],
    ['the clock is before nbf', -5_000, { nbf: NOW }, {}],
    ['it is too old', 65_000, {}, { maxTokenAgeSeconds: 60 }],
  ])('but not before %s', async (_, advanceMs, change, trusted) => {
    expect(await judgeLater(advanceMs, change, trusted)).toBe(ACCEPTED)
  })

  test('when the clock returns no number', async () => {
    expect(await judgeLater(Number.NaN)).toBe('ERR_CONFIG_INVALID')
  })

  test.each<[string, unknown[], string]>([
    ['is gone', [second.jwk], NOT_FOUND],
    [
      'was replaced by another key with the same kid',
      [{ ...second.jwk, kid: first.kid }],
      SIGNATURE,
    ],
    [
      'is now for encryption',
      [{ ...first.jwk, use: 'enc' }, second.jwk],
      'ERR_KEY_UNUSABLE kid mismatch',
    ],
    [
      'is now for another algorithm',
      [{ ...first.jwk, alg: 'RS512' }, second.jwk],
      'ERR_KEY_UNUSABLE kid mismatch',
    ],
    [
      'was published with its private part',
      [{ ...first.jwk, d: 'AQAB' }, second.jwk],
      'ERR_KEY_UNUSABLE kid mismatch',
    ],
    [
      'shares its kid with another key',
      [first.jwk, { ...second.jwk, kid: first.kid }],
      'ERR_KEY_UNUSABLE kid ambiguous',
    ],
  ])('when its key %s', async (_, keys, outcome) => {
    const clock = createClock()
    const served: { keys: unknown[] } = { keys: [first.jwk, second.jwk] }
    const verifier = createVerifier(
      { issuer: issuer.issuer, audience: 'api', jwksUri: issuer.jwksUri },
      { now: clock.now, fetch: async () => Response.json(served) },
    )
    await verifier.hydrate()
    await haveRemembered(verifier, cached)

    served.keys = keys
    clock.advance(600_000)
    await verifier.hydrate()

    expect(await sayOf(() => verifier.verify(cached))).toBe(outcome)
    expect(await sayOf(() => verifier.verifySync(cached))).toMatch(/^ERR_/)
  })

  test('when the keys are too old to be used, which is an outage and not a verdict on the token', async () => {
    const clock = createClock()
    let isUp = true
    const verifier = createVerifier(
      { issuer: issuer.issuer, audience: 'api', jwksUri: issuer.jwksUri },
      { now: clock.now, fetch: async () => (isUp ? Response.json(issuer.jwks) : Response.error()) },
    )
    const lasting = await issuer.token({ ...claims, exp: NOW + 90_000 })
    await haveRemembered(verifier, lasting)

    isUp = false
    clock.advance(7_200_000)

    expect(await sayOf(() => verifier.verify(lasting))).toMatch(/^ERR_JWKS_UNAVAILABLE/)
  })

  test.each(['throws', 'rejects', 'returns false'])("when the user's check %s", async (way) => {
    let isOpen = true
    const check = (): never | void | Promise<void> => {
      if (isOpen) return undefined
      if (way === 'throws') throw new Error('no')
      return way === 'rejects' ? Promise.reject(new Error('no')) : (false as never)
    }
    const verifier = createVerifier(trust(issuer), { now, check })

    await haveRemembered(verifier, cached)
    isOpen = false

    const outcome = way === 'returns false' ? 'ERR_TOKEN_CHECK' : 'ERR_CONFIG_INVALID'
    expect(await sayOf(() => verifier.verify(cached))).toBe(outcome)
    expect(await sayOf(() => verifier.verifySync(cached))).toMatch(
      /^ERR_(TOKEN_CHECK|CONFIG_INVALID)$/,
    )
  })
})
