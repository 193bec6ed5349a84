/**
 * The spellings that are accepted in keys hide no weak key, and no other bytes are read as a key (RFC 8725 s3.4, s3.5). In tokens,
 * none of them is accepted: see spelling.test.ts.
 */
import { Buffer } from 'node:buffer'
import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { createTestIssuer, type TestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { encode, firstKey } from '../verify/support/raw-token.ts'
import { ACCEPTED, claimsOf, judge, MISMATCH, now, trustKeys } from './setup.ts'

const issuer = await createIssuer()
const claims = claimsOf(issuer)
const rs256 = firstKey(issuer)
const es256 = issuer.keyFor('ES256')
const ed25519 = issuer.keyFor('Ed25519')
const control = await issuer.token(claims, { key: es256 })
/** One key in 256 begins with a zero, which may be left out or written twice. */
async function createIssuer(): Promise<TestIssuer> {
  for (;;) {
    const made = await createTestIssuer({ now, algorithms: ['ES256', 'Ed25519'] })
    if (bytesOf(made)[0] !== 0) return made
  }
}

function bytesOf(made: TestIssuer): Buffer {
  return Buffer.from(String(made.keyFor('Ed25519').jwk['x']), 'base64url')
}

const zeros = (count: number): Buffer => Buffer.alloc(count)

const SPELLINGS: [string, (bytes: Buffer) => string][] = [
  ['plain base64', (bytes) => bytes.toString('base64')],
  ['plain base64 after a zero', (bytes) => Buffer.concat([zeros(1), bytes]).toString('base64')],
  ['base64url after a zero', (bytes) => encode(Buffer.concat([zeros(1), bytes]))],
]

describe.each(SPELLINGS)('%s hides no weak key', (_, spell) => {
  test('an RSA key of 1024 bits', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 1_024 })
    const { n } = publicKey.export({ format: 'jwk' })
    const jwk = {
      kty: 'RSA',
      kid: 'weak',
      e: 'AQAB',
      n: spell(Buffer.from(String(n), 'base64url')),
    }
    const attack = await issuer.token(claims, {
      header: { kid: 'weak' },
      sign: (text) => sign('sha256', Buffer.from(text), privateKey),
    })

    expect(await judge({ trusted: trustKeys(issuer, jwk, es256.jwk), attack, control })).toBe(
      MISMATCH,
    )
  })

  test('the exponent 1, with which anyone can sign', async () => {
    const jwk = { ...rs256.jwk, kid: 'one', e: spell(Buffer.from([1])) }
    const attack = await issuer.token(claims, { header: { kid: 'one' }, sign: padPkcs1 })

    expect(await judge({ trusted: trustKeys(issuer, jwk, es256.jwk), attack, control })).toBe(
      MISMATCH,
    )
  })

  test.each([
    ['1', `01${'00'.repeat(31)}`],
    ['4', '00'.repeat(32)],
    ['8', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'],
  ])('an Ed25519 point of order %s', async (_order, hex) => {
    const jwk = { kty: 'OKP', crv: 'Ed25519', kid: 'weak', x: spell(Buffer.from(hex, 'hex')) }
    const attack = await issuer.token(claims, {
      header: { kid: 'weak', alg: 'EdDSA' },
      sign: () => Buffer.from('01'.padEnd(128, '0'), 'hex'),
    })

    expect(await judge({ trusted: trustKeys(issuer, jwk, es256.jwk), attack, control })).toBe(
      MISMATCH,
    )
  })

  test('a key whose secret is published', async () => {
    const jwk = { ...rs256.jwk, d: spell(Buffer.alloc(256, 7)) }
    const attack = await issuer.token(claims)

    expect(await judge({ trusted: trustKeys(issuer, jwk, es256.jwk), attack, control })).toBe(
      MISMATCH,
    )
  })
})

/** RFC 8017 s9.2: the encoded message of a signature before exponentiation, for 2048 bits and SHA-256. */
function padPkcs1(text: string): Buffer {
  const prefix = Buffer.from('3031300d060960864801650304020105000420', 'hex')
  const tail = Buffer.concat([zeros(1), prefix, createHash('sha256').update(text).digest()])
  return Buffer.concat([Buffer.from([0, 1]), Buffer.alloc(254 - tail.length, 0xff), tail])
}

describe('no other bytes are read as the key', () => {
  const x = bytesOf(issuer)
  const n = String(rs256.jwk['n'])

  test.each([
    [
      'a key after a byte that is no zero',
      ed25519,
      { x: encode(Buffer.concat([x.subarray(0, 1), x])) },
    ],
    ['a key before a zero', ed25519, { x: encode(Buffer.concat([x, zeros(1)])) }],
    ['a key without its last byte', ed25519, { x: encode(x.subarray(0, 31)) }],
    ['a key without its first byte', ed25519, { x: encode(x.subarray(1)) }],
    ['a key that is given twice', ed25519, { x: encode(Buffer.concat([x, x])) }],
    ['white space in base64', rs256, { n: `${n.slice(0, 64)}\n${n.slice(64)}` }],
    ['a space after base64', rs256, { n: `${n} ` }],
    ['padding in base64', rs256, { n: `${n.slice(0, 64)}==${n.slice(64)}` }],
    ['three characters of padding', rs256, { n: `${n}===` }],
    ['only padding', rs256, { n: '==' }],
    ['a dot in base64', rs256, { n: `${n.slice(0, 64)}.${n.slice(64)}` }],
    ['a NUL after base64', rs256, { n: `${n}\0` }],
    ['a full-width character', rs256, { n: `\uff21${n}` }],
  ])('%s', async (_, key, change) => {
    const jwk = { ...key.jwk, kid: 'made' }
    const attack = await issuer.token(claims, { key, header: { kid: 'made' } })
    const say = (one: object): Promise<string> =>
      judge({ trusted: trustKeys(issuer, one, es256.jwk), attack, control })

    expect(await say(jwk)).toBe(ACCEPTED)
    expect(await say({ ...jwk, ...change })).toBe(MISMATCH)
  })
})
