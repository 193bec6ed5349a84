/**
 * The events that an authorizer reports to `onEvent`. API Gateway shows clients only a status, so these events give the reason.
 * The library puts nothing from a token or a path into an event, except the names of dropped claims of a verified token.
 */
import type { AccessError, TokenError } from '../verify/index.ts'

/** The kind of API that sent the event, and the payload format. */
export type AuthorizerGateway =
  | 'rest-request'
  | 'rest-token'
  | 'http-1.0'
  | 'http-2.0'
  | 'websocket'

/** The request that an event is about. */
export interface AuthorizerEventRequest {
  /** `requestContext.requestId` of API Gateway's event. `TOKEN` events have none. */
  readonly requestId?: string | undefined
  /**
   * The key of the route map for this request; without one, the key of the route that API Gateway chose. Never the path.
   * `undefined` if the event shows no route.
   */
  readonly route?: string | undefined
}

/** A request was rejected. */
export interface AuthorizerRefusedEvent extends AuthorizerEventRequest {
  readonly type: 'authorizer.refused'
  readonly gateway: AuthorizerGateway
  readonly error: TokenError | AccessError
  /** What was required, such as scopes or groups, if the error has it. It comes from your configuration. */
  readonly expected?: unknown
}

/** No decision was possible: the issuer's keys are unavailable, an option is wrong, or your own code threw. */
export interface AuthorizerFailedEvent extends AuthorizerEventRequest {
  readonly type: 'authorizer.failed'
  /** `undefined` if the event is not one that API Gateway sends to a Lambda authorizer. */
  readonly gateway: AuthorizerGateway | undefined
  readonly error: unknown
}

/** A part of the context was dropped, because API Gateway would not have accepted it. */
export interface AuthorizerContextReducedEvent extends AuthorizerEventRequest {
  readonly type: 'authorizer.context_reduced'
  readonly gateway: AuthorizerGateway
  /** The names of at most 20 dropped values, including claims inside `jwt`. Empty if `context` did not return an object. */
  readonly dropped: readonly string[]
  readonly reason: ContextReducedReason
}

/**
 * `'type'`: the value is not a string, a finite number, a boolean or null. `'reserved'`: API Gateway uses the name itself, or it
 * is `jwt` or `jwtPartial`. `'size'`: the result would have been larger than 8 KB.
 */
export type ContextReducedReason = 'type' | 'reserved' | 'size'

/** An event that an authorizer reports to `onEvent`. */
export type AuthorizerEvent =
  | AuthorizerRefusedEvent
  | AuthorizerFailedEvent
  | AuthorizerContextReducedEvent
