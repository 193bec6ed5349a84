/**
 * Tokens in a cookie, for browsers whose scripts must not see them. A browser attaches the cookie to requests that other
 * sites cause, so a request with which another site could change or read something must come from this site's own pages.
 */
import type { IncomingMessage } from 'node:http'
import { isFromSite, readCookie, readName, readOptions } from '../verify/adapter-kit.ts'
import { AccessError, ConfigError, TokenError } from '../verify/index.ts'
import { readBearerToken } from './authorization-header.ts'

/** What `cookieToken` may be told. */
export interface CookieTokenOptions {
  /**
   * Whether this site's own pages made the request; anything but `true` rejects it. A function of your own takes the place of
   * the default, so it must itself reject requests of other sites with methods that change something, and WebSocket upgrades
   * (and `CONNECT`) of other sites, whose method is GET: browsers attach the cookie to these, and CORS does not stop them.
   *
   * Security: `false` switches the check off, so that any site can act in the name of a visitor who is signed in.
   * @defaultValue upgrades, and methods other than GET, HEAD and OPTIONS: the browser must say
   * `Sec-Fetch-Site: same-origin`, or, without that header, the host of `Origin` must be the host of the request. Other
   * requests pass, unless the browser says that another site made them for anything but a navigation or a plain read.
   */
  readonly csrf?: ((req: IncomingMessage) => boolean) | false | undefined
}

/**
 * A `getToken` for `requireJwt` that reads a cookie. A request with a bearer token beside it is refused.
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
  const { csrf = isWantedBySite } = readOptions('options', options, ['csrf'])
  if (csrf !== false && typeof csrf !== 'function') {
    throw new ConfigError('"csrf" must be a function, or false for none')
  }
  return (req) => {
    const { cookie } = req.headers
    const token = cookie && readCookie([cookie], name)
    if (!token) return undefined
    // RFC 6750 s2: one way a request
    if (readBearerToken(req) !== undefined) throw new TokenError('ERR_TOKEN_REQUEST')
    if (csrf !== false && csrf(req) !== true) throw new AccessError('ERR_ACCESS_DENIED')
    return token
  }
}

function isWantedBySite(req: IncomingMessage): boolean {
  const { headers, method } = req
  return isFromSite({
    method,
    isUpgrade: isUpgrade(req),
    // HTTP/2 has a pseudo-header for it (RFC 9113 s8.3.1), which wins over what a client adds
    host: one(headers[':authority']) ?? headers.host,
    origin: headers.origin,
    secFetchSite: one(headers['sec-fetch-site']),
    secFetchMode: one(headers['sec-fetch-mode']),
  })
}

/** RFC 9110 s7.8, RFC 8441 s4: what opens a connection of another protocol, such as a WebSocket. */
function isUpgrade({ method, headers }: IncomingMessage): boolean {
  if (method === 'CONNECT' || headers[':protocol'] !== undefined) return true
  return headers.upgrade !== undefined || /\bupgrade\b/i.test(headers.connection ?? '')
}

/** Node joins repeated headers with commas, which is no value that a browser sends. */
function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join() : value
}
