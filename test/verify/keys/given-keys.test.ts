/**
 * Keys from the configuration: without a `kid`, and in PEM.
 */
import { createPublicKey, generateKeyPairSync, KeyObject, sign } from 'node:crypto'
import { cognito, createVerifier } from 'jwt-gate'
import { createTestIssuer, type TestKey } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { firstKey } from '../support/raw-token.ts'

const issuer = await createTestIssuer({ algorithms: ['ES256', 'Ed25519', 'PS256'] })
const claims = { iss: issuer.issuer, exp: 4_000_000_000 }
const rs256 = firstKey(issuer)
const es256 = issuer.keyFor('ES256')

const verifierFor = (...keys: unknown[]) =>
  createVerifier({ issuer: issuer.issuer, audience: null, jwks: { keys } as never })
const toPublic = ({ privateKey }: TestKey): KeyObject =>
  createPublicKey(KeyObject.from(privateKey as never))
const spki = (key: TestKey): string =>
  toPublic(key).export({ type: 'spki', format: 'pem' }) as string

/** A self-signed X.509 certificate (RFC 5280 s4.1) with this key, expired since 2021. */
function certify(key: TestKey): string {
  const der = (tag: number, ...parts: Buffer[]): Buffer => {
    const body = Buffer.concat(parts)
    return Buffer.concat([Buffer.from([tag, 0x82, body.length >> 8, body.length & 0xff]), body])
  }
  const sha256WithRsa = Buffer.from('300d06092a864886f70d01010b0500', 'hex')
  const dates = ['200101000000Z', '210101000000Z'].map((text) => der(0x17, Buffer.from(text)))
  const body = der(
    0x30,
    ...[Buffer.from('020101', 'hex'), sha256WithRsa, der(0x30), der(0x30, ...dates), der(0x30)],
    toPublic(key).export({ type: 'spki', format: 'der' }),
  )
  const signature = sign('sha256', body, KeyObject.from(key.privateKey as never))
  const certificate = der(0x30, body, sha256WithRsa, der(0x03, Buffer.alloc(1), signature))
  const lines = certificate.toString('base64').replace(/.{64}/g, '$&\n')
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`
}

describe('one given key without a kid', () => {
  const nameless = toPublic(rs256).export({ format: 'jwk' })

  test.each([rs256.kid, 'other', '', undefined])('fits a token with the kid %j', async (kid) => {
    const token = await issuer.token(claims, { header: { kid } })

    await expect(verifierFor(nameless).verify(token)).resolves.toBeDefined()
    expect(verifierFor(nameless).verifySync(token).claims).toEqual(claims)
  })

  test('is still one key if it is given twice', async () => {
    const verifier = verifierFor(nameless, { ...nameless, use: 'sig' })

    await expect(verifier.verify(await issuer.token(claims))).resolves.toBeDefined()
  })

  test('does not fit a token of another algorithm', async () => {
    const verifier = verifierFor(nameless)

    await expect(verifier.verify(await issuer.token(claims, { key: es256 }))).rejects.toMatchObject(
      { code: 'ERR_KEY_UNUSABLE', reason: 'mismatch' },
    )
  })

  test.each([
    ['another one without a kid', toPublic(es256).export({ format: 'jwk' })],
    ['another one with a kid', es256.jwk],
    ['itself with a kid', { ...nameless, kid: 'named' }],
    ['an unusable one', { kty: 'oct', k: 'c2VjcmV0' }],
  ])('fits no kid beside %s', async (_, other) => {
    const verifier = verifierFor(nameless, other)

    await expect(verifier.verify(await issuer.token(claims))).rejects.toMatchObject({
      code: 'ERR_KEY_NOT_FOUND',
    })
    const token = await issuer.token(claims, { header: { kid: undefined } })
    await expect(verifier.verify(token)).resolves.toBeDefined()
  })
})

describe('a given key in PEM', () => {
  test.each([
    ['RS256', rs256],
    ['ES256', es256],
    ['Ed25519', issuer.keyFor('Ed25519')],
  ])('may be the public key of %s', async (_, key) => {
    const token = await issuer.token(claims, { key })

    await expect(verifierFor(spki(key)).verify(token)).resolves.toBeDefined()
  })

  test.each<[string, (pem: string) => string]>([
    ['with \\n in place of line feeds', (pem) => pem.replaceAll('\n', '\\n')],
    ['with CRLF', (pem) => pem.replaceAll('\n', '\r\n')],
    ['without a line feed at its end', (pem) => pem.trim()],
    ['after explanatory text', (pem) => `Public-Key: (2048 bit)\n${pem}`],
  ])('may be written %s', async (_, spell) => {
    const token = await issuer.token(claims)

    await expect(verifierFor(spell(spki(rs256))).verify(token)).resolves.toBeDefined()
  })

  test('may be a PKCS#1 public key', async () => {
    const pem = toPublic(rs256).export({ type: 'pkcs1', format: 'pem' })

    await expect(verifierFor(pem).verify(await issuer.token(claims))).resolves.toBeDefined()
  })

  test('may be a certificate, whose dates are not checked', async () => {
    const verifier = verifierFor(certify(rs256))

    await expect(verifier.verify(await issuer.token(claims))).resolves.toBeDefined()
  })

  test('may be given to cognito()', async () => {
    const { userPoolId, clientId } = issuer
    const verifier = createVerifier(
      cognito({ userPoolId, clientId, tokenUse: 'access', jwks: { keys: [spki(rs256)] } }),
    )

    await expect(verifier.verify(await issuer.accessToken())).resolves.toBeDefined()
  })

  test('may stand beside keys with a kid', async () => {
    const verifier = verifierFor(spki(es256), rs256.jwk)

    await expect(verifier.verify(await issuer.token(claims))).resolves.toBeDefined()
    const token = await issuer.token(claims, { key: es256, header: { kid: undefined } })
    await expect(verifier.verify(token)).resolves.toBeDefined()
  })

  const weak = generateKeyPairSync('rsa', { modulusLength: 1_024 }).publicKey
  test.each([
    ['a private key', privatePem('pkcs8'), '"jwks" contains a private key'],
    ['a private key in PKCS#1', privatePem('pkcs1'), '"jwks" contains a private key'],
    ['a key and its private key', spki(rs256) + privatePem('pkcs8'), '"jwks" contains a private'],
    ['two keys', spki(rs256) + spki(es256), '"jwks" contains a text that is not one'],
    ['another text', 'https://idp.example/jwks', '"jwks" contains a text that is not one'],
    ['an empty text', '', '"jwks" contains a text that is not one'],
    ['a block of another kind', block('X509 CRL'), '"jwks" contains a text that is not one'],
    ['a broken key', block('PUBLIC KEY'), '"jwks" contains a PEM that cannot be read'],
    ['a broken certificate', block('CERTIFICATE'), '"jwks" contains a PEM that cannot be read'],
    ['a weak key', weak.export({ type: 'spki', format: 'pem' }), '"jwks" has no usable key'],
  ])('cannot be %s', (_, pem, message) => {
    expect(() => verifierFor(pem)).toThrow(message)
    expect(() => verifierFor(pem)).toThrow(expect.objectContaining({ code: 'ERR_CONFIG_INVALID' }))
  })

  function privatePem(type: 'pkcs1' | 'pkcs8'): string {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
    return privateKey.export({ type, format: 'pem' }) as string
  }

  function block(label: string): string {
    return `-----BEGIN ${label}-----\nMIIBIjANBgkq\n-----END ${label}-----\n`
  }
})
