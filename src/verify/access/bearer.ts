/**
 * Parses the `Authorization` header (RFC 6750 s2.1), for all adapters.
 */
import { TokenError } from '../errors.ts'

// RFC 9110 s11.1, s11.4 and RFC 6750 s2.1: "Bearer" 1*SP b64token, the scheme in any case. The flag i would cost a cold process
// a third of a millisecond, to read the Unicode tables.
const BEARER_SCHEME = /^[Bb][Ee][Aa][Rr][Ee][Rr](?![A-Za-z0-9!#$%&'*+.^_`|~-])/
// Stryker disable next-line Regex: otherwise the rest starts with a space, and is rejected
const SCHEME_AND_SPACES = /^\w+ +(?=.)/
const B64TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/

/**
 * The bearer token of a request.
 * @param authorization - the values of all its `Authorization` headers
 * @returns `undefined` if there is no header, or one with another scheme
 * @throws {@link TokenError} `ERR_TOKEN_REQUEST` if the header is repeated or malformed
 */
export function parseBearerToken(authorization: readonly string[]): string | undefined {
  const [value, ...others] = authorization
  // Stryker disable next-line ConditionalExpression: no scheme is named "undefined"
  if (value === undefined) return undefined
  if (others.length > 0) throw new TokenError('ERR_TOKEN_REQUEST')
  return assertB64Token(splitBearer(value))
}

/**
 * The credentials after the scheme `Bearer`. The caller must check their characters with {@link assertB64Token}.
 * @returns `undefined` for another scheme
 * @throws {@link TokenError} `ERR_TOKEN_REQUEST` if no credentials follow the scheme
 */
export function splitBearer(value: string): string | undefined {
  if (!BEARER_SCHEME.test(value)) return undefined
  const [prefix] = SCHEME_AND_SPACES.exec(value) ?? []
  if (prefix === undefined) throw new TokenError('ERR_TOKEN_REQUEST')
  return value.slice(prefix.length)
}

/** @throws {@link TokenError} `ERR_TOKEN_REQUEST` for characters that are not allowed in a bearer token */
export function assertB64Token(credentials: string | undefined): string | undefined {
  // Stryker disable next-line ConditionalExpression: "undefined" has only characters of a token
  if (credentials === undefined || B64TOKEN.test(credentials)) return credentials
  throw new TokenError('ERR_TOKEN_REQUEST')
}
