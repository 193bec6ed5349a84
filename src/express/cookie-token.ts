/**
 * Tokens in a cookie, for browsers whose scripts must not see them. A browser attaches a cookie to requests that other
 * sites cause, so a request may pass only if it comes from this site's own pages, or can do no harm.
 */
import type { IncomingMessage } from 'node:http'
import {
  ignoreRejection,
  isFromSite,
  readCookie,
  readName,
  readOptions,
} from '../verify/adapter-kit.ts'
import { AccessError, ConfigError, TokenError } from '../verify/index.ts'
import { readBearerToken } from './authorization-header.ts'

/** What `cookieToken` may be told. */
export interface CookieTokenOptions {
  /**
   * Whether this site itself made a request. It is called for every request that has the cookie: for `GET`, for
   * WebSocket upgrades (`GET` with an `Upgrade` header, `CONNECT` over HTTP/2), and for every other method. Only `true`
   * lets the request pass; a promise and everything else refuse it with `ERR_ACCESS_DENIED`. What it throws goes to the
   * error handler.
   *
   * Security: it must return `true` only if the page that made the request is one of yours, or if another site could
   * neither change nor read anything by the request. CORS does not protect WebSockets, so an upgrade needs a look at
   * `Origin`. `false` switches the check off, so that any site can act in the name of a visitor who is signed in.
   * @defaultValue Upgrades, `CONNECT`, and every method but GET, HEAD and OPTIONS pass if the browser says
   * `Sec-Fetch-Site: same-origin`, or, without that header, if the host of `Origin` is the host of the request
   * (`:authority` over HTTP/2, else `Host`). GET, HEAD and OPTIONS pass unless the browser says that another site made
   * them for anything but a navigation or a plain read.
   */
  readonly csrf?: ((req: IncomingMessage) => boolean) | false | undefined
}

/**
 * A `getToken` for `requireJwt` and `verifyRequest` that reads a cookie. A request with a bearer token beside it is
 * refused.
 *
 * @example
 * ```ts
 * app.use(requireJwt(verifier, { getToken: cookieToken('__Host-access_token') }))
 * ```
 * @throws {@link ConfigError} that names the option that is wrong
 */
export function cookieToken(
  name: string,
  options: CookieTokenOptions = {},
): (req: IncomingMessage) => string | undefined {
  readName('name', name)
  const { csrf = isFromOwnPages } = readOptions('options', options, ['csrf'])
  if (csrf !== false && typeof csrf !== 'function') {
    throw new ConfigError('"csrf" must be a function, or false for none')
  }
  return (req) => {
    const { cookie } = req.headers
    const token = cookie && readCookie([cookie], name)
    if (!token) return undefined
    // RFC 6750 s2: one way a request
    if (readBearerToken(req) !== undefined) throw new TokenError('ERR_TOKEN_REQUEST')
    if (csrf !== false) assertWanted(csrf(req))
    return token
  }
}

function assertWanted(answer: unknown): void {
  if (answer === true) return
  // an asynchronous function, whose answer comes too late
  ignoreRejection(answer)
  throw new AccessError('ERR_ACCESS_DENIED')
}

function isFromOwnPages(req: IncomingMessage): boolean {
  const { method, headers } = req
  return isFromSite({
    method,
    isUpgrade: isUpgrade(req),
    // RFC 9113 s8.3.1: it replaces Host, which may be there all the same
    host: textOf(headers[':authority'] ?? headers.host),
    origin: textOf(headers.origin),
    secFetchSite: textOf(headers['sec-fetch-site']),
    secFetchMode: textOf(headers['sec-fetch-mode']),
    secFetchDest: textOf(headers['sec-fetch-dest']),
  })
}

/**
 * Whether a request opens a connection of another protocol, or may be taken for one that does: RFC 9110 s7.8 and s9.3.6,
 * RFC 8441 s4. A page cannot set any of these headers by itself, so none is there without a reason. `Connection: upgrade` alone is
 * none of them: proxies add it to every request, and Node upgrades nothing by it.
 */
function isUpgrade({ method, headers }: IncomingMessage): boolean {
  return (
    method === 'CONNECT' ||
    headers.upgrade !== undefined ||
    headers[':protocol'] !== undefined ||
    headers['sec-websocket-key'] !== undefined ||
    headers['sec-websocket-version'] !== undefined ||
    headers['sec-fetch-mode'] === 'websocket'
  )
}

/** Node joins most repeated headers; a server of another kind may hand over a list. */
function textOf(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'object' ? value.join(', ') : value
}
