/**
 * The times of a token that was verified before: where they begin to pass, and where they end.
 */
import { describe, expect, test } from 'vitest'
import { type ClaimsRule, checkTimes } from '../../../src/verify/claims/claims.ts'

const rule: ClaimsRule = {
  audience: null,
  clientId: undefined,
  clientIdClaim: undefined,
  tokenUse: undefined,
  accessTokenProfile: false,
  requiredClaims: [],
  maxTokenAgeSeconds: undefined,
  clockToleranceSeconds: 5,
  confirmations: new Set(),
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
])(
  '$claims, at most $asked.maxTokenAgeSeconds s old, from $since until $until',
  ({ claims, asked, since, until }) => {
    test('passes at both ends of that', () => {
      expect(() => checkTimes(claims, asked, Math.max(since, 0))).not.toThrow()
      expect(() => checkTimes(claims, asked, until - 0.001)).not.toThrow()
    })

    test('does not pass beyond them', () => {
      const refused = expect.objectContaining({ name: 'TokenError' })

      expect(() => checkTimes(claims, asked, until + 0.001)).toThrow(refused)
      if (since !== AGES) expect(() => checkTimes(claims, asked, since - 0.001)).toThrow(refused)
    })
  },
)
