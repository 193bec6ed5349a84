/**
 * Whether API Gateway caches a simple result for one route only. It caches by the values of the identity sources, which an
 * event shows without their names. So the route key must be among the values, and no other identity source may contain it:
 * neither a setting of the stage, which is a mistake in the set-up, nor anything that the client sends, which is not.
 */
import { AccessError, ConfigError } from '../../verify/index.ts'
import type { AuthorizerRequest } from './authorizer-request.ts'

const NOT_BY_ROUTE =
  '"response" is "simple" with "access", and the event does not show that $context.routeKey is an identity source beside the place of the token: API Gateway would use one response for all routes. Make it an identity source, or set "policy" to "request" if API Gateway caches no responses'
const SAME_NAME =
  '"response" is "simple" with "access", and the stage has the name of the route, so the event cannot show whether $context.routeKey is an identity source. Put "$default" into "access", with the same rule for all routes; or give the API a route with a method and a path, such as ANY /{proxy+}; or set "policy" to "request" if API Gateway caches no responses'

/**
 * Checks that both `$context.routeKey` and the place of the token are identity sources of the authorizer.
 * @throws {@link ConfigError} if the event does not show it
 */
export function assertCachedByRoute({ identity }: AuthorizerRequest, token: string): void {
  const { sources, routeKey, stage, stageVariables } = identity
  const isByRoute =
    routeKey !== undefined &&
    sources.includes(routeKey) &&
    sources.some((value) => value.includes(token)) &&
    !stageVariables().some((value) => value.includes(routeKey))
  if (!isByRoute) throw new ConfigError(NOT_BY_ROUTE)
  // the value may be that of $context.stage
  if (stage?.includes(routeKey)) throw new ConfigError(SAME_NAME)
}

/**
 * Checks that the client did not send the route key itself. Only for a verified token: the result for any other one is the same
 * for all routes. Call {@link assertCachedByRoute} first.
 * @throws {@link AccessError} `ERR_ACCESS_DENIED`. It is no verdict: API Gateway would use a Deny for good requests, too
 */
export function assertRouteKeyNotSent({ identity }: AuthorizerRequest): void {
  const routeKey = identity.routeKey as string
  if (!identity.clientValues().some((value) => value.includes(routeKey))) return
  throw new AccessError('ERR_ACCESS_DENIED', { reason: 'undecided' })
}
