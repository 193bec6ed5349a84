/**
 * Step 5: the signature, for every algorithm that this version of Node supports, with verify and verifySync.
 */
import { Buffer } from 'node:buffer'
import { constants, createHash, createSign, KeyObject, sign } from 'node:crypto'
import { createVerifier } from 'jwt-gate'
import { createTestIssuer, type TestKey } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { ALGORITHMS, isAvailable } from '../../../src/verify/algorithms.ts'
import { encode, split } from '../support/raw-token.ts'

const algorithms = ALGORITHMS.filter((alg) => alg !== 'RS256' && isAvailable(alg))
const issuer = await createTestIssuer({ algorithms })
const other = await createTestIssuer({ algorithms: ['ES256'] })
const verifier = createVerifier({ issuer: issuer.issuer, audience: null, jwks: issuer.jwks })
const claims = { iss: issuer.issuer, exp: 4_000_000_000, sub: 'alice' }
const WRONG = { name: 'TokenError', code: 'ERR_TOKEN_SIGNATURE', status: 401 }

/** verify and verifySync must have the same result. */
async function expectWrong(token: string): Promise<void> {
  await expect(verifier.verify(token)).rejects.toMatchObject(WRONG)
  expect(() => verifier.verifySync(token)).toThrow(expect.objectContaining(WRONG))
}

function flipBit(text: string, index: number): string {
  const bytes = Buffer.from(text, 'base64url')
  const at = index < 0 ? bytes.length + index : index
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
  return encode(bytes)
}

test('knows every algorithm of the contract', () => {
  expect([...ALGORITHMS].sort()).toEqual(
    [
      ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512'],
      ...['EdDSA', 'Ed25519', 'ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'],
    ].sort(),
  )
})

describe.each(['RS256' as const, ...algorithms])('%s', async (alg) => {
  const key = issuer.keyFor(alg)
  const token = await issuer.token(claims, { key })
  const [header, payload, signature] = split(token)

  test('accepts a good signature', async () => {
    const fresh = createVerifier({ issuer: issuer.issuer, audience: null, jwks: issuer.jwks })

    expect(fresh.verifySync(token).claims).toEqual(claims)
    await expect(verifier.verify(token)).resolves.toMatchObject({ claims, header: { alg } })
  })

  test.each([0, 20, -1])('rejects a signature with one bit flipped, in byte %i', async (index) => {
    await expectWrong(`${header}.${payload}.${flipBit(signature, index)}`)
  })

  test('rejects another payload under the same signature', async () => {
    const forged = encode(JSON.stringify({ ...claims, sub: 'admin' }))

    await expectWrong(`${header}.${forged}.${signature}`)
  })

  test('rejects another header under the same signature', async () => {
    const forged = encode(JSON.stringify({ alg, kid: key.kid, x: 1 }))

    await expectWrong(`${forged}.${payload}.${signature}`)
  })

  test.each([
    ['is empty', () => Buffer.alloc(0)],
    ['is all zeros', (good: Buffer) => Buffer.alloc(good.length)],
    ['is all ones', (good: Buffer) => Buffer.alloc(good.length, 0xff)],
    ['lacks its last byte', (good: Buffer) => good.subarray(0, -1)],
    ['lacks its first byte', (good: Buffer) => good.subarray(1)],
    ['has one more byte', (good: Buffer) => Buffer.concat([good, Buffer.alloc(1)])],
    ['has a leading zero', (good: Buffer) => Buffer.concat([Buffer.alloc(1), good])],
    ['is repeated', (good: Buffer) => Buffer.concat([good, good])],
  ])('rejects a signature that %s', async (_, change) => {
    const changed = encode(change(Buffer.from(signature, 'base64url')))

    await expectWrong(`${header}.${payload}.${changed}`)
  })
})

describe('keys', () => {
  test.each(['RS256', 'ES256'] as const)('rejects an %s signature by another key', async (alg) => {
    const { kid } = issuer.keyFor(alg)

    const token = await other.token(claims, { key: other.keyFor(alg), header: { kid } })

    await expectWrong(token)
  })

  test('rejects a signature by another key of the same set', async () => {
    const [first, second] = issuer.keys as [TestKey, TestKey]

    await expectWrong(await issuer.token(claims, { key: second, header: { kid: first.kid } }))
  })
})

describe('encodings that JWS does not allow', () => {
  const nodeKey = (key: TestKey): KeyObject => KeyObject.from(key.privateKey as never)

  test('rejects DER in an ECDSA signature', async () => {
    const token = await issuer.token(claims, {
      key: issuer.keyFor('ES256'),
      sign: (text, key) => createSign('sha256').update(text).sign(nodeKey(key)),
    })

    await expectWrong(token)
    await expectWrong(
      await issuer.token(claims, {
        key: issuer.keyFor('ES256'),
        sign: () => Buffer.from('3006020100020100', 'hex'),
      }),
    )
  })

  test('rejects r = 0 and s = 0, each on its own', async () => {
    const key = issuer.keyFor('ES256')
    const [header, payload, signature] = split(await issuer.token(claims, { key }))
    const good = Buffer.from(signature, 'base64url')
    const zero = Buffer.alloc(32)

    await expectWrong(`${header}.${payload}.${encode(Buffer.concat([zero, good.subarray(32)]))}`)
    await expectWrong(`${header}.${payload}.${encode(Buffer.concat([good.subarray(0, 32), zero]))}`)
  })

  test('rejects PKCS#1 v1.5 under PS256, and PSS under RS256', async () => {
    const pkcs1 = await issuer.token(claims, {
      key: issuer.keyFor('PS256'),
      sign: (text, key) =>
        sign('sha256', Buffer.from(text), {
          key: toPlainRsa(nodeKey(key)),
          padding: constants.RSA_PKCS1_PADDING,
        }),
    })
    const pss = await issuer.token(claims, {
      sign: (text, key) => sign('sha256', Buffer.from(text), withSalt(nodeKey(key), 32)),
    })

    await expectWrong(pkcs1)
    await expectWrong(pss)
  })

  test.each([0, 20, 31, 33])('rejects a PSS salt of %i bytes', async (length) => {
    const token = await issuer.token(claims, {
      key: issuer.keyFor('PS256'),
      sign: (text, key) => sign('sha256', Buffer.from(text), withSalt(nodeKey(key), length)),
    })

    await expectWrong(token)
  })

  // RFC 8017 s8.1.2 (1): OpenSSL accepts it, which would give a token a second spelling
  test('rejects a PSS signature without its leading zero', async () => {
    const key = issuer.keyFor('PS256')
    const [header, payload, signature] = split(
      await issuer.token(claims, { key, sign: signUntilZero }),
    )
    const bytes = Buffer.from(signature, 'base64url')

    expect(verifier.verifySync(`${header}.${payload}.${signature}`).claims).toEqual(claims)
    await expectWrong(`${header}.${payload}.${encode(bytes.subarray(1))}`)
  })

  test('rejects a digest other than the one that alg names', async () => {
    const token = await issuer.token(claims, {
      sign: (text, key) => sign('sha512', Buffer.from(text), nodeKey(key)),
    })

    await expectWrong(token)
  })

  test('rejects a signature over the digest of the text', async () => {
    const token = await issuer.token(claims, {
      sign: (text, key) => sign('sha256', createHash('sha256').update(text).digest(), nodeKey(key)),
    })

    await expectWrong(token)
  })

  test('rejects a signature over the payload only', async () => {
    const token = await issuer.token(claims, {
      sign: (text, key) => sign('sha256', Buffer.from(split(text)[1]), nodeKey(key)),
    })

    await expectWrong(token)
  })

  /** One PSS signature in 256 begins with a zero. Because of its random salt, each one is different. */
  function signUntilZero(text: string, key: TestKey): Uint8Array {
    const how = withSalt(nodeKey(key), 32)
    for (let tries = 0; tries < 10_000; tries++) {
      const signature = sign('sha256', Buffer.from(text), how)
      if (signature[0] === 0) return signature
    }
    throw new Error('no signature begins with a zero')
  }

  function withSalt(key: KeyObject, saltLength: number) {
    return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }
  }

  function toPlainRsa(key: KeyObject) {
    return key.export({ type: 'pkcs8', format: 'pem' })
  }
})
