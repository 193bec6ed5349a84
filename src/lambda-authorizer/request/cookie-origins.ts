/**
 * Whether a page that may use the cookie made a request (RFC 6454). A browser sends a cookie along with requests that other
 * sites make it send.
 */
import { isFromSite } from '../../verify/adapter-kit.ts'
import { AccessError, ConfigError } from '../../verify/index.ts'
import { toObject } from '../util/unknown-object.ts'
import type { AuthorizerRequest } from './authorizer-request.ts'
import type { FoundToken } from './authorizer-token.ts'

/**
 * Checks where a request comes from, if its token was in the cookie.
 * @throws {@link AccessError} `ERR_ACCESS_DENIED` if another site made it
 * @throws {@link ConfigError} if the event does not show where it comes from
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

function isAllowed(request: AuthorizerRequest, origins: ReadonlySet<string>): boolean {
  const { gateway, headerValues } = request
  const [origin, ...others] = headerValues('origin')
  if (others.length > 0) return false
  if (origin !== undefined) return origins.has(origin)
  return isFromSite({
    method: methodOf(request),
    isUpgrade: gateway === 'websocket',
    host: undefined,
    origin,
    secFetchSite: headerValues('sec-fetch-site')[0],
    secFetchMode: headerValues('sec-fetch-mode')[0],
    secFetchDest: headerValues('sec-fetch-dest')[0],
  })
}

function methodOf({ gateway, event }: AuthorizerRequest): string | undefined {
  const { http } = toObject(event['requestContext'])
  const method = gateway === 'http-2.0' ? toObject(http)['method'] : event['httpMethod']
  return typeof method === 'string' ? method : undefined
}
