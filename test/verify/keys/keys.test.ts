/**
 * Step 4: which key of a JWK Set is used, and which keys never are.
 */
import { createVerifier } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { firstKey } from '../support/raw-token.ts'

const issuer = await createTestIssuer({ algorithms: ['ES256', 'ES384', 'Ed25519'] })
const iss = issuer.issuer
const claims = { iss, exp: 4_000_000_000 }
const rs256 = firstKey(issuer)
const es256 = issuer.keyFor('ES256')
const NOT_FOUND = { name: 'TokenError', code: 'ERR_KEY_NOT_FOUND', status: 401, claim: 'kid' }
const UNUSABLE = { name: 'TokenError', code: 'ERR_KEY_UNUSABLE', status: 401, claim: 'kid' }
const MISMATCH = { ...UNUSABLE, reason: 'mismatch' }
const AMBIGUOUS = { ...UNUSABLE, reason: 'ambiguous' }

/** A verifier for a set with these keys, valid or not. */
const verifierFor = (...keys: unknown[]) =>
  createVerifier(
    { issuer: iss, audience: null, jwksUri: issuer.jwksUri },
    { fetch: async () => Response.json({ keys }) },
  )

describe('with a kid', () => {
  test('uses the key with that kid', async () => {
    const verifier = verifierFor(...issuer.jwks.keys)

    for (const key of issuer.keys) {
      await expect(verifier.verify(await issuer.token(claims, { key }))).resolves.toBeDefined()
    }
  })

  test.each([
    'other',
    '',
    rs256.kid.toUpperCase(),
    `${rs256.kid} `,
    rs256.kid.slice(0, -1),
    '__proto__',
    'constructor',
    '../../../dev/null',
    "' OR 1=1 --",
    'x'.repeat(4_096),
    '\0\r\n',
  ])('does not find %j, and tries no other key instead', async (kid) => {
    const token = await issuer.token(claims, { header: { kid } })

    await expect(verifierFor(rs256.jwk).verify(token)).rejects.toMatchObject(NOT_FOUND)
  })

  test('does not find a key whose own kid is not a string', async () => {
    const verifier = verifierFor({ ...rs256.jwk, kid: 1 })
    const token = await issuer.token(claims, { header: { kid: '1' } })

    await expect(verifier.verify(token)).rejects.toMatchObject(NOT_FOUND)
  })

  test('takes the one that fits of two keys of that name', async () => {
    const verifier = verifierFor({ ...es256.jwk, kid: 'k' }, { ...rs256.jwk, kid: 'k' })
    const header = { kid: 'k' }

    await expect(verifier.verify(await issuer.token(claims, { header }))).resolves.toBeDefined()
    await expect(
      verifier.verify(await issuer.token(claims, { header, key: es256 })),
    ).resolves.toBeDefined()
  })

  test('refuses to choose between two keys of that name which both fit', async () => {
    const other = issuer.keys[1]?.jwk
    const verifier = verifierFor(rs256.jwk, { ...other, kid: rs256.kid })

    await expect(verifier.verify(await issuer.token(claims))).rejects.toMatchObject(AMBIGUOUS)
  })

  test('accepts the same key given twice', async () => {
    const verifier = verifierFor(rs256.jwk, { ...rs256.jwk })

    await expect(verifier.verify(await issuer.token(claims))).resolves.toBeDefined()
  })
})

describe('without a kid', () => {
  const header = { kid: undefined }

  test('uses the only key that fits', async () => {
    const { kid, ...nameless } = rs256.jwk
    const token = await issuer.token(claims, { header })

    await expect(verifierFor(es256.jwk, rs256.jwk).verify(token)).resolves.toBeDefined()
    await expect(verifierFor(es256.jwk, nameless).verify(token)).resolves.toBeDefined()
  })

  test('does not choose if more than one key fits', async () => {
    const verifier = verifierFor(...issuer.jwks.keys)

    const work = verifier.verify(await issuer.token(claims, { header }))

    await expect(work).rejects.toMatchObject(AMBIGUOUS)
  })

  test('finds no key if none fits', async () => {
    const verifier = verifierFor(es256.jwk)

    const work = verifier.verify(await issuer.token(claims, { header }))

    await expect(work).rejects.toMatchObject(NOT_FOUND)
  })

  test('does not use a key without a kid for a token with one', async () => {
    const { kid, ...nameless } = rs256.jwk

    const work = verifierFor(nameless).verify(await issuer.token(claims))

    await expect(work).rejects.toMatchObject(NOT_FOUND)
  })
})

describe('the purpose of a key', () => {
  test.each([
    ['another kty', { kty: 'EC' }],
    ['a kty in lower case', { kty: 'rsa' }],
    ['no kty', { kty: undefined }],
    ['another alg of the same kty', { alg: 'RS512' }],
    ['the alg of another padding', { alg: 'PS256' }],
    ['an alg for encryption', { alg: 'RSA-OAEP' }],
    ['an alg that is null', { alg: null }],
    ['use enc', { use: 'enc' }],
    ['a use that is null', { use: null }],
    ['key_ops without verify', { key_ops: ['encrypt', 'wrapKey'] }],
    ['empty key_ops', { key_ops: [] }],
    ['key_ops that are no list', { key_ops: 'verify' }],
    ['key_ops that are null', { key_ops: null }],
  ])('rejects a key with %s', async (_, change) => {
    const verifier = verifierFor({ ...rs256.jwk, ...change }, es256.jwk)

    await expect(verifier.verify(await issuer.token(claims))).rejects.toMatchObject(MISMATCH)
  })

  test.each([
    ['no alg', { alg: undefined }],
    ['no use', { use: undefined }],
    ['key_ops with verify', { key_ops: ['sign', 'verify'] }],
    ['key_ops for encryption too', { key_ops: ['verify', 'encrypt', 'wrapKey'] }],
    ['a curve, which RSA keys do not have', { crv: 'P-256' }],
    ['unknown members', { 'x-other': { a: 1 }, x5c: ['MIIB'] }],
  ])('accepts a key with %s', async (_, change) => {
    const verifier = verifierFor({ ...rs256.jwk, ...change })

    await expect(verifier.verify(await issuer.token(claims))).resolves.toBeDefined()
  })

  test('rejects a token with another algorithm than that of its key', async () => {
    const work = (kid: string, alg: string) =>
      issuer.token(claims, { header: { kid, alg } }).then(verifierFor(...issuer.jwks.keys).verify)

    await expect(work(rs256.kid, 'RS512')).rejects.toMatchObject(MISMATCH)
    await expect(work(rs256.kid, 'PS256')).rejects.toMatchObject(MISMATCH)
    await expect(work(rs256.kid, 'ES256')).rejects.toMatchObject(MISMATCH)
    await expect(work(es256.kid, 'ES384')).rejects.toMatchObject(MISMATCH)
    await expect(work(issuer.keyFor('Ed25519').kid, 'EdDSA')).rejects.toMatchObject(MISMATCH)
  })

  test('rejects a curve of another algorithm, even if the key has no alg', async () => {
    const { alg, ...p384 } = issuer.keyFor('ES384').jwk
    const token = await issuer.token(claims, { header: { kid: p384.kid, alg: 'ES256' } })

    await expect(verifierFor(p384).verify(token)).rejects.toMatchObject(MISMATCH)
  })

  test('allows an Ed25519 key without alg under both names of the algorithm', async () => {
    const key = issuer.keyFor('Ed25519')
    const { alg, ...jwk } = key.jwk

    for (const name of ['EdDSA', 'Ed25519']) {
      const token = await issuer.token(claims, { key, header: { alg: name } })
      await expect(verifierFor(jwk).verify(token)).resolves.toBeDefined()
    }
  })
})
