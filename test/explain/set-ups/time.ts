/**
 * The token is too old or not valid yet, or a clock is wrong.
 */
import type { JwtGateErrorCode } from 'jwt-gate'
import { type Attempt, nowSeconds, type SetUp, type World } from './world.ts'

export async function createTimeSetUps({ trust, token }: World): Promise<SetUp[]> {
  const now = nowSeconds()
  const trusted = trust()
  const good: Attempt = { trusted, token: await token() }
  const row = async (
    [name, code]: readonly [string, JwtGateErrorCode],
    [cause, advice]: readonly [string, string | RegExp],
    claims: object,
    cured = good,
    broken: Attempt['trusted'] = trusted,
  ): Promise<SetUp> => ({
    ...{ name, code, cause, advice, cured },
    broken: { trusted: broken, token: await token({ ...claims }) },
  })
  const young = trust({ maxTokenAgeSeconds: 60 })
  const ms = Date.now()
  return Promise.all([
    row(
      ['expired', 'ERR_TOKEN_EXPIRED'],
      ['The token has expired', /expired 1[23] minutes ago.*refresh token/],
      { iat: now - 4_320, exp: now - 750 },
    ),
    row(['exp is absent', 'ERR_CLAIM_MISSING'], ['The token never expires', '"exp"'], {
      exp: undefined,
    }),
    row(
      ['exp is text', 'ERR_CLAIM_INVALID'],
      ['A time of the token is no number', 'without quotes'],
      { exp: String(now + 600) },
    ),
    row(
      ['nbf is later', 'ERR_TOKEN_NOT_ACTIVE'],
      ['The token is not valid yet', /valid in (?:1 hour|59 minutes)/],
      { nbf: now + 3_600 },
    ),
    row(
      ['this clock is behind', 'ERR_TOKEN_NOT_ACTIVE'],
      [
        'The clock of this machine is behind, or that of the issuer is ahead',
        /2 minutes in the future.*NTP/,
      ],
      { iat: now + 140, nbf: now + 140 },
    ),
    row(
      ['iat is in the future', 'ERR_TOKEN_NOT_ACTIVE'],
      ['The clock of this machine is behind, or that of the issuer is ahead', /"iat" is 2 minutes/],
      ...[{ iat: now + 140 }, { trusted: young, token: await token() }, young],
    ),
    row(
      ['nbf is in milliseconds', 'ERR_TOKEN_NOT_ACTIVE'],
      ['A time of the token is in milliseconds', 'Math.floor'],
      { nbf: ms },
    ),
    row(
      ['too old', 'ERR_TOKEN_TOO_OLD'],
      ['The token was issued too long ago', 'maxTokenAgeSeconds'],
      ...[{ iat: now - 300 }, { trusted: young, token: await token() }, young],
    ),
    row(
      ['iat is absent', 'ERR_CLAIM_MISSING'],
      ['The token lacks a required claim', 'leaving "maxTokenAgeSeconds" out'],
      ...[{ iat: undefined }, { trusted: young, token: await token() }, young],
    ),
  ])
}
