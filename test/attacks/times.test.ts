/**
 * A token must not be accepted after its time or before it, nor with a time that is no number (RFC 7519 s2, s4.1.4 to s4.1.6;
 * RFC 9068 s4; CVE-2026-44459, CVE-2026-25537).
 */
import { createVerifier, type TrustedIssuer, type VerifierOptions } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { encode, firstKey, signParts } from '../verify/support/raw-token.ts'
import { ACCEPTED, claimsOf, judge, NOW, now, sayOf, trust } from './setup.ts'

const issuer = await createTestIssuer({ now })
const claims = claimsOf(issuer)
const control = await issuer.token(claims)
const { alg, kid } = firstKey(issuer)

const judgeTimes = async (
  change: Record<string, unknown>,
  trusted: Partial<TrustedIssuer> = {},
  options?: VerifierOptions,
): Promise<string> =>
  judge({
    trusted: trust(issuer, trusted),
    attack: await issuer.token({ ...claims, ...change }),
    control,
    ...(options && { options }),
  })

describe.each(['exp', 'nbf', 'iat'])('no token says %s', (claim) => {
  test.each<unknown>([
    `${NOW + 60}`,
    '',
    'never',
    '2099-01-01T00:00:00Z',
    '0x7fffffff',
    'Infinity',
    'NaN',
    null,
    true,
    false,
    [],
    [NOW + 60],
    [[NOW + 60]],
    {},
    { value: NOW + 60 },
  ])('as %j', async (value) => {
    expect(await judgeTimes({ [claim]: value })).toBe(`ERR_CLAIM_INVALID ${claim} invalid`)
  })

  test.each(['1e999', '-1e999', `${'9'.repeat(400)}`])(
    'as a number out of range: %s',
    async (number) => {
      const payload = `${JSON.stringify({ ...claims, [claim]: undefined }).slice(0, -1)},"${claim}":${number}}`
      const attack = await signParts(issuer, encode(JSON.stringify({ alg, kid })), encode(payload))

      const outcome = await judge({ trusted: trust(issuer), attack, control })

      expect(outcome).toBe(`ERR_CLAIM_INVALID ${claim} invalid`)
    },
  )
})

test.each(['__proto__', 'toString', 'exp '])('%s cannot replace exp', async (name) => {
  const outcome = await judgeTimes({ exp: undefined, [name]: NOW + 60 })

  expect(outcome).toBe('ERR_CLAIM_MISSING exp missing')
})

const EXPIRED = 'ERR_TOKEN_EXPIRED exp'
const EARLY = 'ERR_TOKEN_NOT_ACTIVE nbf'
const FUTURE = 'ERR_TOKEN_NOT_ACTIVE iat future'
const OLD = 'ERR_TOKEN_TOO_OLD iat'

/** The last accepted moment, the first rejected one, and some that are never accepted. */
describe.each([0, 5, 60])('with a tolerance of %i s', (clockToleranceSeconds) => {
  const t = clockToleranceSeconds
  const options = { clockToleranceSeconds }

  test.each([
    ['an exp of now', { exp: NOW - t }, EXPIRED, { exp: NOW - t + 0.001 }],
    ['an exp of a second ago', { exp: NOW - t - 1 }, EXPIRED, { exp: NOW - t + 1 }],
    ['an exp of 0', { exp: 0 }, EXPIRED, {}],
    ['an exp of -0', { exp: -0 }, EXPIRED, {}],
    ['an exp below 0', { exp: -NOW }, EXPIRED, {}],
    ['a tiny exp', { exp: 5e-324 }, EXPIRED, {}],
    ['an exp in milliseconds of the past', { exp: 1_000_000 }, EXPIRED, {}],
    ['an nbf of the next moment', { nbf: NOW + t + 0.001 }, EARLY, { nbf: NOW + t }],
    ['an nbf of the next second', { nbf: NOW + t + 1 }, EARLY, { nbf: NOW + t }],
    ['an nbf in milliseconds', { nbf: NOW * 1_000 }, EARLY, { nbf: NOW }],
    ['the largest nbf', { nbf: Number.MAX_VALUE }, EARLY, { nbf: 0 }],
  ])('no token has %s', async (_, change, outcome, good) => {
    const verifier = createVerifier(trust(issuer), { now, ...options })
    const last = await issuer.token({ ...claims, ...good })

    expect(await sayOf(() => verifier.verify(last))).toBe(ACCEPTED)
    expect(await judgeTimes(change, {}, options)).toBe(outcome)
  })

  test.each([
    ['is older', { iat: NOW - 30 - t - 0.001 }, OLD, { iat: NOW - 30 - t }],
    ['is much older', { iat: 0 }, OLD, { iat: NOW - 30 }],
    ['was issued before 1970', { iat: -1 }, OLD, { iat: NOW - 30 }],
    ['was issued in the next moment', { iat: NOW + t + 0.001 }, FUTURE, { iat: NOW + t }],
    ['was issued in the far future', { iat: Number.MAX_VALUE }, FUTURE, { iat: NOW }],
    ['has no iat', { iat: undefined }, 'ERR_CLAIM_MISSING iat missing', { iat: NOW }],
  ])(
    'with a maximum age of 30 s, no token is accepted that %s',
    async (_, change, outcome, good) => {
      const trusted = { maxTokenAgeSeconds: 30 }
      const verifier = createVerifier(trust(issuer, trusted), { now, ...options })
      const last = await issuer.token({ ...claims, ...good })

      expect(await sayOf(() => verifier.verify(last))).toBe(ACCEPTED)
      expect(await judgeTimes(change, trusted, options)).toBe(outcome)
    },
  )
})

test.each<unknown>([Number.NaN, Number.POSITIVE_INFINITY, -1, '5', null, [5], 601, 1e12])(
  'no tolerance opens time altogether: %j',
  async (tolerance) => {
    const say = (clockToleranceSeconds: unknown) =>
      sayOf(() =>
        createVerifier(trust(issuer), { clockToleranceSeconds: clockToleranceSeconds as number }),
      )

    expect(await say(tolerance)).toBe('ERR_CONFIG_INVALID')
    expect(await say(5)).toBe(ACCEPTED)
  },
)

// a clock of seconds would accept every expired token
test.each([Number.NaN, Number.POSITIVE_INFINITY, undefined, NOW, 0, 1_000, NOW * 1e6])(
  'no token is accepted if the clock returns %s',
  async (answer) => {
    const broken = { now: () => answer as number }
    const say = (options: VerifierOptions) =>
      sayOf(() => createVerifier(trust(issuer), options).verify(control))

    expect(await say(broken)).toBe('ERR_CONFIG_INVALID')
    expect(await say({ now })).toBe(ACCEPTED)
  },
)
