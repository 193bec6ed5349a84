/**
 * ECDSA signatures in the form that OpenSSL takes. With the form of tokens, Node 24 exports the key for each check to learn where to
 * cut, on the calling thread, which takes nearly half as long as the check itself.
 */

const INTEGER = 0x02
const SEQUENCE = 0x30
/** The length of the content is in the next byte (X.690 s8.1.3.5). Only for P-521. */
const LONG_LENGTH = 0x81
const MAX_SHORT_LENGTH = 0x7f
/** The tag and the length of an integer. */
const INTEGER_HEADER_BYTES = 2

/**
 * Encodes a signature as DER (RFC 3279 s2.2.3). No number becomes another one, so OpenSSL still rejects 0 and what is too large.
 * @param signature - r and s, of the same length each (RFC 7518 s3.4)
 */
export function toDer(signature: Buffer): Buffer {
  const middle = signature.length / 2
  const r = toMagnitude(signature.subarray(0, middle))
  const s = toMagnitude(signature.subarray(middle))
  const length = lengthOf(r) + lengthOf(s) + 2 * INTEGER_HEADER_BYTES
  const header = length > MAX_SHORT_LENGTH ? [SEQUENCE, LONG_LENGTH, length] : [SEQUENCE, length]
  const der = Buffer.alloc(header.length + length)
  der.set(header)
  putInteger(der, putInteger(der, header.length, r), s)
  return der
}

/** A number without leading zero bytes; 0 keeps one (X.690 s8.3.2). */
function toMagnitude(bytes: Buffer): Buffer {
  let start = 0
  while (bytes[start] === 0 && start < bytes.length - 1) start++
  return bytes.subarray(start)
}

/** One byte more if the first bit is set, which would mean a negative number. */
function lengthOf(magnitude: Buffer): number {
  return magnitude.length + (magnitude.readUInt8(0) >> 7)
}

/** Writes into zeros. Returns the position after the integer. */
function putInteger(der: Buffer, at: number, magnitude: Buffer): number {
  const length = lengthOf(magnitude)
  der.writeUInt8(INTEGER, at)
  der.writeUInt8(length, at + 1)
  const end = at + INTEGER_HEADER_BYTES + length
  der.set(magnitude, end - magnitude.length)
  return end
}
