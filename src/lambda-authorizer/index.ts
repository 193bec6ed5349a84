/**
 * `jwt-gate/lambda-authorizer`: a Lambda authorizer for API Gateway, and a reader for the claims in the handlers behind it.
 */

export type { TokenSource } from '../http-request/event-token.ts'
export type {
  AuthorizerContextReducedEvent,
  AuthorizerEvent,
  AuthorizerEventRequest,
  AuthorizerFailedEvent,
  AuthorizerGateway,
  AuthorizerRefusedEvent,
  ContextReducedReason,
} from './authorizer-events.ts'
export type { AuthorizerOptions } from './authorizer-options.ts'
export type {
  AuthorizerContext,
  AuthorizerHandler,
  AuthorizerResponse,
  AuthorizerResult,
  PolicyDocument,
  PolicyResult,
  PolicyStatement,
  SimpleResult,
} from './authorizer-result.ts'
export { type ClaimsFromEventOptions, claimsFromEvent } from './claims/claims-from-event.ts'
export { createAuthorizer } from './create-authorizer.ts'
