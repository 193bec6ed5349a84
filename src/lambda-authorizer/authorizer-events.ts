/**
 * What an authorizer tells `onEvent`. API Gateway shows clients no more than a status, so this is where one learns why.
 * The library puts nothing from a token into an event, but the names of claims that were dropped, of a verified one.
 */
import type { AccessError, TokenError } from '../verify/index.ts'
import type { AuthorizerGateway } from './request/authorizer-request.ts'

/** A request was refused. */
export interface AuthorizerRefusedEvent {
  readonly type: 'authorizer.refused'
  readonly gateway: AuthorizerGateway
  readonly error: TokenError | AccessError
}

/** Nothing could be decided: the issuer's keys cannot be had, an option is wrong, or code of the user's threw. */
export interface AuthorizerFailedEvent {
  readonly type: 'authorizer.failed'
  /** `undefined` where the event was none of an authorizer's. */
  readonly gateway: AuthorizerGateway | undefined
  readonly error: unknown
}

/** A part of the context was left out, because API Gateway would not have taken it. */
export interface AuthorizerContextReducedEvent {
  readonly type: 'authorizer.context_reduced'
  readonly gateway: AuthorizerGateway
  /**
   * The names of what was left out, claims inside `jwt` among them, at most 20; none where `context` gave no object at all.
   */
  readonly dropped: readonly string[]
  readonly reason: ContextReducedReason
}

/**
 * `'type'`: neither a string nor a finite number, a boolean or null. `'reserved'`: API Gateway uses the name itself, or it is
 * `jwt` or `jwtPartial`.
 * `'size'`: the answer would have been larger than 8 KB.
 */
export type ContextReducedReason = 'type' | 'reserved' | 'size'

/** What an authorizer tells `onEvent`. */
export type AuthorizerEvent =
  | AuthorizerRefusedEvent
  | AuthorizerFailedEvent
  | AuthorizerContextReducedEvent
