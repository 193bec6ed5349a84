/**
 * Ed25519 points that are not valid public keys: their order is at most 8, so anybody can create signatures that "verify".
 */
import type { KeyObject } from 'node:crypto'

/** Without the highest bit of the last byte, the sign of x. The last two entries are 0 and 1 plus p (RFC 8032 s5.1.3). */
const POINTS = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
])

/** @param key - an Ed25519 key */
export function isOfSmallOrder(key: KeyObject): boolean {
  const { x } = key.export({ format: 'jwk' })
  const point = Buffer.from(x as string, 'base64url')
  point.writeUInt8(point.readUInt8(31) & 0x7f, 31)
  return POINTS.has(point.toString('hex'))
}
