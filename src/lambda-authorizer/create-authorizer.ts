/**
 * The handler: reads the event and its token, verifies the token, and returns the result for API Gateway.
 */
import { toEventPresented } from '../http-request/event-presented.ts'
import { type FoundToken, readToken } from '../http-request/event-token.ts'
import {
  assertVerifier,
  ignoreRejection,
  isBound,
  isVerdict,
  notify,
} from '../verify/adapter-kit.ts'
import {
  type AccessError,
  ConfigError,
  isJwtGateError,
  type TokenError,
  type VerifiedToken,
  type Verifier,
} from '../verify/index.ts'
import { answerDenied, answerVerified } from './answer/answer.ts'
import { findRouteName } from './answer/route-name.ts'
import type { AuthorizerEvent } from './authorizer-events.ts'
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
import { assertNotCached, isOfBinding } from './request/bound-identity.ts'
import { assertFromOrigins } from './request/cookie-origins.ts'
import { assertCachedByRoute } from './request/route-identity.ts'
import { assertCachedByToken } from './request/token-identity.ts'
import { type Deadline, LATE, startDeadline } from './util/deadline.ts'
import { findDelay } from './util/delay.ts'
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
 * API Gateway caches nothing. If Lambda's context says that the function's time is almost over, the handler rejects too, so that
 * `onEvent` is called before Lambda ends the function.
 *
 * @param verifier - from `createVerifier`
 * @param options - see {@link AuthorizerOptions}
 * @returns the handler, which takes the event and Lambda's context, and returns a promise of the result
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
  const settings = readAuthorizerOptions(options, verifier as Verifier<never>)
  // some runtimes count the parameters, and take a function with more for one with a callback
  return async (event, ...[context]) => {
    const deadline = startDeadline(context)
    try {
      const call: Call = { verifier, settings, deadline }
      const outcome = await decideInTime(event, call)
      // Lambda freezes the process after the result, and a request in flight would fail when the process resumes
      const rest = Promise.all([verifier.settled(), call.explained])
      await Promise.race([rest, deadline.passed])
      if ('error' in outcome) throw outcome.error
      return outcome.result as AuthorizerResult<Response>
    } finally {
      deadline.stop()
    }
  }
}

interface Call {
  readonly verifier: Verifier<unknown>
  readonly settings: AuthorizerSettings
  readonly deadline: Deadline
  /** For the explanation, once it was read. */
  token?: string | undefined
  /** Resolves when a rejection is explained. Never rejects. */
  explained?: Promise<void>
}

/** If the decision takes too long, reports that while there is time, and reports nothing about this call afterwards. */
async function decideInTime(event: unknown, call: Call): Promise<Outcome> {
  const { verifier, settings, deadline } = call
  let request: AuthorizerRequest | undefined
  let isOver = false
  const report = (one: AuthorizerEvent): void => {
    settings.emit(withRequest(one, request, settings))
    if (!('error' in one)) return
    call.explained = notify(settings.explain, { error: one.error, token: call.token })
  }
  const fail = (error: unknown): Outcome => {
    report({ type: 'authorizer.failed', gateway: request?.gateway, error })
    return { error: toFailure(error) }
  }
  try {
    request = parseAuthorizerRequest(event)
    assertResponse(request, settings)
    const emit = (one: AuthorizerEvent): void => {
      if (!isOver) report(one)
    }
    const decision = judge(request, call, { ...settings, emit })
    const outcome = await Promise.race([decision, deadline.passed])
    if (outcome !== LATE) return outcome
    isOver = true
    ignoreRejection(decision)
    return fail(await findDelay(verifier))
  } catch (error) {
    return fail(error)
  }
}

function withRequest(
  event: AuthorizerEvent,
  request: AuthorizerRequest | undefined,
  { access }: AuthorizerSettings,
): AuthorizerEvent {
  if (request === undefined) return event
  const { requestId } = request
  const expected = event.type === 'authorizer.refused' ? event.error.expected : undefined
  return {
    ...event,
    ...(requestId !== undefined && { requestId }),
    route: findRouteName(request, access),
    ...(expected !== undefined && { expected }),
  }
}

/** @throws any error other than a `TokenError` or `AccessError`, such as a `KeysError` */
async function judge(
  request: AuthorizerRequest,
  call: Call,
  settings: AuthorizerSettings,
): Promise<Outcome> {
  try {
    const found = readToken(request, settings.token)
    call.token = found.token
    const verified = await verify(request, found, call.verifier, settings)
    return { result: answerVerified(verified, request, settings) }
  } catch (error) {
    if (!(isTokenError(error) || isAccessError(error))) throw error
    return answerRefused(error, request, settings)
  }
}

async function verify(
  request: AuthorizerRequest,
  found: FoundToken,
  verifier: Verifier<unknown>,
  settings: AuthorizerSettings,
): Promise<VerifiedToken<unknown>> {
  const { origins, demands } = settings
  if (needsRouteIdentity(settings)) assertCachedByRoute(request, found.token)
  assertCachedByToken(request, found, origins)
  assertFromOrigins(request, found, origins)
  if (demands === undefined) return verifier.verify(found.token)
  const presented = toEventPresented(request, found, settings)
  const verified = await verifier.verify(found.token, presented)
  if (isBound(verified)) assertNotCached(request)
  return verified
}

function answerRefused(
  error: TokenError | AccessError,
  request: AuthorizerRequest,
  settings: AuthorizerSettings,
): Outcome {
  if (isOfBinding(error)) assertNotCached(request)
  settings.emit({ type: 'authorizer.refused', gateway: request.gateway, error })
  if (isTokenError(error) && isThrown(request, settings)) {
    // API Gateway responds with 401 to exactly this message, and with 500 to any other
    return { error: new Error('Unauthorized', { cause: error }) }
  }
  // without a verdict, the token may be valid; API Gateway caches a Deny, but no error
  if (!isVerdict(error.reason)) return { error: toFailure(error) }
  const nextNonce = isTokenError(error) ? error.nextNonce : undefined
  return { result: answerDenied(request, settings, nextNonce) }
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
export function toFailure(error: unknown): Error {
  const code = isJwtGateError(error) ? ` (${error.code})` : ''
  return new Error(`The authorizer could not decide${code}`, { cause: error })
}
