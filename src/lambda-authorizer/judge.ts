/**
 * The decision of an authorizer about one request: reads its token, verifies it, and returns what API Gateway gets.
 */
import { verifyToken } from '../http-request/authenticate.ts'
import { assertShowsProof, toEventPresented } from '../http-request/event-presented.ts'
import { type FoundToken, readToken } from '../http-request/event-token.ts'
import { fastPathOf, isBound, isPromise, isVerdict } from '../verify/adapter-kit.ts'
import {
  type AccessError,
  isJwtGateError,
  type TokenError,
  type VerifiedToken,
  type Verifier,
} from '../verify/index.ts'
import { answerDenied, answerVerified } from './answer/answer.ts'
import type { TokenNotebook } from './answer/token-notes.ts'
import type { AuthorizerEvent } from './authorizer-events.ts'
import type { AuthorizerSettings } from './authorizer-options.ts'
import type { AuthorizerResult } from './authorizer-result.ts'
import type { AuthorizerRequest } from './request/authorizer-request.ts'
import { assertNotCached, isOfBinding } from './request/bound-identity.ts'
import { assertFromOrigins } from './request/cookie-origins.ts'
import { assertCachedByRoute, assertRouteKeyNotSent } from './request/route-identity.ts'
import { assertCachedByToken } from './request/token-identity.ts'
import { isAccessError, isTokenError } from './util/refusals.ts'

/** The handler returns a result or throws an error. */
export type Outcome = { readonly result: AuthorizerResult } | { readonly error: Error }

/** What a judgement needs besides the request. */
export interface Judgement {
  readonly verifier: Verifier<unknown>
  readonly settings: AuthorizerSettings
  readonly notebook: TokenNotebook
  /** Once it was read, for an explanation. */
  token?: string | undefined
}

/**
 * Decides at once if nothing has to be waited for, otherwise in a promise.
 * @throws any error other than a `TokenError` or `AccessError`, such as a `KeysError`
 */
export function judge(
  request: AuthorizerRequest,
  call: Judgement,
  emit: (event: AuthorizerEvent) => void,
): Outcome | Promise<Outcome> {
  const { settings, verifier, notebook } = call
  const accept = (verified: VerifiedToken<unknown>): Outcome => {
    const notes = isOwn ? notebook.notesOn(verified) : {}
    return { result: answerVerified(verified, request, settings, { notes, emit }) }
  }
  const refuse = (error: unknown): Outcome => {
    if (!(isTokenError(error) || isAccessError(error))) throw error
    return answerRefused(error, request, settings, emit)
  }
  // what a wrapped verifier returns may change
  const isOwn = fastPathOf(verifier) !== undefined
  try {
    const found = readToken(request, settings.token)
    call.token = found.token
    const verified = verify(request, found, verifier, settings)
    return isPromise(verified) ? verified.then(accept).catch(refuse) : accept(verified)
  } catch (error) {
    return refuse(error)
  }
}

function verify(
  request: AuthorizerRequest,
  found: FoundToken,
  verifier: Verifier<unknown>,
  settings: AuthorizerSettings,
): VerifiedToken<unknown> | Promise<VerifiedToken<unknown>> {
  const { origins, demands } = settings
  const isByRoute = needsRouteIdentity(settings)
  if (isByRoute) assertCachedByRoute(request, found.token)
  assertCachedByToken(request, found, origins)
  assertFromOrigins(request, found, origins)
  const presented = demands && toEventPresented(request, found, settings)
  const verified = verifyToken(verifier, found.token, presented)
  // a wrapper may hide what its verifier asks for
  const check = (one: VerifiedToken<unknown>): VerifiedToken<unknown> => {
    if (isBound(one)) assertNotCached(request)
    if (isByRoute) assertRouteKeyNotSent(request)
    return one
  }
  return isPromise(verified) ? verified.then(check) : check(verified)
}

function answerRefused(
  error: TokenError | AccessError,
  request: AuthorizerRequest,
  settings: AuthorizerSettings,
  emit: (event: AuthorizerEvent) => void,
): Outcome {
  if (isOfBinding(error)) assertNotCached(request)
  assertShowsProof(request, error)
  emit({ type: 'authorizer.refused', gateway: request.gateway, error })
  if (isTokenError(error) && isThrown(request, settings)) {
    // API Gateway responds with 401 to exactly this message, and with 500 to any other
    return { error: new Error('Unauthorized', { cause: error }) }
  }
  // without a verdict, the token may be valid; API Gateway caches a Deny, but no error
  if (!isVerdict(error.reason)) return { error: toFailure(error) }
  const nextNonce = isTokenError(error) ? error.nextNonce : undefined
  return { result: answerDenied(request, settings, nextNonce) }
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
