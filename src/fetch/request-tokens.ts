/**
 * Other places of the token in a web-standard `Request` than the `Authorization` header.
 */
import { createHeaderToken } from '../http-request/bearer-header.ts'
import {
  type CookieTokenOptions as AnyCookieTokenOptions,
  createCookieToken,
} from '../http-request/cookie-token.ts'
import { WEB_REQUEST } from './web-request.ts'

/** The options of `cookieToken`. */
export interface CookieTokenOptions extends AnyCookieTokenOptions<Request> {}

/**
 * Creates a `getToken` for `verifyRequest` that reads the token from a cookie. A request that has the cookie and a bearer token is
 * rejected (RFC 6750 s2).
 *
 * @example
 * ```ts
 * await verifyRequest(verifier, request, { getToken: cookieToken('__Host-access_token') })
 * ```
 * @param name - the name of the cookie. Security: with the prefix `__Host-`, other subdomains cannot set it
 * @returns a function that returns the token, or `undefined` without the cookie. It throws `TokenError` `ERR_TOKEN_REQUEST` for a
 * repeated cookie or a bearer token beside it, and `AccessError` `ERR_ACCESS_DENIED` if `csrf` rejects the request
 * @throws {@link ConfigError} `ERR_CONFIG_INVALID` that names the invalid option
 */
export function cookieToken(
  name: string,
  options: CookieTokenOptions = {},
): (request: Request) => string | undefined {
  return createCookieToken(name, options, WEB_REQUEST)
}

/**
 * Creates a `getToken` for `verifyRequest` that reads `Bearer <token>` from another header than `Authorization`, under the same
 * rules (RFC 6750 s2.1). `Authorization` is not read: gateways use such a header because they have put their own credentials there.
 *
 * Security: if a gateway sets the header, make sure that it removes the one that a client sends.
 *
 * @example
 * ```ts
 * await verifyRequest(verifier, request, { getToken: headerToken('X-Forwarded-Authorization') })
 * ```
 * @param name - the name of the header, in any case
 * @returns a function that returns the token, or `undefined` without the header or with another scheme. It throws `TokenError`
 * `ERR_TOKEN_REQUEST` for a malformed or repeated header
 * @throws {@link ConfigError} `ERR_CONFIG_INVALID` for an invalid name
 */
export function headerToken(name: string): (request: Request) => string | undefined {
  return createHeaderToken(name, WEB_REQUEST.readHeader)
}
