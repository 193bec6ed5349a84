/**
 * From the compact string to a header and a payload that nobody has vouched for yet (RFC 7515 s5.2, RFC 7519 s7.2).
 */
import { TokenError } from './errors.ts'
import type { KnownHeaders } from './known-headers.ts'

/** A JSON object from outside: nothing is known of its members. */
export type JsonObject = { readonly [member: string]: unknown }

/** A token that is well formed, and no more than that. */
export interface UnverifiedToken {
  readonly header: JsonObject
  readonly payload: JsonObject
  /** The token itself. */
  readonly compact: string
  /** Where its second dot is: what stands before it was signed, what stands behind it is the signature. */
  readonly signedEnd: number
}

// RFC 7515 s5.2 step 2: base64url without padding, white space or any other letter
const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]*$/
// RFC 4648 s3.5: where a segment does not end with a byte, its last letter has bits that must be zero
const LAST_OF_TWO = 'AQgw'
const LAST_OF_THREE = 'AEIMQUYcgkosw048'

/**
 * Whether this can be a token at all. It is asked before anything is done with the string, hashing included.
 * @throws {@link TokenError} `ERR_TOKEN_MISSING`, `ERR_TOKEN_MALFORMED`, `ERR_TOKEN_TOO_LARGE`
 */
export function assertTokenSize(token: unknown, maxTokenBytes: number): asserts token is string {
  if (token === undefined || token === null || token === '') {
    throw new TokenError('ERR_TOKEN_MISSING')
  }
  if (typeof token !== 'string') throw new TokenError('ERR_TOKEN_MALFORMED')
  // characters are bytes in every token that the next step lets through
  if (token.length > maxTokenBytes) throw new TokenError('ERR_TOKEN_TOO_LARGE')
}

/**
 * Takes a token apart.
 * @param scratch - bytes to work in, as many as the token has
 * @throws {@link TokenError} `ERR_TOKEN_MALFORMED`
 */
export function parseUnverifiedToken(
  compact: string,
  scratch: Buffer,
  knownHeaders: KnownHeaders,
): UnverifiedToken {
  if (!COMPACT.test(compact)) throw new TokenError('ERR_TOKEN_MALFORMED')
  const headerEnd = compact.indexOf('.')
  const signedEnd = compact.lastIndexOf('.')
  assertCanonicalEnd(compact, 0, headerEnd)
  assertCanonicalEnd(compact, headerEnd + 1, signedEnd)
  assertCanonicalEnd(compact, signedEnd + 1, compact.length)
  const headerSegment = compact.slice(0, headerEnd)
  return {
    header: knownHeaders.get(headerSegment) ?? parseJsonObject(headerSegment, scratch),
    payload: parseJsonObject(compact.slice(headerEnd + 1, signedEnd), scratch),
    compact,
    signedEnd,
  }
}

/** A token has one spelling: the same bytes with other spare bits would be the same token with another digest. */
function assertCanonicalEnd(compact: string, start: number, end: number): void {
  const rest = (end - start) % 4
  if (rest === 0) return
  const last = compact.charAt(end - 1)
  const isCanonical = rest === 2 ? LAST_OF_TWO.includes(last) : LAST_OF_THREE.includes(last)
  if (rest === 1 || !isCanonical) throw new TokenError('ERR_TOKEN_MALFORMED')
}

/** UTF-8 (RFC 7519 s7.2 step 10) that is a JSON object. Of a repeated member name the last counts (RFC 7515 s4). */
function parseJsonObject(segment: string, scratch: Buffer): JsonObject {
  const length = scratch.write(segment, 'base64url')
  const text = scratch.toString('utf8', 0, length)
  // where the bytes are no UTF-8, this is what they are replaced with; the character itself is rare, and legal
  // Stryker disable next-line StringLiteral: every text has '' in it, and is compared, which only takes longer
  if (text.includes('\ufffd') && !Buffer.from(text).equals(scratch.subarray(0, length))) {
    throw new TokenError('ERR_TOKEN_MALFORMED')
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // refused below; the parser's own message quotes the text, so it is not kept as a cause
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TokenError('ERR_TOKEN_MALFORMED')
  }
  return value as JsonObject
}
