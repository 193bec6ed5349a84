/**
 * The token of a cookie in requests of Node.
 */
import type { IncomingMessage } from 'node:http'
import {
  type CookieTokenOptions as AnyCookieTokenOptions,
  type BrowserHeaders,
  createCookieToken,
} from '../../http-request/cookie-token.ts'
import { headersOf, type RequestLike, readHeader } from './request-headers.ts'

/** The options of `cookieToken`. */
export interface CookieTokenOptions extends AnyCookieTokenOptions<IncomingMessage> {}

/**
 * Creates a `getToken` for `requireJwt` and `verifyRequest` that reads the token from a cookie. A request that has the cookie and
 * a bearer token is rejected (RFC 6750 s2).
 *
 * @example
 * ```ts
 * app.use(requireJwt(verifier, { getToken: cookieToken('__Host-access_token') }))
 * ```
 * @param name - the name of the cookie. Security: with the prefix `__Host-`, other subdomains cannot set it
 * @returns a function that returns the token, or `undefined` without the cookie. It throws `TokenError` `ERR_TOKEN_REQUEST` for a
 * repeated cookie or a bearer token beside it, and `AccessError` `ERR_ACCESS_DENIED` if `csrf` rejects the request
 * @throws {@link ConfigError} `ERR_CONFIG_INVALID` that names the invalid option
 */
export function cookieToken(
  name: string,
  options: CookieTokenOptions = {},
): (req: RequestLike) => string | undefined {
  return createCookieToken(name, options, { readHeader, readBrowser })
}

function readBrowser(req: RequestLike): BrowserHeaders {
  const headers = headersOf(req)
  const header = (name: string): string | undefined => textOf(headers[name])
  return {
    method: req.method,
    // RFC 9113 s8.3.1: it replaces Host, which may still be present
    host: header(':authority') ?? header('host'),
    // Stryker disable next-line ArrayDeclaration: a text without a name is no cookie
    cookies: [headers['cookie'] ?? []].flat(),
    header,
  }
}

/** Node joins most repeated headers; other servers may provide a list. */
function textOf(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'object' ? value.join(', ') : value
}
