/**
 * The way of an event to an answer: the request, its token, the verdict, and what API Gateway wants to hear.
 */
import { assertVerifier } from '../verify/adapter-kit.ts'
import {
  type AccessError,
  ConfigError,
  isJwtGateError,
  type TokenError,
  type Verifier,
} from '../verify/index.ts'
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
import { keptBy } from './request/route-identity.ts'
import { assertKeptByToken } from './request/token-identity.ts'

const NOT_BY_ROUTE =
  '"response" is "simple" with "access", and the event does not show that $context.routeKey is an identity source beside the place of the token: API Gateway would use one answer for all routes. Make it one, or say with "policy": "request" that answers are not kept'
const SAME_NAME =
  '"response" is "simple" with "access", and the stage has the name of the route, so that the event cannot show whether $context.routeKey is an identity source. Put "$default" into "access", with the same rule for all routes; or give the API a route with a method and a path, such as ANY /{proxy+}; or say with "policy": "request" that answers are not kept'

/** What the handler does in the end: answer, or throw. */
type Outcome = { readonly result: AuthorizerResult } | { readonly error: Error }

/**
 * Makes the handler of a Lambda authorizer, for REST APIs (`REQUEST` and `TOKEN`), HTTP APIs (payload formats 1.0 and
 * 2.0) and the `$connect` route of WebSocket APIs.
 *
 * A good token is allowed everything on this API and stage, or what `access` says. A missing or invalid one is refused as `unauthorized` says,
 * one that `access` or the verifier's `check` turns down with an `AccessError` is denied. Where nothing can be decided, most of all
 * where the issuer's keys cannot be had, the handler rejects with another error: clients get 500, and nothing is kept.
 *
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
    // Lambda freezes the process with the answer, and what was in flight would fail when it thaws
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

/** @throws what is no verdict on the token */
async function judge(
  request: AuthorizerRequest,
  verifier: Verifier<unknown>,
  settings: AuthorizerSettings,
): Promise<Outcome> {
  try {
    const found = readToken(request, settings.token)
    assertKeptByRoute(request, found.token, settings)
    assertKeptByToken(request, found, settings.origins)
    assertFromOrigins(request, found, settings.origins)
    const verified = await verifier.verify(found.token)
    return { result: answerVerified(verified, request, settings) }
  } catch (error) {
    if (!isRefusal(error)) throw error
    settings.emit({ type: 'authorizer.refused', gateway: request.gateway, error })
    if (error.name === 'TokenError' && isThrown(request, settings)) {
      // API Gateway answers 401 to this very text, and 500 to any other
      return { error: new Error('Unauthorized', { cause: error }) }
    }
    // what was not looked for may be good: API Gateway caches a Deny, and no error
    if (error.reason === 'limited' || error.reason === 'undecided') {
      return { error: toFailure(error) }
    }
    return { result: answerDenied(request, settings) }
  }
}

function assertResponse({ gateway }: AuthorizerRequest, { response }: AuthorizerSettings): void {
  if (response === 'policy' || gateway === 'http-2.0') return
  throw new ConfigError(
    '"response" is "simple", which HTTP APIs with payload format 2.0 alone understand',
  )
}

/** A simple answer says yes or no, and API Gateway uses it again for all requests that it cannot tell apart. */
function assertKeptByRoute(
  request: AuthorizerRequest,
  token: string,
  { response, access, policy }: AuthorizerSettings,
): void {
  if (response === 'policy' || access === undefined || policy === 'request') return
  if (access.isUniform) return
  const by = keptBy(request, token)
  if (by === 'route') return
  throw new ConfigError(by === 'stage' ? SAME_NAME : NOT_BY_ROUTE)
}

/** By name, because the error may come from another copy of the package. */
function isRefusal(error: unknown): error is TokenError | AccessError {
  return isJwtGateError(error) && (error.name === 'TokenError' || error.name === 'AccessError')
}

function isThrown({ gateway }: AuthorizerRequest, { unauthorized }: AuthorizerSettings): boolean {
  if (unauthorized !== undefined) return unauthorized === 'throw'
  return gateway !== 'http-1.0' && gateway !== 'http-2.0'
}

/** Lambda logs the message, so it says no more than a code; the rest is in `cause`. */
function toFailure(error: unknown): Error {
  const code = isJwtGateError(error) ? ` (${error.code})` : ''
  return new Error(`The authorizer could not decide${code}`, { cause: error })
}
