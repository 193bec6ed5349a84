/**
 * A token must not choose to be unsigned, and must not choose how it is verified (CVE-2015-9235, CVE-2026-23993; RFC 8725 s2.1,
 * s3.1 and s2.11 of its update; RFC 7515 s4.1.1; RFC 9068 s4).
 */
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { split } from '../verify/support/raw-token.ts'
import { ALGORITHM, claimsOf, judge, MALFORMED, now, trust } from './setup.ts'

const issuer = await createTestIssuer({ now })
const trusted = trust(issuer)
const claims = claimsOf(issuer)
const control = await issuer.token(claims)
const [, , signature] = split(control)

const forge = (alg: unknown, sign?: () => string): Promise<string> =>
  issuer.token(claims, { header: { alg }, ...(sign && { sign }) })

describe.each([
  'none',
  'None',
  'NONE',
  'nOnE',
  'nonE',
  'none ',
  ' none',
  'none\0',
  'none\n',
  'none,RS256',
  'RS256,none',
  'no\u200bne',
  'n\u043ene',
  '\uff4eone',
  '"none"',
])('no token is unsigned by the alg %j', (alg) => {
  test.each<[string, (() => string) | undefined]>([
    ['without a signature', () => ''],
    ['with the signature of another token', () => signature],
    ['with a valid signature over this text', undefined],
  ])('%s', async (_, sign) => {
    const attack = await forge(alg, sign)

    expect(await judge({ trusted, attack, control })).toBe(ALGORITHM)
  })
})

test('no token is unsigned by leaving the last dot out', async () => {
  const attack = (await forge('none', () => '')).slice(0, -1)

  expect(await judge({ trusted, attack, control })).toBe(MALFORMED)
})

describe.each([
  'XX256',
  'rs256',
  'Rs256',
  'RS256 ',
  ' RS256',
  'RS256\0',
  'RS256\n',
  'RS\uff12\uff15\uff16',
  'RS257',
  'RS1',
  'RS',
  'SHA256withRSA',
  'ES256K',
  'Ed448',
  'ED25519',
  'RSA-OAEP',
  'RSA1_5',
  'dir',
  'A128KW',
  'ECDH-ES',
  'PBES2-HS256+A128KW',
  '',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
])('no token is verified under the unknown alg %j', (alg) => {
  test.each<[string, (() => string) | undefined]>([
    ['without a signature', () => ''],
    ['with a valid RS256 signature', undefined],
  ])('%s', async (_, sign) => {
    const attack = await forge(alg, sign)

    expect(await judge({ trusted, attack, control })).toBe(ALGORITHM)
  })
})

test.each<unknown>([
  undefined,
  null,
  0,
  256,
  true,
  false,
  ['RS256'],
  [['RS256']],
  {},
  { RS256: 1 },
])('no token is verified under an alg that is no string: %j', async (alg) => {
  const attack = await forge(alg)

  expect(await judge({ trusted, attack, control })).toBe(ALGORITHM)
})

test.each(['RS384', 'RS512', 'PS256', 'ES256', 'EdDSA'] as const)(
  'no token is verified under %s where the issuer is trusted for RS256 alone',
  async (alg) => {
    const attack = await forge(alg)
    const narrow = trust(issuer, { algorithms: ['RS256'] })

    expect(await judge({ trusted: narrow, attack, control })).toBe(ALGORITHM)
  },
)
