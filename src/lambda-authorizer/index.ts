/**
 * `jwt-gate/lambda-authorizer`: answers API Gateway as a Lambda authorizer, and reads the claims behind one.
 */

export type { PolicyDocument, PolicyStatement } from './answer/policy.ts'
export type {
  AuthorizerContextReducedEvent,
  AuthorizerEvent,
  AuthorizerFailedEvent,
  AuthorizerRefusedEvent,
  ContextReducedReason,
} from './authorizer-events.ts'
export type { AuthorizerOptions } from './authorizer-options.ts'
export type {
  AuthorizerContext,
  AuthorizerHandler,
  AuthorizerResponse,
  AuthorizerResult,
  PolicyResult,
  SimpleResult,
} from './authorizer-result.ts'
export { type ClaimsFromEventOptions, claimsFromEvent } from './claims/claims-from-event.ts'
export { createAuthorizer } from './create-authorizer.ts'
export type { AuthorizerGateway } from './request/authorizer-request.ts'
export type { TokenSource } from './request/authorizer-token.ts'
