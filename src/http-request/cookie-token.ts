/**
 * Tokens in a cookie that scripts cannot read. A browser also attaches the cookie to requests that other sites trigger, so a
 * request may pass only if it comes from this site's own pages, or is harmless.
 */
import {
  ignoreRejection,
  isFromSite,
  readCookie,
  readName,
  readOptions,
} from '../verify/adapter-kit.ts'
import { AccessError, ConfigError, TokenError } from '../verify/index.ts'
import { type ReadHeader, readBearerToken } from './bearer-header.ts'

/** The options of `cookieToken`. */
export interface CookieTokenOptions<Req> {
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
  readonly csrf?: ((req: Req) => boolean) | false | undefined
}

/** What a browser tells about a request to which it attaches cookies. */
export interface BrowserHeaders {
  readonly method: string | undefined
  /** The target host of the request. */
  readonly host: string | undefined
  /** The values of `Cookie` headers. */
  readonly cookies: readonly string[]
  /** The value of a header, repeated ones joined by commas. @param name - in lower case */
  readonly header: (name: string) => string | undefined
}

/** How one kind of request is read. */
export interface RequestReader<Req> {
  readonly readHeader: ReadHeader<Req>
  readonly readBrowser: (req: Req) => BrowserHeaders
}

/**
 * Creates a function that reads the token from a cookie, with CSRF protection. A request that has the cookie and a bearer token
 * is rejected (RFC 6750 s2).
 * @throws {@link ConfigError} `ERR_CONFIG_INVALID` that names the invalid option
 */
export function createCookieToken<Req>(
  name: string,
  options: CookieTokenOptions<never>,
  { readHeader, readBrowser }: RequestReader<Req>,
): (req: Req) => string | undefined {
  readName('name', name)
  const { csrf } = readOptions('cookieToken()', options, { csrf: true })
  if (csrf !== undefined && csrf !== false && typeof csrf !== 'function') {
    throw new ConfigError('"csrf" must be a function, or false to turn the check off')
  }
  return (req) => {
    const browser = readBrowser(req)
    const token = readCookie(browser.cookies, name)
    if (!token) return undefined
    // RFC 6750 s2: clients must not send the token in more than one way
    if (readBearerToken(req, readHeader) !== undefined) {
      throw new TokenError('ERR_TOKEN_REQUEST', { reason: 'repeated' })
    }
    if (csrf === undefined) assertCsrfPassed(isFromOwnPages(browser))
    else if (csrf !== false) assertCsrfPassed(csrf(req as never))
    return token
  }
}

function assertCsrfPassed(result: unknown): void {
  if (result === true) return
  // the result of an asynchronous function comes too late
  ignoreRejection(result)
  throw new AccessError('ERR_ACCESS_DENIED')
}

/** Whether a request comes from a page of the same origin, or is harmless if another site sent it. */
export function isFromOwnPages(browser: BrowserHeaders): boolean {
  const { method, host, header } = browser
  return isFromSite({
    method,
    isUpgrade: isUpgrade(browser),
    host,
    origin: header('origin'),
    secFetchSite: header('sec-fetch-site'),
    secFetchMode: header('sec-fetch-mode'),
    secFetchDest: header('sec-fetch-dest'),
  })
}

/**
 * Whether a request upgrades to another protocol, or could be treated as an upgrade: RFC 9110 s7.8 and s9.3.6, RFC 8441 s4. The
 * scripts of a page cannot set these headers, so their presence means something. `Connection: upgrade` alone does not count:
 * proxies add it to every request, and Node does not upgrade because of it.
 */
function isUpgrade({ method, header }: BrowserHeaders): boolean {
  return (
    method === 'CONNECT' ||
    header('upgrade') !== undefined ||
    header(':protocol') !== undefined ||
    header('sec-websocket-key') !== undefined ||
    header('sec-websocket-version') !== undefined ||
    header('sec-fetch-mode') === 'websocket'
  )
}
