/**
 * Whether API Gateway caches an answer for the token alone that it was given for. It caches by the values of the identity
 * sources, which the events of HTTP APIs show, without their names.
 */
import { ConfigError } from '../../verify/index.ts'
import type { AuthorizerRequest } from './authorizer-request.ts'
import type { FoundToken } from './authorizer-token.ts'

/**
 * Checks that the place of the token is an identity source, and that `Origin` is one if the answer depends on it. Without
 * identity sources, API Gateway caches nothing.
 * @throws {@link ConfigError} if the event shows that one of them is not
 */
export function assertKeptByToken(
  request: AuthorizerRequest,
  { token, place }: FoundToken,
  origins: ReadonlySet<string> | undefined,
): void {
  const values = readIdentitySources(request)
  if (values.length === 0) return
  // a header has a scheme before it, and `Cookie` other cookies around it
  if (!values.some((value) => value.includes(token))) {
    throw new ConfigError(
      '"token" names a place that is no identity source of the authorizer: API Gateway would use the answer for one token for requests with another one, or none. Make that place an identity source, or, with caching switched off, remove the identity sources',
    )
  }
  if (origins !== undefined && place === 'cookie') assertKeptByOrigin(request, values)
}

/** API Gateway does not ask for a request that lacks an identity source, so one without `Origin` shows that it is none. */
function assertKeptByOrigin({ headerValues }: AuthorizerRequest, values: readonly string[]): void {
  const [origin] = headerValues('origin')
  if (origin !== undefined && values.includes(origin)) return
  throw new ConfigError(
    '"token.origins" is set, and Origin is no identity source of the authorizer: API Gateway would use the answer for one origin for requests from another. Make it one, or, with caching switched off, remove the identity sources',
  )
}

/** Payload format 1.0 has them in one text, with commas between them. */
function readIdentitySources({ gateway, event }: AuthorizerRequest): readonly string[] {
  const { identitySource } = event
  if (gateway === 'http-1.0' && typeof identitySource === 'string') {
    return identitySource === '' ? [] : identitySource.split(',')
  }
  if (gateway !== 'http-2.0' || !Array.isArray(identitySource)) return []
  return identitySource.filter((value) => typeof value === 'string' && value !== '')
}
