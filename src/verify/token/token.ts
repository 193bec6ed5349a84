/**
 * Parses a compact JWS into an unverified header and payload (RFC 7515 s5.2, RFC 7519 s7.2).
 */
import { TokenError } from '../errors.ts'
import { decodeBase64url } from './base64url.ts'
import type { JsonObject } from './json.ts'
import { isTooStructured } from './json-shape.ts'
import type { KnownHeaders } from './known-headers.ts'
import { reasonOfMalformed } from './no-token.ts'

/** A well-formed token. Nothing in it is verified. */
export interface UnverifiedToken {
  readonly header: JsonObject
  /** Whether an earlier, verified token had the same header. Only for speed. */
  readonly isKnownHeader: boolean
  readonly payload: JsonObject
  /** The token itself. */
  readonly compact: string
  /** The position of the second dot. Everything before it is the JWS signing input. */
  readonly signedEnd: number
  /** The length of the signature, in bytes. */
  readonly signatureBytes: number
}

/**
 * Checks the type and the length of a token. Runs before the string is used in any way, including hashing.
 * @throws {@link TokenError} `ERR_TOKEN_MISSING`, `ERR_TOKEN_MALFORMED`, `ERR_TOKEN_TOO_LARGE`
 */
export function assertTokenSize(token: unknown, maxTokenBytes: number): asserts token is string {
  if (token === undefined || token === null || token === '') {
    throw new TokenError('ERR_TOKEN_MISSING')
  }
  if (typeof token !== 'string') throw new TokenError('ERR_TOKEN_MALFORMED')
  // a token that passes the next step is ASCII: one byte per character
  if (token.length > maxTokenBytes) {
    throw new TokenError('ERR_TOKEN_TOO_LARGE', { expected: { maxTokenBytes } })
  }
}

/**
 * Splits and decodes a token.
 * @param scratch - a buffer to work in, at least as long as the token
 * @throws {@link TokenError} `ERR_TOKEN_MALFORMED`
 */
export function parseUnverifiedToken(
  compact: string,
  scratch: Buffer,
  knownHeaders: Pick<KnownHeaders, 'get'>,
): UnverifiedToken {
  const headerEnd = compact.indexOf('.')
  const signedEnd = compact.indexOf('.', headerEnd + 1)
  if (signedEnd === -1) throw malformed(compact)
  const headerSegment = compact.slice(0, headerEnd)
  const knownHeader = knownHeaders.get(headerSegment)
  const header = knownHeader ?? parseJsonObject(headerSegment, scratch, compact)
  const payload = parseJsonObject(compact.slice(headerEnd + 1, signedEnd), scratch, compact)
  const signatureBytes = decodeSegment(compact.slice(signedEnd + 1), scratch, compact)
  return {
    header,
    // Stryker disable next-line ConditionalExpression: to cache it again only takes longer
    isKnownHeader: knownHeader !== undefined,
    payload,
    compact,
    signedEnd,
    signatureBytes,
  }
}

function decodeSegment(segment: string, scratch: Buffer, compact: string): number {
  const length = decodeBase64url(segment, scratch)
  if (length === undefined) throw malformed(compact)
  return length
}

/**
 * Decodes a UTF-8 JSON object (RFC 7515 s5.2 step 3, RFC 7519 s7.2 step 10) with at most 65 levels. If a member name is repeated,
 * the last one counts (RFC 7515 s4, RFC 7519 s4).
 */
function parseJsonObject(segment: string, scratch: Buffer, compact: string): JsonObject {
  const length = decodeSegment(segment, scratch, compact)
  const text = scratch.toString('utf8', 0, length)
  // the decoder replaces invalid UTF-8 with this character, which is rare but legal in a text
  // Stryker disable next-line StringLiteral: every text contains '', so the comparison only runs more often
  if (text.includes('\ufffd') && !Buffer.from(text).equals(scratch.subarray(0, length))) {
    throw malformed(compact)
  }
  // before parsing, because the text is untrusted
  if (isTooStructured(text, scratch.length)) throw malformed(compact)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // rejected below; the parser's message quotes the text, so it is not kept as a cause
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed(compact)
  }
  return value as JsonObject
}

function malformed(compact: string): TokenError {
  return new TokenError('ERR_TOKEN_MALFORMED', { reason: reasonOfMalformed(compact) })
}
