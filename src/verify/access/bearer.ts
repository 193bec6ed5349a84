/**
 * Parses the `Authorization` header (RFC 6750 s2.1), for all adapters.
 */
import type { ErrorReason } from '../error-reasons.ts'
import { TokenError } from '../errors.ts'
import { reasonOfText } from '../token/no-token.ts'

// RFC 9110 s11.1, s11.4 and RFC 6750 s2.1: "Bearer" 1*SP b64token, the scheme in any case. The flag i would cost a cold process
// a third of a millisecond, to read the Unicode tables.
const BEARER_SCHEME = /^[Bb][Ee][Aa][Rr][Ee][Rr](?![A-Za-z0-9!#$%&'*+.^_`|~-])/
// RFC 9449 s7.1: the same form
const DPOP_SCHEME = /^[Dd][Pp][Oo][Pp](?![A-Za-z0-9!#$%&'*+.^_`|~-])/
// Stryker disable next-line Regex: otherwise the rest starts with a space, and is rejected
const SCHEME_AND_SPACES = /^\w+ +(?=.)/
const B64TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/

// RFC 9110 s11.4: any scheme, followed by credentials
const ANY_SCHEME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+ +[^ ]/
const QUOTED = /^["'`]/

/**
 * The bearer token of a request.
 * @param authorization - the values of all its `Authorization` headers
 * @param split - for another scheme
 * @returns `undefined` if there is no header, or one with another scheme
 * @throws {@link TokenError} `ERR_TOKEN_REQUEST` if the header is repeated or malformed
 */
export function parseBearerToken(
  authorization: readonly string[],
  split: (value: string) => string | undefined = splitBearer,
): string | undefined {
  const [value, ...others] = authorization
  // Stryker disable next-line ConditionalExpression: no scheme is named "undefined"
  if (value === undefined) return undefined
  if (others.length > 0) throw malformed('repeated')
  return assertB64Token(split(value))
}

/**
 * The credentials after the scheme `Bearer`. The caller must check their characters with {@link assertB64Token}.
 * @returns `undefined` for another scheme
 * @throws {@link TokenError} `ERR_TOKEN_REQUEST` if no credentials follow the scheme
 */
export function splitBearer(value: string): string | undefined {
  return BEARER_SCHEME.test(value) ? splitScheme(value, 'Bearer') : undefined
}

/** Like {@link splitBearer}, for the scheme `DPoP`. */
export function splitDpop(value: string): string | undefined {
  return DPOP_SCHEME.test(value) ? splitScheme(value, 'DPoP') : undefined
}

function splitScheme(value: string, scheme: string): string {
  const [prefix] = SCHEME_AND_SPACES.exec(value) ?? []
  if (prefix !== undefined) return value.slice(prefix.length)
  const isEmpty = value.slice(scheme.length).trim() === ''
  throw malformed(isEmpty ? 'empty' : 'separator')
}

/** @throws {@link TokenError} `ERR_TOKEN_REQUEST` for characters that are not allowed in a bearer token */
export function assertB64Token(credentials: string | undefined): string | undefined {
  // Stryker disable next-line ConditionalExpression: "undefined" has only characters of a token
  if (credentials === undefined || B64TOKEN.test(credentials)) return credentials
  throw malformed(reasonOfText(credentials) ?? 'characters')
}

/** The error for a request without a bearer token. @param authorization - the value of its `Authorization` header */
export function missingBearer(authorization: string | undefined): TokenError {
  return new TokenError('ERR_TOKEN_MISSING', { reason: reasonOfHeader(authorization) })
}

function reasonOfHeader(value: string | undefined): ErrorReason | undefined {
  if (value === undefined) return undefined
  if (value.trim() === '') return 'empty'
  if (QUOTED.test(value)) return 'quoted'
  if (ANY_SCHEME.test(value)) return 'scheme'
  const reason = reasonOfText(value)
  return reason === 'json' || reason === 'placeholder' ? reason : 'no_scheme'
}

function malformed(reason: ErrorReason): TokenError {
  return new TokenError('ERR_TOKEN_REQUEST', { reason })
}
