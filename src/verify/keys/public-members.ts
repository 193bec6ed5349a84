/**
 * The public members of a JWK, as issuers write them. Issuers publish plain base64, padding, leading zero bytes, and coordinates
 * without theirs. Every such spelling of a key becomes the same text here.
 */
import { Buffer } from 'node:buffer'
import { ML_DSA_KEY_BYTES } from '../algorithms.ts'
import type { JsonObject } from '../token/json.ts'

/** The public members of a key in their canonical form (RFC 7518 s6), and `kty`, `crv` and `alg` if they define its type. */
export type PublicMembers = Readonly<Record<string, string>>

/**
 * The maximum length of each member in characters: that of the largest accepted key, and a few leading zeros. Reading the exponent
 * of an imported key takes quadratic time: 85 ms for 32 KB.
 */
const MAX_LENGTHS = { n: 1_400, e: 16, x: 100, y: 100, pub: 3_500 } as const
/** Both alphabets (RFC 4648 s4, s5). Node's decoder reads them, but skips unknown characters. */
const BASE64 = /^[\w+/-]+={0,2}$/
/** RFC 7518 s6.2.1.2, RFC 8037 s2 */
const CURVE_BYTES = new Map<unknown, number>([
  ['P-256', 32],
  ['P-384', 48],
  ['P-521', 66],
  ['Ed25519', 32],
])

/** Reads the public members of a key of a supported type; `undefined` if one is missing or broken. */
export function readPublicMembers(jwk: JsonObject): PublicMembers | undefined {
  const { kty, crv, alg } = jwk as Record<string, string>
  const size = CURVE_BYTES.get(crv) ?? 0
  if (kty === 'RSA') return allOf({ kty, n: readNumber(jwk, 'n'), e: readNumber(jwk, 'e') })
  if (kty === 'EC') {
    const x = pad(readNumber(jwk, 'x'), size)
    return allOf({ kty, crv, x, y: pad(readNumber(jwk, 'y'), size) })
  }
  if (kty === 'OKP') return allOf({ kty, crv, x: cut(read(jwk, 'x'), size) })
  // Stryker disable next-line StringLiteral: a key without `alg` has no size
  const bytes = ML_DSA_KEY_BYTES.get(alg ?? '') ?? 0
  return allOf({ kty, alg, pub: cut(read(jwk, 'pub'), bytes) })
}

function allOf(members: Record<string, string | Buffer | undefined>): PublicMembers | undefined {
  const texts: Record<string, string> = {}
  for (const [name, value] of Object.entries(members)) {
    if (value === undefined) return undefined
    texts[name] = typeof value === 'string' ? value : value.toString('base64url')
  }
  return texts
}

function read(jwk: JsonObject, name: keyof typeof MAX_LENGTHS): Buffer | undefined {
  const value = jwk[name]
  if (typeof value !== 'string' || value.length > MAX_LENGTHS[name]) return undefined
  return BASE64.test(value) ? Buffer.from(value, 'base64') : undefined
}

/** A number without leading zero bytes. */
function readNumber(jwk: JsonObject, name: keyof typeof MAX_LENGTHS): Buffer | undefined {
  const bytes = read(jwk, name)
  const start = bytes?.findIndex((byte) => byte !== 0) ?? -1
  return start < 0 ? undefined : bytes?.subarray(start)
}

function pad(number: Buffer | undefined, size: number): Buffer | undefined {
  if (number === undefined || number.length > size) return undefined
  return Buffer.concat([Buffer.alloc(size - number.length), number])
}

/** Exactly this many bytes, after any number of zeros. */
function cut(bytes: Buffer | undefined, size: number): Buffer | undefined {
  if (bytes === undefined || bytes.length < size) return undefined
  const excess = bytes.length - size
  return bytes.subarray(0, excess).some(Boolean) ? undefined : bytes.subarray(excess)
}
