/**
 * CSRF protection for cookies. A browser also attaches cookies to requests that other sites trigger. Such a request may pass only
 * if the other site can neither change nor read anything with it.
 */

/**
 * The properties of a browser's request that matter for CSRF. Header values are as sent, repeated ones joined by commas;
 * `undefined` if a header is absent.
 */
export interface BrowserRequest {
  readonly method: string | undefined
  /** Whether the request upgrades to another protocol, such as WebSocket, with which both sides can read and write. */
  readonly isUpgrade: boolean
  /** The target host of the request: `:authority` or `Host`. */
  readonly host: string | undefined
  readonly origin: string | undefined
  readonly secFetchSite: string | undefined
  readonly secFetchMode: string | undefined
  readonly secFetchDest: string | undefined
}

const SAFE_METHODS: ReadonlySet<string | undefined> = new Set(['GET', 'HEAD', 'OPTIONS'])
/**
 * Modes in which a page of another site cannot read the response: a link, an image, and `fetch()` unless CORS allows it.
 * A browser that sends `Sec-Fetch-Site` also sends `Sec-Fetch-Mode`.
 */
const PLAIN_MODES: ReadonlySet<string | undefined> = new Set([
  undefined,
  'navigate',
  'no-cors',
  'cors',
])

/**
 * Destinations that a page of another site executes or applies, and can thereby read: JSONP, for example, is a script. A page
 * cannot read what it only displays, such as an image.
 */
const READ_AFTER_ALL: ReadonlySet<string | undefined> = new Set([
  ...['script', 'style', 'xslt', 'json', 'manifest'],
  ...['worker', 'sharedworker', 'serviceworker', 'audioworklet', 'paintworklet'],
])

/**
 * Whether the request comes from this site's own pages, or is harmless if it comes from another site.
 *
 * Upgrades, `CONNECT` and unsafe methods must come from the same origin: `Sec-Fetch-Site: same-origin`, or, without that header,
 * an `Origin` with the request's host. A safe method passes, unless the browser reports that another site sent it for anything
 * except a navigation or a plain read.
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
  // a browser sends an origin in canonical form; any other text (two origins, a path, a user name) is not an origin
  return url.origin === origin && url.host === host
}
