/**
 * A token must not bring its own key, nor say where to fetch one (CVE-2018-0114, CVE-2026-27962, CVE-2026-34240; RFC 8725 s3.10).
 * Both issuers are real servers here, and the attacker's server counts its requests.
 */
import { createPublicKey } from 'node:crypto'
import { createVerifier } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { afterAll, describe, expect, test } from 'vitest'
import { firstKey } from '../verify/support/raw-token.ts'
import { ACCEPTED, claimsOf, NOT_FOUND, now, SIGNATURE, sayOf } from './setup.ts'

const issuer = await createTestIssuer({ now })
const attacker = await createTestIssuer({ now })
await issuer.listen()
const evil = await attacker.listen()
afterAll(async () => {
  await issuer.close()
  await attacker.close()
})

const own = firstKey(attacker)
const claims = claimsOf(issuer)
const publicKey = createPublicKey({ key: own.jwk, format: 'jwk' } as never)
const der = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
const MEMBERS: [string, Record<string, unknown>][] = [
  ['jwk', { jwk: own.jwk }],
  ['jwk with the kid of the issuer', { jwk: { ...own.jwk, kid: firstKey(issuer).kid } }],
  ['jku', { jku: attacker.jwksUri }],
  ['jku with the issuer in front', { jku: `${issuer.issuer}@${evil.slice(7)}/jwks.json` }],
  ['jku with the issuer in its query', { jku: `${attacker.jwksUri}?${issuer.issuer}` }],
  ['x5u', { x5u: `${evil}/cert.pem` }],
  ['x5c', { x5c: [der] }],
  ['x5c and x5t', { x5c: [der], x5t: 'AAAA', 'x5t#S256': 'AAAA' }],
  ['jwk and jku', { jwk: own.jwk, jku: attacker.jwksUri }],
  ['iss in the header', { iss: attacker.issuer }],
]

/** The issuer's first key only, so that there is exactly one key for a token without a kid. */
const createOnline = () =>
  createVerifier(
    { issuer: issuer.issuer, audience: 'api', jwksUri: `${issuer.issuer}/one-key` },
    { now, fetch: async () => Response.json({ keys: issuer.jwks.keys.slice(0, 1) }) },
  )

describe.each(MEMBERS)('no key is taken from %s', (_, members) => {
  test.each([
    ['the kid of the issuer', firstKey(issuer).kid, SIGNATURE],
    ['the kid of the attacker', own.kid, NOT_FOUND],
    ['no kid', undefined, SIGNATURE],
  ])('with %s', async (_name, kid, outcome) => {
    const header = { ...members, kid }
    const attack = await attacker.token(claims, { header })
    const control = await issuer.token(claims, {
      header: { ...members, kid: kid && firstKey(issuer).kid },
    })

    expect(await sayOf(() => createOnline().verify(control))).toBe(ACCEPTED)
    expect(await sayOf(() => createOnline().verify(attack))).toBe(outcome)
    expect(attacker.requests).toBe(0)
  })

  test('and over real HTTP, only the address in the configuration is requested', async () => {
    const { jwksUri } = issuer
    const verifier = createVerifier({ issuer: issuer.issuer, audience: 'api', jwksUri }, { now })
    const before = issuer.requests
    const attack = await attacker.token(claims, { header: { ...members, kid: own.kid } })

    expect(await sayOf(() => verifier.verify(attack))).toBe(NOT_FOUND)
    expect(issuer.requests - before).toBeGreaterThan(0)
    expect(attacker.requests).toBe(0)
  })
})

describe('no token makes the verifier call anyone before its issuer is trusted', () => {
  const { jwksUri } = issuer
  const verifier = createVerifier({ issuer: issuer.issuer, audience: 'api', jwksUri }, { now })

  test.each([
    ['the issuer of an attacker', () => attacker.token(claimsOf(attacker))],
    [
      'an issuer inside the cloud',
      () => attacker.token({ ...claims, iss: 'http://169.254.169.254/latest' }),
    ],
    ['alg none', () => attacker.token(claims, { header: { alg: 'none' }, sign: () => '' })],
    ['HMAC', () => attacker.token(claims, { header: { alg: 'HS256' } })],
    ['a critical extension', () => attacker.token(claims, { header: { crit: ['jku'] } })],
    [
      'a kid that is no string',
      () => attacker.token(claims, { header: { kid: [attacker.jwksUri] } }),
    ],
  ])('%s', async (_, forge) => {
    const before = issuer.requests
    const attack = await forge()

    expect(await sayOf(() => verifier.verify(attack))).toMatch(/^ERR_(TOKEN|CLAIM)_/)
    expect([issuer.requests - before, attacker.requests]).toEqual([0, 0])
  })

  test('the control: a token of the issuer causes a request to the issuer', async () => {
    const before = issuer.requests
    const control = await issuer.token(claims)

    expect(await sayOf(() => verifier.verify(control))).toBe(ACCEPTED)
    expect(issuer.requests - before).toBe(1)
  })
})
