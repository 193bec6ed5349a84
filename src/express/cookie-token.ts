/**
 * Tokens in a cookie, for browsers whose scripts shall not see them. A browser sends a cookie along with requests
 * that other sites make it send, so a request that changes something has to come from this site's own pages.
 */
import type { IncomingMessage } from 'node:http'
import { assertOptions, readCookie, readName } from '../verify/adapter-kit.ts'
import { AccessError, ConfigError, TokenError } from '../verify/index.ts'
import { readBearerToken } from './authorization-header.ts'

/** What `cookieToken` may be told. */
export interface CookieTokenOptions {
  /**
   * Whether a request is one that this site itself wanted.
   * Security: `false` switches the check off, so that any site can act in the name of a visitor who is signed in.
   * @defaultValue GET, HEAD and OPTIONS pass; others where the browser says `Sec-Fetch-Site: same-origin`, or, without
   * that header, where the host of `Origin` is that of `Host`
   */
  readonly csrf?: ((req: IncomingMessage) => boolean) | false | undefined
}

const SAFE_METHODS: ReadonlySet<string | undefined> = new Set(['GET', 'HEAD', 'OPTIONS'])

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
  assertOptions('options', options, ['csrf'])
  const { csrf = isWantedBySite } = options
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
  if (SAFE_METHODS.has(req.method)) return true
  const site = req.headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin'
  // Stryker disable next-line StringLiteral: no text without a scheme is a URL
  const { origin = '', host } = req.headers
  return URL.canParse(origin) && new URL(origin).host === host
}
