/**
 * Two entries of a key set are one key only if they are the same public key: nothing else makes a second key count (RFC 7517 s4.5).
 */
import { Buffer } from 'node:buffer'
import { createVerifier } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { expect, test } from 'vitest'
import { encode, firstKey } from '../verify/support/raw-token.ts'
import { remember } from '../verify/support/remember.ts'
import { claimsOf, judge, MISMATCH, NOW, now, SIGNATURE, sayOf, trustKeys } from './setup.ts'

const AMBIGUOUS = 'ERR_KEY_UNUSABLE kid ambiguous'
const issuer = await createTestIssuer({ now, algorithms: ['ES256', 'Ed25519'] })
const claims = claimsOf(issuer)
const rs256 = firstKey(issuer)
const es256 = issuer.keyFor('ES256')
const control = await issuer.token(claims, { key: es256 })
const n = Buffer.from(String(rs256.jwk['n']), 'base64url')
const lastChanged = Buffer.from(n)
lastChanged[255] = (lastChanged[255] ?? 0) ^ 2

test.each([
  ['its exponent', { e: 'AQAD' }],
  ['the last byte of its modulus', { n: encode(lastChanged) }],
  ['the length of its modulus', { n: encode(Buffer.concat([n, Buffer.from([1])])) }],
])('a key that differs in %s is another key', async (_, change) => {
  const trusted = trustKeys(issuer, rs256.jwk, { ...rs256.jwk, ...change, x5t: 'AA' }, es256.jwk)

  expect(await judge({ trusted, attack: await issuer.token(claims), control })).toBe(AMBIGUOUS)
})

test('a twin with a certificate of its own is not verified with that', async () => {
  const other = issuer.keys[1]
  const twin = { ...rs256.jwk, x5c: ['MIIB'], x5t: 'AA', jwk: other?.jwk }
  const attack = await issuer.token(claims, { key: other, header: { kid: rs256.kid } } as never)

  const trusted = trustKeys(issuer, rs256.jwk, twin, es256.jwk)

  expect(await judge({ trusted, attack, control })).toBe(SIGNATURE)
})

test('a twin does not lend its use to a key that is not for signatures', async () => {
  const encryption = { ...rs256.jwk, kid: 'enc', use: 'enc' }
  const attack = await issuer.token(claims, { header: { kid: 'enc' } })

  const trusted = trustKeys(issuer, rs256.jwk, encryption, es256.jwk)

  expect(await judge({ trusted, attack, control })).toBe(MISMATCH)
})

test('a cached token is verified again as soon as its key is another one of the same name', async () => {
  const keys: { published: unknown[] } = { published: [rs256.jwk] }
  let at = now()
  const verifier = createVerifier(
    { issuer: issuer.issuer, audience: 'api', jwksUri: issuer.jwksUri },
    { now: () => at, fetch: async () => Response.json({ keys: keys.published }) },
  )
  const token = await issuer.token({ ...claims, exp: NOW + 1e6 })
  await remember(verifier, token)
  keys.published = [{ ...issuer.keys[1]?.jwk, kid: rs256.kid }]
  at += 1_200_000

  expect(await sayOf(() => verifier.verify(token))).toBe(SIGNATURE)
})
