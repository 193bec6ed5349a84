/**
 * From the compact string to a header and a payload that nobody has vouched for yet (RFC 7515 s5.2, RFC 7519 s7.2).
 */

import { TokenError } from '../errors.ts'
import { decodeBase64url } from './base64url.ts'
import type { JsonObject } from './json.ts'
import { isTooStructured } from './json-shape.ts'
import type { KnownHeaders } from './known-headers.ts'

/** A token that is well formed, and no more than that. */
export interface UnverifiedToken {
  readonly header: JsonObject
  /** Whether an earlier token, which was verified, had the same: for speed alone. */
  readonly isKnownHeader: boolean
  readonly payload: JsonObject
  /** The token itself. */
  readonly compact: string
  /** Where its second dot is: what stands before it was signed. */
  readonly signedEnd: number
  /** How many bytes the signature has, which is what stands behind it. */
  readonly signatureBytes: number
}

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
  const headerEnd = compact.indexOf('.')
  const signedEnd = compact.indexOf('.', headerEnd + 1)
  if (signedEnd === -1) throw new TokenError('ERR_TOKEN_MALFORMED')
  const headerSegment = compact.slice(0, headerEnd)
  const knownHeader = knownHeaders.get(headerSegment)
  const header = knownHeader ?? parseJsonObject(headerSegment, scratch)
  const payload = parseJsonObject(compact.slice(headerEnd + 1, signedEnd), scratch)
  const signatureBytes = decodeSegment(compact.slice(signedEnd + 1), scratch)
  return {
    header,
    // Stryker disable next-line ConditionalExpression: to remember it again only takes longer
    isKnownHeader: knownHeader !== undefined,
    payload,
    compact,
    signedEnd,
    signatureBytes,
  }
}

function decodeSegment(segment: string, scratch: Buffer): number {
  const length = decodeBase64url(segment, scratch)
  if (length === undefined) throw new TokenError('ERR_TOKEN_MALFORMED')
  return length
}

/**
 * UTF-8 (RFC 7515 s5.2 step 3, RFC 7519 s7.2 step 10) that is a JSON object, of 65 levels at the most. Of a repeated member name the last counts
 * (RFC 7515 s4, RFC 7519 s4).
 */
function parseJsonObject(segment: string, scratch: Buffer): JsonObject {
  const length = decodeSegment(segment, scratch)
  const text = scratch.toString('utf8', 0, length)
  // where the bytes are no UTF-8, this is what they are replaced with; the character itself is rare, and legal
  // Stryker disable next-line StringLiteral: every text has '' in it, and is compared, which only takes longer
  if (text.includes('\ufffd') && !Buffer.from(text).equals(scratch.subarray(0, length))) {
    throw new TokenError('ERR_TOKEN_MALFORMED')
  }
  // asked before the parser, because nobody has vouched for the text
  if (isTooStructured(text, scratch.length)) throw new TokenError('ERR_TOKEN_MALFORMED')
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
