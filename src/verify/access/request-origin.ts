/**
 * Whether a request that carries a cookie was made by the pages of this site. A browser attaches cookies to requests that
 * other sites cause, so such a request may pass only if that other site can neither change nor read anything by it.
 */

/**
 * What a browser says about a request. Header values as they were sent, repeated ones joined by commas; `undefined` if a
 * header is absent.
 */
export interface BrowserRequest {
  readonly method: string | undefined
  /** Whether the request opens a connection of another protocol, such as a WebSocket: both sides can then read and write. */
  readonly isUpgrade: boolean
  /** The host that the request was sent to: `:authority` or `Host`. */
  readonly host: string | undefined
  readonly origin: string | undefined
  readonly secFetchSite: string | undefined
  readonly secFetchMode: string | undefined
  readonly secFetchDest: string | undefined
}

const SAFE_METHODS: ReadonlySet<string | undefined> = new Set(['GET', 'HEAD', 'OPTIONS'])
/**
 * Requests whose response the page of another site cannot read: a link, an image, and `fetch()` unless CORS allows it. A
 * browser that says the site says the mode, too.
 */
const PLAIN_MODES: ReadonlySet<string | undefined> = new Set([
  undefined,
  'navigate',
  'no-cors',
  'cors',
])

/**
 * What the page of another site runs or applies, and so reads after all: JSONP is a script. What such a page shows, such as an
 * image, it cannot read.
 */
const READ_AFTER_ALL: ReadonlySet<string | undefined> = new Set([
  ...['script', 'style', 'xslt', 'json', 'manifest'],
  ...['worker', 'sharedworker', 'serviceworker', 'audioworklet', 'paintworklet'],
])

/**
 * Whether this site's own pages made the request, or another site could do no harm with it.
 *
 * An upgrade (and `CONNECT`) and every method that changes something must come from the same origin: by
 * `Sec-Fetch-Site: same-origin`, or, without that header, by an `Origin` whose host is the host of the request. A safe
 * method passes, unless the browser says that another site made it for anything but a navigation or a plain read.
 */
export function isFromSite(request: BrowserRequest): boolean {
  const { method, isUpgrade, secFetchSite, secFetchMode, secFetchDest } = request
  if (isUpgrade || !SAFE_METHODS.has(method)) return isSameOrigin(request)
  if (secFetchSite === undefined || secFetchSite === 'same-origin' || secFetchSite === 'none') {
    return true
  }
  return PLAIN_MODES.has(secFetchMode) && !READ_AFTER_ALL.has(secFetchDest)
}

function isSameOrigin({ secFetchSite, origin, host }: BrowserRequest): boolean {
  if (secFetchSite !== undefined) return secFetchSite === 'same-origin'
  if (origin === undefined || !URL.canParse(origin)) return false
  const url = new URL(origin)
  // a browser writes an origin in one way: what is written otherwise (two origins, a path, a user name) is none
  return url.origin === origin && url.host === host
}
