/**
 * Step 4: keys whose signatures prove nothing, broken keys, and the good keys beside them.
 */
import { Buffer } from 'node:buffer'
import { createHash, webcrypto } from 'node:crypto'
import { exportJWK } from 'jose'
import { createVerifier, type JsonWebKey } from 'jwt-gate'
import { createTestIssuer, type TestKey } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { firstKey } from '../support/raw-token.ts'

const issuer = await createTestIssuer({ algorithms: ['ES256'] })
const claims = { iss: issuer.issuer, exp: 4_000_000_000 }
const good = firstKey(issuer)
const es256 = issuer.keyFor('ES256')
const UNUSABLE = { code: 'ERR_KEY_UNUSABLE', status: 401, claim: 'kid', reason: 'mismatch' }

const verifierFor = (...keys: unknown[]) =>
  createVerifier(
    { issuer: issuer.issuer, audience: null, jwksUri: issuer.jwksUri },
    { fetch: async () => new Response(JSON.stringify({ keys })) },
  )

async function createRsaKey(modulusLength: number, publicExponent: number[]): Promise<TestKey> {
  const { publicKey, privateKey } = await webcrypto.subtle.generateKey(
    {
      name: 'RSASSA-PKCS1-v1_5',
      hash: 'SHA-256',
      modulusLength,
      publicExponent: new Uint8Array(publicExponent),
    },
    true,
    ['sign', 'verify'],
  )
  const jwk = { ...(await exportJWK(publicKey)), kid: 'weak' } as JsonWebKey
  return { kid: 'weak', alg: 'RS256', jwk, privateKey }
}

describe('RSA keys', () => {
  test.each([
    ['1024 bits', 1_024, [1, 0, 1]],
    ['2040 bits', 2_040, [1, 0, 1]],
    ['the exponent 3', 2_048, [3]],
    ['the exponent 257', 2_048, [1, 1]],
  ])('rejects one with %s', async (_, bits, exponent) => {
    const key = await createRsaKey(bits, exponent)
    const token = await issuer.token(claims, { key })

    await expect(verifierFor(key.jwk, good.jwk).verify(token)).rejects.toMatchObject(UNUSABLE)
  })

  test('accepts one with 2048 bits and the exponent 65537', async () => {
    const key = await createRsaKey(2_048, [1, 0, 1])
    const token = await issuer.token(claims, { key })

    await expect(verifierFor(key.jwk).verify(token)).resolves.toBeDefined()
  })

  test('rejects the exponent 1, with which anyone can sign', async () => {
    const jwk = { ...good.jwk, kid: 'one', e: 'AQ' }
    const token = await issuer.token(claims, {
      header: { kid: 'one' },
      sign: (signingInput) => padPkcs1(createHash('sha256').update(signingInput).digest()),
    })

    await expect(verifierFor(jwk, good.jwk).verify(token)).rejects.toMatchObject(UNUSABLE)
  })
})

/** RFC 8017 s9.2: the encoded message of a signature before exponentiation, for 2048 bits and SHA-256. */
function padPkcs1(digest: Buffer): Buffer {
  const prefix = Buffer.from('3031300d060960864801650304020105000420', 'hex')
  const filler = Buffer.alloc(256 - 3 - prefix.length - digest.length, 0xff)
  return Buffer.concat([Buffer.from([0, 1]), filler, Buffer.from([0]), prefix, digest])
}

describe('Ed25519 keys of small order, with which anyone can sign', () => {
  const forge = (x: string) => {
    const verifier = verifierFor({ kty: 'OKP', crv: 'Ed25519', kid: 'weak', x }, good.jwk)
    const bytes = Buffer.from('01'.padEnd(128, '0'), 'hex')
    const header = { alg: 'EdDSA', kid: 'weak' }
    return Promise.all(
      Array.from({ length: 24 }, async (_, at) => {
        const token = await issuer.token({ ...claims, at }, { header, sign: () => bytes })
        return verifier.verify(token)
      }),
    )
  }

  // the eight points, and the non-canonical encodings of two of them; RFC 8032 s5.1.3
  test.each([
    ['of order 4', '00'.repeat(32)],
    ['of order 1', `01${'00'.repeat(31)}`],
    ['of order 2', `ec${'ff'.repeat(30)}7f`],
    ['of order 8', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'],
    [
      'of order 8, the second one',
      'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    ],
    ['of order 4, encoded as p', `ed${'ff'.repeat(30)}7f`],
    ['of order 1, encoded as p + 1', `ee${'ff'.repeat(30)}7f`],
  ])('rejects a key %s, with either sign', async (_name, hex) => {
    for (const sign of [0, 0x80]) {
      const point = Buffer.from(hex, 'hex')
      point[31] = (point[31] ?? 0) | sign
      await expect(forge(point.toString('base64url'))).rejects.toMatchObject(UNUSABLE)
    }
  })
})

describe('keys that should not be public', () => {
  test.each(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'])(
    'rejects a key with the private member %s',
    async (member) => {
      const verifier = verifierFor({ ...good.jwk, [member]: 'AQAB' }, es256.jwk)

      await expect(verifier.verify(await issuer.token(claims))).rejects.toMatchObject(UNUSABLE)
    },
  )

  test('rejects a real private key, even though its public part is valid', async () => {
    const jwk = { ...(await exportJWK(good.privateKey)), kid: good.kid }

    const work = verifierFor(jwk, es256.jwk).verify(await issuer.token(claims))

    await expect(work).rejects.toMatchObject(UNUSABLE)
  })

  test('never uses a symmetric key', async () => {
    const oct = { kty: 'oct', kid: good.kid, k: 'c2VjcmV0', alg: 'RS256' }

    const work = verifierFor(oct, es256.jwk).verify(await issuer.token(claims))

    await expect(work).rejects.toMatchObject(UNUSABLE)
  })
})

describe('broken keys', () => {
  const off = Buffer.alloc(32, 1).toString('base64url')
  test.each<[string, TestKey, object]>([
    ['no modulus', good, { n: undefined }],
    ['an empty modulus', good, { n: '' }],
    ['a modulus that is a number', good, { n: 5 }],
    ['characters that Node would ignore', good, { n: `${good.jwk['n']}!` }],
    ['leading characters that Node would ignore', good, { n: `!${good.jwk['n']}` }],
    ['padding before its end', good, { n: `==${good.jwk['n']}` }],
    ['more padding than base64 has', good, { n: `${good.jwk['n']}===` }],
    ['a modulus of zero', good, { n: 'AA' }],
    ['no exponent', good, { e: undefined }],
    ['an exponent that is null', good, { e: null }],
    ['a point off the curve', es256, { x: off, y: off }],
    ['one coordinate only', es256, { y: undefined }],
    ['a coordinate that is too long', es256, { x: `AAAA${es256.jwk['x']}AAAA` }],
  ])('rejects one with %s', async (_, key, change) => {
    const verifier = verifierFor({ ...key.jwk, ...change }, key === good ? es256.jwk : good.jwk)

    await expect(verifier.verify(await issuer.token(claims, { key }))).rejects.toMatchObject(
      UNUSABLE,
    )
  })

  const verifierFetching = (body: string) =>
    createVerifier(
      { issuer: issuer.issuer, audience: null, jwksUri: issuer.jwksUri },
      { fetch: async () => new Response(body) },
    )
  const nested = '['.repeat(100_000) + ']'.repeat(100_000)
  test.each([
    ['null', 'null'],
    ['a number', '1'],
    ['text', '"key"'],
    ['a list', '[]'],
    ['an empty object', '{}'],
    ['a key of an unknown kind', '{"kty":"XYZ","kid":"x","alg":"XY256"}'],
    ['an RSA key without members', '{"kty":"RSA","kid":"x"}'],
    ['a key nested 100000 levels deep', `{"kty":"RSA","kid":"x","deep":${nested}}`],
    ['a key with a member named __proto__', '{"__proto__":{"kty":"RSA"},"kid":"x"}'],
  ])('do not affect the good keys beside them: %s', async (_, broken) => {
    const body = `{"keys":[${broken},${JSON.stringify(good.jwk)},${broken}]}`
    const verifier = verifierFetching(body)

    await expect(verifier.verify(await issuer.token(claims))).resolves.toBeDefined()
  })

  test('a good key that is nested too deeply to be compared with others is none', async () => {
    const deep = JSON.stringify({ ...good.jwk, kid: 'deep' }).replace('}', `,"deep":${nested}}`)
    const body = `{"keys":[${deep},${JSON.stringify(good.jwk)}]}`
    const verifier = verifierFetching(body)
    const token = await issuer.token(claims, { header: { kid: 'deep' } })

    await expect(verifier.verify(await issuer.token(claims))).resolves.toBeDefined()
    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'ERR_KEY_NOT_FOUND' })
  })
})
