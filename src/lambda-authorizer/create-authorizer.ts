/**
 * The handler: reads the event and its token, verifies the token, and returns the result for API Gateway.
 */
import { assertVerifier } from '../verify/adapter-kit.ts'
import { ConfigError, isJwtGateError, type Verifier } from '../verify/index.ts'
import { answerDenied, answerVerified } from './answer/answer.ts'
import {
  type AuthorizerOptions,
  type AuthorizerSettings,
  readAuthorizerOptions,
} from './authorizer-options.ts'
import type {
  AuthorizerHandler,
  AuthorizerResponse,
  AuthorizerResult,
} from './authorizer-result.ts'
import { type AuthorizerRequest, parseAuthorizerRequest } from './request/authorizer-request.ts'
import { readToken } from './request/authorizer-token.ts'
import { assertFromOrigins } from './request/cookie-origins.ts'
import { assertCachedByRoute } from './request/route-identity.ts'
import { assertCachedByToken } from './request/token-identity.ts'
import { isAccessError, isTokenError } from './util/refusals.ts'

/** The handler returns a result or throws an error. */
type Outcome = { readonly result: AuthorizerResult } | { readonly error: Error }

/**
 * Creates the handler of a Lambda authorizer, for REST APIs (`REQUEST` and `TOKEN`), HTTP APIs (payload formats 1.0 and
 * 2.0) and the `$connect` route of WebSocket APIs.
 *
 * A valid token is allowed everything on this API and stage, or what `access` permits. A missing or invalid token is rejected as
 * `unauthorized` says. A token that `access` or the verifier's `check` rejects with an `AccessError` is denied. If no decision is
 * possible, for example because the issuer's keys are unavailable, the handler rejects with another error: clients get 500, and
 * API Gateway caches nothing.
 *
 * @param verifier - from `createVerifier`
 * @param options - see {@link AuthorizerOptions}
 * @returns the handler, which takes the event and returns a promise of the result
 * @example
 * ```ts
 * export const handler = createAuthorizer(verifier)
 * ```
 * @throws {@link ConfigError} that names the option that is wrong
 */
export function createAuthorizer<Claims, Response extends AuthorizerResponse = 'policy'>(
  verifier: Verifier<Claims>,
  options: AuthorizerOptions<NoInfer<Claims>, Response> = {},
): AuthorizerHandler<Response> {
  assertVerifier(verifier)
  const settings = readAuthorizerOptions(options)
  return async (event) => {
    const outcome = await decide(event, verifier, settings)
    // Lambda freezes the process after the result, and a request in flight would fail when the process resumes
    await verifier.settled()
    if ('error' in outcome) throw outcome.error
    return outcome.result as AuthorizerResult<Response>
  }
}

async function decide(
  event: unknown,
  verifier: Verifier<unknown>,
  settings: AuthorizerSettings,
): Promise<Outcome> {
  let request: AuthorizerRequest | undefined
  try {
    request = parseAuthorizerRequest(event)
    assertResponse(request, settings)
    return await judge(request, verifier, settings)
  } catch (error) {
    settings.emit({ type: 'authorizer.failed', gateway: request?.gateway, error })
    return { error: toFailure(error) }
  }
}

/** @throws any error other than a `TokenError` or `AccessError`, such as a `KeysError` */
async function judge(
  request: AuthorizerRequest,
  verifier: Verifier<unknown>,
  settings: AuthorizerSettings,
): Promise<Outcome> {
  try {
    const found = readToken(request, settings.token)
    if (needsRouteIdentity(settings)) assertCachedByRoute(request, found.token)
    assertCachedByToken(request, found, settings.origins)
    assertFromOrigins(request, found, settings.origins)
    const verified = await verifier.verify(found.token)
    return { result: answerVerified(verified, request, settings) }
  } catch (error) {
    if (!isTokenError(error) && !isAccessError(error)) throw error
    settings.emit({ type: 'authorizer.refused', gateway: request.gateway, error })
    if (isTokenError(error) && isThrown(request, settings)) {
      // API Gateway responds with 401 to exactly this message, and with 500 to any other
      return { error: new Error('Unauthorized', { cause: error }) }
    }
    // the issuer or the key was not looked up, so the token may be valid; API Gateway caches a Deny, but no error
    if (error.reason === 'limited' || error.reason === 'undecided') {
      return { error: toFailure(error) }
    }
    return { result: answerDenied(request, settings) }
  }
}

/** @throws {@link ConfigError} if the kind of API does not understand the form of the result */
function assertResponse({ gateway }: AuthorizerRequest, { response }: AuthorizerSettings): void {
  if (response === 'policy' || gateway === 'http-2.0') return
  throw new ConfigError(
    '"response" is "simple", which only HTTP APIs with payload format 2.0 support',
  )
}

/** Whether API Gateway would reuse a simple result for a route with another rule, unless it caches results by route. */
function needsRouteIdentity({ access }: AuthorizerSettings): boolean {
  return access?.scope === 'route' && !access.isUniform
}

function isThrown({ gateway }: AuthorizerRequest, { unauthorized }: AuthorizerSettings): boolean {
  if (unauthorized !== undefined) return unauthorized === 'throw'
  return gateway !== 'http-1.0' && gateway !== 'http-2.0'
}

/** Lambda logs the message, so it contains only a code. The error itself is the `cause`. */
function toFailure(error: unknown): Error {
  const code = isJwtGateError(error) ? ` (${error.code})` : ''
  return new Error(`The authorizer could not decide${code}`, { cause: error })
}
