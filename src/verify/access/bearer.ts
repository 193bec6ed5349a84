/**
 * The token of an `Authorization` header (RFC 6750 s2.1), for every surface that gets requests.
 */
import { TokenError } from '../errors.ts'

// RFC 9110 s11.1, s11.4 and RFC 6750 s2.1: "Bearer" 1*SP b64token, the scheme in any case. For the flag i, a cold process would
// read Unicode's tables for a third of a millisecond.
const BEARER_SCHEME = /^[Bb][Ee][Aa][Rr][Ee][Rr](?![A-Za-z0-9!#$%&'*+.^_`|~-])/
// Stryker disable next-line Regex: further back, there is a space left in what follows, which is refused
const SCHEME_AND_SPACES = /^\w+ +(?=.)/
const B64TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/

/**
 * The bearer token in the values of all `Authorization` headers of a request; `undefined` where there is none, or
 * where the one header is for another scheme.
 * @throws {@link TokenError} `ERR_TOKEN_REQUEST` for more than one header, and for a malformed one
 */
export function parseBearerToken(authorization: readonly string[]): string | undefined {
  const [value, ...others] = authorization
  // Stryker disable next-line ConditionalExpression: no scheme is called "undefined"
  if (value === undefined) return undefined
  if (others.length > 0) throw new TokenError('ERR_TOKEN_REQUEST')
  return assertB64Token(splitBearer(value))
}

/**
 * What follows the scheme in one `Authorization` header, whose letters are still to be looked at, with {@link assertB64Token}.
 * @throws {@link TokenError} `ERR_TOKEN_REQUEST` where nothing follows
 */
export function splitBearer(value: string): string | undefined {
  if (!BEARER_SCHEME.test(value)) return undefined
  const [prefix] = SCHEME_AND_SPACES.exec(value) ?? []
  if (prefix === undefined) throw new TokenError('ERR_TOKEN_REQUEST')
  return value.slice(prefix.length)
}

/** @throws {@link TokenError} `ERR_TOKEN_REQUEST` for letters that no bearer token has */
export function assertB64Token(credentials: string | undefined): string | undefined {
  // Stryker disable next-line ConditionalExpression: "undefined" has the letters of a token
  if (credentials === undefined || B64TOKEN.test(credentials)) return credentials
  throw new TokenError('ERR_TOKEN_REQUEST')
}
