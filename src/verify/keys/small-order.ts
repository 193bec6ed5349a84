/**
 * Points of Ed25519 that are no public keys: their order is at most 8, so anyone can make signatures that they "verify".
 */
import type { KeyObject } from 'node:crypto'

/** The last byte without its highest bit, which is the sign of x. The last two are 0 and 1 again, plus p (RFC 8032 s5.1.3). */
const POINTS = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
])

/** @param key - of Ed25519 */
export function isOfSmallOrder(key: KeyObject): boolean {
  const { x } = key.export({ format: 'jwk' })
  const point = Buffer.from(x as string, 'base64url')
  point.writeUInt8(point.readUInt8(31) & 0x7f, 31)
  return POINTS.has(point.toString('hex'))
}
