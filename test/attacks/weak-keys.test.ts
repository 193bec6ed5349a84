/**
 * A key must not be used if others can sign with it, whoever published it (RFC 7518 s3.3, s3.5; RFC 8017 s3.1; RFC 8725 s3.4,
 * s3.5; CVE-2006-4339; RFC 7517 s9).
 */
import { Buffer } from 'node:buffer'
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { createVerifier } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { firstKey } from '../verify/support/raw-token.ts'
import { ACCEPTED, claimsOf, judge, MISMATCH, now, sayOf, trust, trustKeys } from './setup.ts'

const issuer = await createTestIssuer({ now, algorithms: ['ES256', 'Ed25519'] })
const claims = claimsOf(issuer)
const rs256 = firstKey(issuer)
const es256 = issuer.keyFor('ES256')
const control = await issuer.token(claims, { key: es256 })

interface Pair {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

async function judgePair({ publicKey, privateKey }: Pair): Promise<string> {
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'weak', alg: 'RS256' }
  const attack = await issuer.token(claims, {
    header: { kid: 'weak' },
    sign: (text) => sign('sha256', Buffer.from(text), privateKey),
  })
  return judge({ trusted: trustKeys(issuer, jwk, es256.jwk), attack, control })
}

describe('no RSA key is used that is easy to break', () => {
  test.each([512, 1_024, 2_040, 2_047])('%i bits', async (modulusLength) => {
    expect(await judgePair(generateKeyPairSync('rsa', { modulusLength }))).toBe(MISMATCH)
  })

  test.each([3, 17, 257, 65_535])('the exponent %i', async (publicExponent) => {
    const pair = generateKeyPairSync('rsa', { modulusLength: 2_048, publicExponent })

    expect(await judgePair(pair)).toBe(MISMATCH)
  })

  test.each([2_048])('the control: %i bits', async (modulusLength) => {
    expect(await judgePair(generateKeyPairSync('rsa', { modulusLength }))).toBe(ACCEPTED)
  })
})

/** RFC 8017 s9.2: the encoded message of a signature before exponentiation, for 2048 bits and SHA-256. */
function padPkcs1(text: string): Buffer {
  const prefix = Buffer.from('3031300d060960864801650304020105000420', 'hex')
  const tail = Buffer.concat([Buffer.from([0]), prefix, createHash('sha256').update(text).digest()])
  return Buffer.concat([Buffer.from([0, 1]), Buffer.alloc(254 - tail.length, 0xff), tail])
}

test('nobody signs with the exponent 1, which OpenSSL accepts', async () => {
  const one = { ...rs256.jwk, kid: 'one', e: 'AQ' }
  const attack = await issuer.token(claims, { header: { kid: 'one' }, sign: padPkcs1 })

  const trusted = trustKeys(issuer, one, es256.jwk)

  expect(createPublicKey({ key: one, format: 'jwk' } as never).type).toBe('public')
  expect(await judge({ trusted, attack, control })).toBe(MISMATCH)
})

describe('no broken key is used', () => {
  const ones = Buffer.alloc(32, 1).toString('base64url')
  const ed = issuer.keyFor('Ed25519')
  const n = Buffer.from(String(rs256.jwk['n']), 'base64url')
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')

  test.each([
    ['RSA without a modulus', rs256, { n: undefined }],
    ['RSA with an empty modulus', rs256, { n: '' }],
    ['RSA with a modulus of zero', rs256, { n: 'AA' }],
    ['RSA with a short modulus', rs256, { n: text(n.subarray(0, 128)) }],
    [
      'RSA with a short modulus, padded with zeros',
      rs256,
      { n: text(Buffer.concat([Buffer.alloc(128), n.subarray(128)])) },
    ],
    ['RSA with padding inside its modulus', rs256, { n: `${rs256.jwk['n']}==AAAA` }],
    ['RSA with white space in its modulus', rs256, { n: `${rs256.jwk['n']}\n` }],
    ['RSA with a modulus that is a list', rs256, { n: [rs256.jwk['n']] }],
    ['RSA with an exponent of zero', rs256, { e: 'AA' }],
    ['RSA without an exponent', rs256, { e: undefined }],
    ['RSA with an exponent that is a number', rs256, { e: 65_537 }],
    ['EC with a point off the curve', es256, { x: ones, y: ones }],
    [
      'EC with the point at infinity',
      es256,
      { x: text(Buffer.alloc(32)), y: text(Buffer.alloc(32)) },
    ],
    ['EC with one coordinate only', es256, { y: undefined }],
    ['EC with x and y exchanged', es256, { x: es256.jwk['y'], y: es256.jwk['x'] }],
    ['EC on another curve', es256, { crv: 'P-384' }],
    ['EC without a curve', es256, { crv: undefined }],
    ['Ed25519 without x', ed, { x: undefined }],
    ['Ed25519 with a short x', ed, { x: 'AAAA' }],
    ['Ed25519 with the crv Ed448', ed, { crv: 'Ed448' }],
    ['Ed25519 with the crv X25519', ed, { crv: 'X25519' }],
  ])('%s', async (_, key, change) => {
    const [neighbour] = [rs256, es256].filter((one) => one !== key)
    const token = await issuer.token(claims, { key })
    const say = (jwk: object) =>
      sayOf(() => createVerifier(trustKeys(issuer, jwk, neighbour?.jwk), { now }).verify(token))

    expect(await say(key.jwk)).toBe(ACCEPTED)
    expect(await say({ ...key.jwk, ...change })).toBe(MISMATCH)
  })
})

describe('no key is used whose secret is published', () => {
  test.each(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'])(
    'in its member %s',
    async (name) => {
      const attack = await issuer.token(claims)
      const trusted = trustKeys(issuer, { ...rs256.jwk, [name]: 'AQAB' }, es256.jwk)

      expect(await judge({ trusted, attack, control })).toBe(MISMATCH)
      expect(await judge({ trusted: trust(issuer), attack, control })).toBe(ACCEPTED)
    },
  )
})
