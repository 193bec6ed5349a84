/**
 * A signature must be made with the key, over exactly this text, in the one form that its algorithm has (CVE-2022-21449,
 * CVE-2020-28042; RFC 7515 s5.2; RFC 7518 s3.3 to s3.5; RFC 8032 s5.1.7; RFC 8725 s3.3).
 */
import { Buffer } from 'node:buffer'
import { KeyObject, sign } from 'node:crypto'
import { type Algorithm, createVerifier } from 'jwt-gate'
import { createTestIssuer, type TestKey } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { encode, split } from '../verify/support/raw-token.ts'
import {
  ACCEPTED,
  claimsOf,
  haveRemembered,
  judge,
  now,
  SIGNATURE,
  sayOf,
  segment,
  trust,
} from './setup.ts'

const ECDSA = {
  ES256: 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551',
  ES384:
    'ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
  ES512:
    '01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409',
} as const
/** The reason names no part of the token: the required length is public. */
const LENGTH = `${SIGNATURE} length`
const algorithms = ['ES256', 'ES384', 'ES512', 'PS256', 'Ed25519'] as const
const issuer = await createTestIssuer({ now, algorithms })
const trusted = trust(issuer)
const claims = claimsOf(issuer)
const mint = (alg: Algorithm): Promise<string> => issuer.token(claims, { key: issuer.keyFor(alg) })

/** The outcome for a token with a changed signature. The original token is the control. */
async function judgeChange(alg: Algorithm, change: (good: Buffer) => Buffer): Promise<string> {
  const control = await mint(alg)
  const [header, payload, signature] = split(control)
  const attack = `${header}.${payload}.${encode(change(Buffer.from(signature, 'base64url')))}`
  return judge({ trusted, attack, control })
}

const toNumber = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString('hex')}`)
const toBytes = (value: bigint, length: number): Buffer =>
  Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex')

describe.each(Object.entries(ECDSA) as [Algorithm, string][])(
  'no %s signature is',
  (alg, order) => {
    const size = order.length / 2
    const n = Buffer.from(order, 'hex')
    const zero = Buffer.alloc(size)
    const one = toBytes(1n, size)
    const r = (good: Buffer): Buffer => good.subarray(0, size)
    const s = (good: Buffer): Buffer => good.subarray(size)
    const plusOrder = (part: Buffer): Buffer =>
      toBytes((toNumber(part) + toNumber(n)) % 2n ** BigInt(size * 8), size)
    const join = (...parts: Buffer[]): Buffer => Buffer.concat(parts)

    test.each<[string, (good: Buffer) => Buffer]>([
      ['zero and zero', () => join(zero, zero)],
      ['zero and s', (good) => join(zero, s(good))],
      ['r and zero', (good) => join(r(good), zero)],
      ['one and one', () => join(one, one)],
      ['one and zero', () => join(one, zero)],
      ['the order of the curve twice', () => join(n, n)],
      ['the order of the curve and s', (good) => join(n, s(good))],
      ['r and the order of the curve', (good) => join(r(good), n)],
      ['r and s plus the order', (good) => join(r(good), plusOrder(s(good)))],
      ['r plus the order and s', (good) => join(plusOrder(r(good)), s(good))],
      ['s and r', (good) => join(s(good), r(good))],
      ['r only', r],
      ['half a byte short', (good) => good.subarray(0, -1)],
      [
        'stretched with zeros in each half',
        (good) => join(one.subarray(0, 1), r(good), one.subarray(0, 1), s(good)),
      ],
      ['followed by another byte', (good) => join(good, zero)],
      ['DER of zeros', () => Buffer.from('3006020100020100', 'hex')],
      ['DER of ones', () => Buffer.from('3006020101020101', 'hex')],
      ['empty', () => Buffer.alloc(0)],
    ])('%s', async (_, change) => {
      const isShaped = change(Buffer.alloc(size * 2)).length === size * 2

      expect(await judgeChange(alg, change)).toBe(isShaped ? SIGNATURE : LENGTH)
    })

    test('DER of the right numbers', async () => {
      const attack = await issuer.token(claims, {
        key: issuer.keyFor(alg),
        sign: (text, key) => sign(`sha${alg.slice(2)}`, Buffer.from(text), toNodeKey(key)),
      })

      expect(await judge({ trusted, attack, control: await mint(alg) })).toBe(LENGTH)
    })

    test('the cached malleable counterpart (r, n - s): both are verified on their own', async () => {
      const verifier = createVerifier(trusted, { now })
      const control = await mint(alg)
      const [header, payload, signature] = split(control)
      const good = Buffer.from(signature, 'base64url')
      const twin = join(r(good), toBytes(toNumber(n) - toNumber(s(good)), size))

      const first = await haveRemembered(verifier, control)
      const second = await haveRemembered(verifier, `${header}.${payload}.${encode(twin)}`)

      expect(second).not.toBe(first)
    })
  },
)

function toNodeKey({ privateKey }: TestKey): string {
  return String(KeyObject.from(privateKey as never).export({ type: 'pkcs8', format: 'pem' }))
}

describe.each(['RS256', 'PS256', 'Ed25519'] as const)('no %s signature is', (alg) => {
  test.each<[string, (good: Buffer) => Buffer]>([
    ['empty', () => Buffer.alloc(0)],
    ['all zeros', (good) => Buffer.alloc(good.length)],
    ['all ones', (good) => Buffer.alloc(good.length, 0xff)],
    ['the number one', (good) => toBytes(1n, good.length)],
    ['cut short', (good) => good.subarray(0, -1)],
    ['cut at its beginning', (good) => good.subarray(1)],
    ['followed by a zero', (good) => Buffer.concat([good, Buffer.alloc(1)])],
    ['preceded by a zero', (good) => Buffer.concat([Buffer.alloc(1), good])],
    ['repeated', (good) => Buffer.concat([good, good])],
    ['the signed text', (good) => Buffer.from(good.toString('base64url'))],
    ['reversed', (good) => Buffer.from(good).reverse()],
  ])('%s', async (_, change) => {
    expect(await judgeChange(alg, change)).toBe(SIGNATURE)
  })
})

test('no Ed25519 signature has an s above the order', async () => {
  const order = 2n ** 252n + 27742317777372353535851937790883648493n
  const plusOrder = (good: Buffer): Buffer => {
    const s = toNumber(Buffer.from(good.subarray(32)).reverse()) + order
    return Buffer.concat([good.subarray(0, 32), toBytes(s, 32).reverse()])
  }

  expect(await judgeChange('Ed25519', plusOrder)).toBe(SIGNATURE)
})

describe('no signature is worth anything under other text', () => {
  test.each(['RS256', ...algorithms])('of %s', async (alg) => {
    const control = await mint(alg as Algorithm)
    const [header, payload, signature] = split(control)
    const verifier = createVerifier(trusted, { now })
    const admin = segment({ ...claims, sub: 'admin' })
    const other = segment({ alg, kid: issuer.keyFor(alg as Algorithm).kid, x: 1 })

    expect(await sayOf(() => verifier.verify(control))).toBe(ACCEPTED)
    expect(await sayOf(() => verifier.verify(`${header}.${admin}.${signature}`))).toBe(SIGNATURE)
    expect(await sayOf(() => verifier.verify(`${other}.${payload}.${signature}`))).toBe(SIGNATURE)
  })
})
