/**
 * From the compact string to a header and a payload that nobody has vouched for yet (RFC 7515 s5.2, RFC 7519 s7.2).
 */
import { Buffer, isUtf8 } from 'node:buffer'
import { TokenError } from './errors.ts'

/** A JSON object from outside: nothing is known of its members. */
export type JsonObject = { readonly [member: string]: unknown }

/** A token that is well formed, and no more than that. */
export interface UnverifiedToken {
  readonly header: JsonObject
  readonly payload: JsonObject
  /** What was signed: the first two parts with the dot between them. */
  readonly signingInput: Buffer
  readonly signature: Buffer
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
 * @throws {@link TokenError} `ERR_TOKEN_MALFORMED`
 */
export function parseUnverifiedToken(token: string): UnverifiedToken {
  const headerEnd = token.indexOf('.')
  const payloadEnd = token.indexOf('.', headerEnd + 1)
  if (headerEnd < 0 || payloadEnd < 0 || token.includes('.', payloadEnd + 1)) {
    throw new TokenError('ERR_TOKEN_MALFORMED')
  }
  const header = decodeSegment(token.slice(0, headerEnd))
  const payload = decodeSegment(token.slice(headerEnd + 1, payloadEnd))
  const signature = decodeSegment(token.slice(payloadEnd + 1))
  return {
    header: parseJsonObject(header),
    payload: parseJsonObject(payload),
    signingInput: Buffer.from(token.slice(0, payloadEnd), 'latin1'),
    signature,
  }
}

/**
 * Strict base64url (RFC 7515 s2, s5.2 step 2). Node's decoder skips what it does not know; only text that comes
 * out again when the bytes are encoded has the right alphabet, no padding and no stray bits in its last character.
 */
function decodeSegment(segment: string): Buffer {
  const bytes = Buffer.from(segment, 'base64url')
  if (bytes.toString('base64url') !== segment) throw new TokenError('ERR_TOKEN_MALFORMED')
  return bytes
}

/** UTF-8 (RFC 7519 s7.2 step 10) that is a JSON object. Of a repeated member name the last counts (RFC 7515 s4). */
function parseJsonObject(bytes: Buffer): JsonObject {
  if (!isUtf8(bytes)) throw new TokenError('ERR_TOKEN_MALFORMED')
  let value: unknown
  try {
    value = JSON.parse(bytes.toString('utf8'))
  } catch {
    // the parser's own message quotes the text, so it is not kept as a cause
    throw new TokenError('ERR_TOKEN_MALFORMED')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TokenError('ERR_TOKEN_MALFORMED')
  }
  return value as JsonObject
}
