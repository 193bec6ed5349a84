/**
 * When a token that is remembered needs no second look at its times: never longer than they pass, and never shorter, or
 * the look would be taken each time.
 */
import { describe, expect, test } from 'vitest'
import { type ClaimsRule, checkTimes, toSafeTimes } from '../../../src/verify/claims/claims.ts'

const rule: ClaimsRule = {
  audience: null,
  clientId: undefined,
  tokenUse: undefined,
  accessTokenProfile: false,
  requiredClaims: [],
  maxTokenAgeSeconds: undefined,
  clockToleranceSeconds: 5,
}
const aged = { ...rule, maxTokenAgeSeconds: 100 }
const AGES = Number.NEGATIVE_INFINITY

describe.each([
  { claims: { exp: 1_000 }, asked: rule, since: AGES, until: 1_005 },
  { claims: { exp: 1_000, nbf: 900 }, asked: rule, since: 895, until: 1_005 },
  { claims: { exp: 1_000, iat: 900 }, asked: rule, since: AGES, until: 1_005 },
  { claims: { exp: 1_000, iat: 880 }, asked: aged, since: 875, until: 985 },
  { claims: { exp: 1_000, iat: 950 }, asked: aged, since: 945, until: 1_005 },
  { claims: { exp: 1_000, nbf: 900, iat: 880 }, asked: aged, since: 895, until: 985 },
  { claims: { exp: 1_000, nbf: 850, iat: 880 }, asked: aged, since: 875, until: 985 },
])('$claims, to be $asked.maxTokenAgeSeconds s old at most', ({ claims, asked, since, until }) => {
  test(`is safe from ${since} until ${until}`, () => {
    expect(toSafeTimes(claims, asked)).toEqual({ since, until })
  })

  test('passes at both ends of that', () => {
    expect(() => checkTimes(claims, asked, Math.max(since, 0))).not.toThrow()
    expect(() => checkTimes(claims, asked, until - 0.001)).not.toThrow()
  })

  test('does not pass beyond them', () => {
    const refused = expect.objectContaining({ name: 'TokenError' })

    expect(() => checkTimes(claims, asked, until + 0.001)).toThrow(refused)
    if (since !== AGES) expect(() => checkTimes(claims, asked, since - 0.001)).toThrow(refused)
  })
})
