/**
 * Checks a token's header before the key lookup (RFC 8725 s3.1, s3.11). The members that reference or contain a key (`jku`,
 * `jwk`, `x5u`, `x5c`) are never read.
 */
import { TokenError } from '../errors.ts'
import type { JwtHeader } from '../types.ts'
import type { JsonObject } from './json.ts'

/** The header values that an issuer's tokens may have. */
export interface HeaderRule {
  readonly algorithms: ReadonlySet<string>
  /** A media type as {@link toMediaType} returns it; `undefined`: `jwt`, `at+jwt` or none; `null`: any. */
  readonly tokenType: string | null | undefined
}

const ASCII = /^[\x21-\x7e]+$/

/**
 * Checks a header.
 * @throws {@link TokenError} `ERR_TOKEN_ALGORITHM`, `ERR_TOKEN_TYPE`, `ERR_TOKEN_UNSUPPORTED`, `ERR_TOKEN_MALFORMED`
 */
export function assertHeader(
  header: JsonObject,
  { algorithms, tokenType }: HeaderRule,
): asserts header is JsonObject & JwtHeader {
  const { alg, typ, kid } = header
  // the set contains only strings, so the type of `alg` does not matter
  if (!algorithms.has(alg as string)) {
    const reason = Object.hasOwn(header, 'enc') ? 'encrypted' : undefined
    throw new TokenError('ERR_TOKEN_ALGORITHM', { claim: 'alg', reason, expected: { algorithms } })
  }
  if (!isTypeAccepted(typ, tokenType)) {
    const expected = { tokenType: tokenType ? [tokenType] : ['JWT', 'at+jwt'] }
    throw new TokenError('ERR_TOKEN_TYPE', { claim: 'typ', expected })
  }
  const unsupported = findUnsupported(header)
  if (unsupported) throw new TokenError('ERR_TOKEN_UNSUPPORTED', { claim: unsupported })
  // RFC 7515 s4.1.4
  if (kid !== undefined && typeof kid !== 'string') {
    throw new TokenError('ERR_TOKEN_MALFORMED', { claim: 'kid', reason: 'invalid' })
  }
}

/** The member of a header that would have to be understood (RFC 7515 s4.1.11, RFC 7797, RFC 7516 s4.1.3). */
export function findUnsupported(header: JsonObject): string | undefined {
  return ['crit', 'b64', 'zip'].find((name) => Object.hasOwn(header, name))
}

/** RFC 7515 s4.1.9: a value without a slash has an implied "application/" prefix. RFC 2045 s5.1: any case. */
export function toMediaType(typ: string): string {
  return typ.toLowerCase().replace(/^application\//, '')
}

function isTypeAccepted(typ: unknown, tokenType: HeaderRule['tokenType']): boolean {
  if (tokenType === null) return true
  if (typ === undefined) return tokenType === undefined || tokenType === 'jwt'
  if (typeof typ !== 'string') return false
  const type = toMediaType(typ)
  if (tokenType === undefined) return type === 'jwt' || type === 'at+jwt'
  // toLowerCase() makes a k of the Kelvin sign
  return type === tokenType && ASCII.test(typ)
}
