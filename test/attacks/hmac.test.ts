/**
 * A public key must never be used as an HMAC secret (CVE-2016-10555, CVE-2022-29217, CVE-2023-48223, CVE-2024-33663,
 * CVE-2026-34950, GHSA-ww5h-9m49-7xx4, GHSA-g3jj-5cmm-3hxx, CVE-2026-44351; RFC 8725 s2.1).
 */
import { Buffer } from 'node:buffer'
import { createHash, createHmac, createPublicKey } from 'node:crypto'
import { createVerifier } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { firstKey } from '../verify/support/raw-token.ts'
import { ALGORITHM, claimsOf, judge, now, sayOf, trust, trustKeys } from './setup.ts'

const issuer = await createTestIssuer({ now, algorithms: ['ES256'] })
const claims = claimsOf(issuer)
const control = await issuer.token(claims)
const { jwk } = firstKey(issuer)
const n = String(jwk['n'])
const publicKey = createPublicKey({ key: jwk, format: 'jwk' } as never)
const spki = String(publicKey.export({ type: 'spki', format: 'pem' }))
const pkcs1 = String(publicKey.export({ type: 'pkcs1', format: 'pem' }))
const spkiBytes = publicKey.export({ type: 'spki', format: 'der' })

/** Everything that a careless library may use as "the key". */
const SECRETS: [string, string | Buffer][] = [
  ['the public key as PEM', spki],
  ['PEM without its last line feed', spki.trim()],
  ['PEM with CRLF', spki.replaceAll('\n', '\r\n')],
  ['PEM in one line', spki.replaceAll('\n', '')],
  ['PEM with white space before it', `\n ${spki}`],
  ['PEM with a byte order mark before it', `\ufeff${spki}`],
  ['PEM with a comment before it', `# key\n${spki}`],
  ['PEM without header and footer', spki.split('\n').slice(1, -2).join('\n')],
  ['PKCS#1 PEM', pkcs1],
  ['PKCS#1 PEM, trimmed', pkcs1.trim()],
  ['DER', spkiBytes],
  ['DER as base64', spkiBytes.toString('base64')],
  ['PKCS#1 DER', publicKey.export({ type: 'pkcs1', format: 'der' })],
  ['the JWK as JSON', JSON.stringify(jwk)],
  ['the JWK as indented JSON', JSON.stringify(jwk, null, 2)],
  ['the JWK Set as JSON', JSON.stringify(issuer.jwks)],
  ['the modulus', Buffer.from(n, 'base64url')],
  ['the modulus as text', n],
  ['the kid', firstKey(issuer).kid],
  ['the thumbprint', createHash('sha256').update(`{"e":"AQAB","kty":"RSA","n":"${n}"}`).digest()],
  ['nothing', ''],
  ['a zero', Buffer.alloc(1)],
  ['the string of an object', '[object Object]'],
]

const forge = (alg: string, secret: string | Buffer, header: object = {}): Promise<string> =>
  issuer.token(claims, {
    header: { alg, ...header },
    sign: (text) =>
      createHmac(`sha${alg.slice(2)}`, secret)
        .update(text)
        .digest(),
  })

describe.each(['HS256', 'HS384', 'HS512'])('no %s token is accepted', (alg) => {
  test.each(SECRETS)('with %s as its secret', async (_, secret) => {
    const attack = await forge(alg, secret)

    expect(await judge({ trusted: trust(issuer), attack, control })).toBe(ALGORITHM)
  })
})

test.each(SECRETS)('no HMAC with %s passes for an RS256 signature', async (_, secret) => {
  const attack = await issuer.token(claims, {
    sign: (text) => createHmac('sha256', secret).update(text).digest(),
  })

  expect(await judge({ trusted: trust(issuer), attack, control })).toBe('ERR_TOKEN_SIGNATURE')
})

test.each([
  ['without a kid', { kid: undefined }],
  ['with an unknown kid', { kid: 'made-up' }],
  ['with an empty kid', { kid: '' }],
])('no HMAC token with an empty secret is accepted %s', async (_, header) => {
  const attack = await forge('HS256', '', header)

  expect(await judge({ trusted: trust(issuer), attack, control })).toBe(ALGORITHM)
})

test.each([
  ['has no alg', { ...jwk, alg: undefined }],
  ['is a secret', { kty: 'oct', kid: 'secret', k: 'c2VjcmV0' }],
  ['is a secret for HS256', { kty: 'oct', kid: 'secret', k: 'c2VjcmV0', alg: 'HS256' }],
])('no HMAC token is accepted if a key of the set %s (CVE-2026-22817)', async (_, key) => {
  const keys = key['kty'] === 'oct' ? [key, jwk] : [key]
  const attack = await forge('HS256', 'secret', { kid: key['kid'] })

  expect(await judge({ trusted: trustKeys(issuer, ...keys), attack, control })).toBe(ALGORITHM)
})

test.each(['HS256', 'HS384', 'HS512', 'none'])(
  'no verifier can be configured to accept %s',
  async (alg) => {
    const say = (algorithms: string[]) =>
      sayOf(() => createVerifier(trust(issuer, { algorithms: algorithms as never })))

    expect(await say(['RS256', alg])).toBe('ERR_CONFIG_INVALID')
    expect(await say(['RS256'])).toBe('accepted')
  },
)
