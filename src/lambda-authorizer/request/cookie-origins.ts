/**
 * Whether the request comes from a page that may use the cookie (RFC 6454). Browsers also send a cookie with requests that
 * other sites trigger.
 */
import type { FoundToken } from '../../http-request/event-token.ts'
import { isFromSite } from '../../verify/adapter-kit.ts'
import { AccessError, ConfigError } from '../../verify/index.ts'
import type { AuthorizerRequest } from './authorizer-request.ts'

/**
 * Checks the origin of a request whose token was in the cookie.
 * @throws {@link AccessError} `ERR_ACCESS_DENIED` if another site sent it
 * @throws {@link ConfigError} if the event does not show the origin
 */
export function assertFromOrigins(
  request: AuthorizerRequest,
  { place }: FoundToken,
  origins: ReadonlySet<string> | undefined,
): void {
  if (origins === undefined || place !== 'cookie') return
  if (request.gateway === 'rest-token') {
    throw new ConfigError(
      '"token.origins" needs an authorizer of the type REQUEST: the event of one of the type TOKEN has no Origin',
    )
  }
  if (!isAllowed(request, origins)) throw new AccessError('ERR_ACCESS_DENIED')
}

function isAllowed(
  { gateway, method, headerValues }: AuthorizerRequest,
  origins: ReadonlySet<string>,
): boolean {
  const [origin, ...others] = headerValues('origin')
  if (others.length > 0) return false
  if (origin !== undefined) return origins.has(origin)
  return isFromSite({
    method,
    isUpgrade: gateway === 'websocket',
    host: undefined,
    origin,
    secFetchSite: headerValues('sec-fetch-site')[0],
    secFetchMode: headerValues('sec-fetch-mode')[0],
    secFetchDest: headerValues('sec-fetch-dest')[0],
  })
}
