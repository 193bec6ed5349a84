/**
 * Tokens in a cookie that scripts cannot read. A browser also attaches the cookie to requests that other sites trigger, so a
 * request may pass only if it comes from this site's own pages, or is harmless.
 */
import type { IncomingMessage } from 'node:http'
import {
  ignoreRejection,
  isFromSite,
  readCookie,
  readName,
  readOptions,
} from '../../verify/adapter-kit.ts'
import { AccessError, ConfigError, TokenError } from '../../verify/index.ts'
import { readBearerToken } from './authorization-header.ts'
import { headersOf, type RequestLike } from './request-headers.ts'

/** The options of `cookieToken`. */
export interface CookieTokenOptions {
  /**
   * Returns whether this site itself made a request. It is called for every request with the cookie, including `GET` and
   * WebSocket upgrades (`GET` with an `Upgrade` header, `CONNECT` over HTTP/2). The request passes only for `true`. Any other
   * result, including a promise, rejects it with `ERR_ACCESS_DENIED`. Errors that it throws go to the error handler.
   *
   * Security: return `true` only if one of your own pages made the request, or if another site could neither change nor read
   * anything with it. CORS does not protect WebSockets, so check `Origin` for upgrades. `false` turns the check off: any site can
   * then act on behalf of a signed-in visitor (CSRF).
   * @defaultValue Upgrades, `CONNECT`, and all methods except GET, HEAD and OPTIONS pass if the browser sends
   * `Sec-Fetch-Site: same-origin`, or, without that header, if the host of `Origin` is the host of the request
   * (`:authority` over HTTP/2, else `Host`). GET, HEAD and OPTIONS pass unless the browser reports that another site sent them
   * for anything except a navigation or a plain read.
   */
  readonly csrf?: ((req: IncomingMessage) => boolean) | false | undefined
}

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
  readName('name', name)
  const { csrf } = readOptions('options', options, { csrf: true })
  if (csrf !== undefined && csrf !== false && typeof csrf !== 'function') {
    throw new ConfigError('"csrf" must be a function, or false to turn the check off')
  }
  return (req) => {
    const headers = headersOf(req)
    const { cookie } = headers
    const token = cookie && readCookie([cookie].flat(), name)
    if (!token) return undefined
    // RFC 6750 s2: clients must not send the token in more than one way
    if (readBearerToken(req) !== undefined) {
      throw new TokenError('ERR_TOKEN_REQUEST', { reason: 'repeated' })
    }
    if (csrf === undefined) assertCsrfPassed(isFromOwnPages(req.method, headers))
    else if (csrf !== false) assertCsrfPassed(csrf(req as IncomingMessage))
    return token
  }
}

function assertCsrfPassed(result: unknown): void {
  if (result === true) return
  // the result of an asynchronous function comes too late
  ignoreRejection(result)
  throw new AccessError('ERR_ACCESS_DENIED')
}

function isFromOwnPages(method: string | undefined, headers: RequestLike['headers']): boolean {
  return isFromSite({
    method,
    isUpgrade: isUpgrade({ method, headers }),
    // RFC 9113 s8.3.1: it replaces Host, which may still be present
    host: textOf(headers[':authority'] ?? headers['host']),
    origin: textOf(headers['origin']),
    secFetchSite: textOf(headers['sec-fetch-site']),
    secFetchMode: textOf(headers['sec-fetch-mode']),
    secFetchDest: textOf(headers['sec-fetch-dest']),
  })
}

/**
 * Whether a request upgrades to another protocol, or could be treated as an upgrade: RFC 9110 s7.8 and s9.3.6, RFC 8441 s4. The
 * scripts of a page cannot set these headers, so their presence means something. `Connection: upgrade` alone does not count:
 * proxies add it to every request, and Node does not upgrade because of it.
 */
function isUpgrade({ method, headers }: RequestLike): boolean {
  return (
    method === 'CONNECT' ||
    headers['upgrade'] !== undefined ||
    headers[':protocol'] !== undefined ||
    headers['sec-websocket-key'] !== undefined ||
    headers['sec-websocket-version'] !== undefined ||
    headers['sec-fetch-mode'] === 'websocket'
  )
}

/** Node joins most repeated headers; other servers may provide a list. */
function textOf(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'object' ? value.join(', ') : value
}
