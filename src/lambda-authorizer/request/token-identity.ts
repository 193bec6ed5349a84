/**
 * Whether API Gateway caches a result only for the token that it belongs to. It caches by the values of the identity sources.
 * The events of HTTP APIs show these values, without their names.
 */
import type { FoundToken } from '../../http-request/event-token.ts'
import { ConfigError } from '../../verify/index.ts'
import type { AuthorizerRequest } from './authorizer-request.ts'

/**
 * Checks that the place of the token is an identity source, and that `Origin` is one if the result depends on it. Without
 * identity sources, API Gateway caches nothing.
 * @throws {@link ConfigError} if the event shows that one of them is not
 */
export function assertCachedByToken(
  request: AuthorizerRequest,
  { token, place }: FoundToken,
  origins: ReadonlySet<string> | undefined,
): void {
  const { sources } = request.identity
  if (sources.length === 0) return
  // a header has a scheme before the token, and `Cookie` has other cookies around it
  if (!sources.some((value) => value.includes(token))) {
    throw new ConfigError(
      '"token" names a place that is no identity source of the authorizer: API Gateway would use the answer for one token for requests with another one, or none. Make that place an identity source, or, with caching switched off, remove the identity sources',
    )
  }
  if (origins !== undefined && place === 'cookie') assertCachedByOrigin(request)
}

/** If `Origin` were an identity source, API Gateway would not call the authorizer for a request without it. */
function assertCachedByOrigin({ headerValues, identity }: AuthorizerRequest): void {
  const [origin] = headerValues('origin')
  // Stryker disable next-line ConditionalExpression: only for the types, no source is undefined
  if (origin !== undefined && identity.sources.includes(origin)) return
  throw new ConfigError(
    '"token.origins" is set, and Origin is no identity source of the authorizer: API Gateway would use the answer for one origin for requests from another. Make it one, or, with caching switched off, remove the identity sources',
  )
}
