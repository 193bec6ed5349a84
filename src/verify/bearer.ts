/**
 * The token of an `Authorization` header (RFC 6750 s2.1), for every surface that gets requests.
 */
import { TokenError } from './errors.ts'

const BEARER_SCHEME = /^bearer(?:$|[^A-Za-z0-9!#$%&'*+.^_`|~-])/i
// RFC 9110 s11.4 and RFC 6750 s2.1: "Bearer" 1*SP b64token, the scheme in any case
const BEARER_CREDENTIALS = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i

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
  if (!BEARER_SCHEME.test(value)) return undefined
  const token = BEARER_CREDENTIALS.exec(value)?.[1]
  if (token === undefined) throw new TokenError('ERR_TOKEN_REQUEST')
  return token
}
