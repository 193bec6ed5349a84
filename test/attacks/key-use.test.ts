/**
 * A key must verify only what it is meant for: its algorithm, its curve, its `use`, its `key_ops` (RFC 8725 s2.1, s3.1; RFC 7517
 * s4.1 to s4.4; CVE-2026-22818, CVE-2026-11800).
 */
import { Buffer } from 'node:buffer'
import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { type Algorithm, createVerifier } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { firstKey } from '../verify/support/raw-token.ts'
import { ACCEPTED, claimsOf, judge, MISMATCH, now, sayOf, trust, trustKeys } from './setup.ts'

const issuer = await createTestIssuer({ now, algorithms: ['ES256'] })
const claims = claimsOf(issuer)
const rs256 = firstKey(issuer)
const es256 = issuer.keyFor('ES256')
const control = await issuer.token(claims)
const RSA: Algorithm[] = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']
const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 })
const rsaJwk = { ...rsa.publicKey.export({ format: 'jwk' }), kid: 'rsa' }

/** A valid signature by any key under any algorithm, as the owner of the key could make it. */
function signAs(alg: string, key: KeyObject, text: string): Buffer {
  const digest = `sha${alg.slice(2)}`
  if (alg.startsWith('ES')) {
    return sign(digest, Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' })
  }
  const padding = alg.startsWith('PS')
    ? constants.RSA_PKCS1_PSS_PADDING
    : constants.RSA_PKCS1_PADDING
  const saltLength = constants.RSA_PSS_SALTLEN_DIGEST
  return sign(digest, Buffer.from(text), alg.startsWith('PS') ? { key, padding, saltLength } : key)
}

const mint = (alg: string, kid: string, key: KeyObject): Promise<string> =>
  issuer.token(claims, { header: { alg, kid }, sign: (text) => signAs(alg, key, text) })

const PAIRS = RSA.flatMap((keyAlg) =>
  RSA.filter((alg) => alg !== keyAlg).map((alg) => ({ keyAlg, alg })),
)

test.each(PAIRS)('no key for $keyAlg verifies a good $alg signature of its own', async (pair) => {
  const token = await mint(pair.alg, 'rsa', rsa.privateKey)
  const say = (alg: string) =>
    sayOf(() =>
      createVerifier(trustKeys(issuer, { ...rsaJwk, alg }, rs256.jwk), { now }).verify(token),
    )

  expect(await say(pair.alg)).toBe(ACCEPTED)
  expect(await say(pair.keyAlg)).toBe(MISMATCH)
})

test.each(RSA.slice(1))(
  'no key without alg verifies a good %s signature outside the allow list',
  async (alg) => {
    const token = await mint(alg, 'rsa', rsa.privateKey)
    const say = (algorithms: Algorithm[]) =>
      sayOf(() =>
        createVerifier({ ...trustKeys(issuer, rsaJwk), algorithms }, { now }).verify(token),
      )

    expect(await say(['RS256', alg])).toBe(ACCEPTED)
    expect(await say(['RS256'])).toBe('ERR_TOKEN_ALGORITHM alg')
  },
)

const CURVES = { ES256: 'prime256v1', ES384: 'secp384r1', ES512: 'secp521r1', K: 'secp256k1' }
const curveKeys = Object.entries(CURVES).map(([owner, namedCurve]) => ({
  owner,
  ...generateKeyPairSync('ec', { namedCurve }),
}))
const CURVE_PAIRS = curveKeys.flatMap((pair) =>
  ['ES256', 'ES384', 'ES512'].filter((alg) => alg !== pair.owner).map((alg) => ({ alg, ...pair })),
)

test.each(CURVE_PAIRS)(
  'no $owner key without alg verifies a good $alg signature on its own curve',
  async ({ owner, alg, publicKey, privateKey }) => {
    const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'ec' }
    const attack = await mint(alg, 'ec', privateKey)
    const own = owner === 'K' ? control : await mint(owner, 'ec', privateKey)

    const trusted = trustKeys(issuer, jwk, rs256.jwk)

    expect(await judge({ trusted, attack, control: own })).toBe(MISMATCH)
  },
)

test.each(RSA)('no EC key without alg verifies its own signature under %s', async (alg) => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'ec' }
  const attack = await issuer.token(claims, {
    header: { alg, kid: 'ec' },
    sign: (text) => sign(`sha${alg.slice(2)}`, Buffer.from(text), privateKey),
  })
  const own = await mint('ES256', 'ec', privateKey)

  expect(await judge({ trusted: trustKeys(issuer, jwk), attack, control: own })).toBe(MISMATCH)
})

test('no secp256k1 key is used as a P-256 key', async () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'secp256k1' })
  const jwk = { ...publicKey.export({ format: 'jwk' }), crv: 'P-256', kid: 'ec' }
  const attack = await mint('ES256', 'ec', privateKey)

  const trusted = trustKeys(issuer, jwk, rs256.jwk)

  expect(await judge({ trusted, attack, control })).toBe(MISMATCH)
})

describe('no key is used against what it says of itself', () => {
  test.each<[string, object]>([
    ['use enc', { use: 'enc' }],
    ['use SIG', { use: 'SIG' }],
    ['an empty use', { use: '' }],
    ['a use that is a list', { use: ['sig'] }],
    ['a use that is null', { use: null }],
    ['key_ops to encrypt', { key_ops: ['encrypt'] }],
    ['key_ops to sign', { key_ops: ['sign'] }],
    ['key_ops of VERIFY', { key_ops: ['VERIFY'] }],
    ['empty key_ops', { key_ops: [] }],
    ['key_ops that are a string', { key_ops: 'verify' }],
    ['key_ops that are an object', { key_ops: { 0: 'verify', length: 1 } }],
    ['key_ops that are null', { key_ops: null }],
    ['an alg for encryption', { alg: 'RSA-OAEP-256' }],
    ['alg none', { alg: 'none' }],
    ['alg HS256', { alg: 'HS256' }],
    ['alg rs256', { alg: 'rs256' }],
    ['an alg that is a list', { alg: ['RS256'] }],
    ['an alg that is null', { alg: null }],
    ['kty EC', { kty: 'EC' }],
    ['kty oct', { kty: 'oct' }],
    ['kty rsa', { kty: 'rsa' }],
    ['a kty that is a list', { kty: ['RSA'] }],
    ['no kty', { kty: undefined }],
  ])('%s', async (_, change) => {
    const token = await issuer.token(claims)
    const say = (jwk: object) =>
      sayOf(() => createVerifier(trustKeys(issuer, jwk, es256.jwk), { now }).verify(token))

    expect(await say({ ...rs256.jwk, key_ops: ['verify'] })).toBe(ACCEPTED)
    expect(await say({ ...rs256.jwk, ...change })).toBe(MISMATCH)
  })
})

test.each([
  ['an RSA key', rs256.kid, 'ES256'],
  ['an RSA key', rs256.kid, 'EdDSA'],
  ['an RSA key', rs256.kid, 'PS256'],
  ['an EC key', es256.kid, 'RS256'],
  ['an EC key', es256.kid, 'Ed25519'],
])('%s is not used under another algorithm than its own (%#)', async (_, kid, alg) => {
  const attack = await issuer.token(claims, { header: { kid, alg } })

  expect(await judge({ trusted: trust(issuer), attack, control })).toBe(MISMATCH)
})
