/**
 * ECDSA signatures, converted from the form of tokens to that of OpenSSL.
 */
import { generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { toDer } from '../../../src/verify/keys/ecdsa-der.ts'

const CURVES = ['P-256', 'P-384', 'P-521'] as const
const TEXT = Buffer.from('header.payload')

describe.each(CURVES)('a signature with %s', (namedCurve) => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve })

  test('is the one that OpenSSL would have made', () => {
    for (let count = 0; count < 300; count++) {
      const signature = signAsInTokens(privateKey)
      expect(verify('sha256', TEXT, publicKey, toDer(signature))).toBe(true)
    }
  })

  test('stays wrong', () => {
    const signature = signAsInTokens(privateKey)
    for (const at of [0, signature.length / 2, signature.length - 1]) {
      const wrong = Buffer.from(signature)
      wrong.writeUInt8(wrong.readUInt8(at) ^ 1, at)
      expect(verify('sha256', TEXT, publicKey, toDer(wrong))).toBe(false)
    }
  })
})

test.each([
  ['numbers of full length', '7f02', '7fff', '30 08 0202 7f02 0202 7fff'],
  ['a first bit that is set', '8001', 'ffff', '30 0a 0203 008001 0203 00ffff'],
  ['leading zeros', '0001', '007f', '30 06 0201 01 0201 7f'],
  ['a leading zero before a first bit that is set', '0080', '00ff', '30 08 0202 0080 0202 00ff'],
  ['0, which OpenSSL rejects', '0000', '0000', '30 06 0201 00 0201 00'],
])('%s', (_, r, s, der) => {
  expect(derOf(r, s)).toBe(der.replaceAll(' ', ''))
})

test('a length of more than 127 bytes has a byte of its own', () => {
  const [half, longer] = ['7f'.repeat(61), 'ff'.repeat(61)]

  expect(derOf(half, longer).slice(0, 6)).toBe('307f02')
  expect(derOf(longer, longer).slice(0, 8)).toBe('30818002')
})

function derOf(r: string, s: string): string {
  return toDer(Buffer.from(r + s, 'hex')).toString('hex')
}

function signAsInTokens(key: KeyObject): Buffer {
  return sign('sha256', TEXT, { key, dsaEncoding: 'ieee-p1363' })
}
