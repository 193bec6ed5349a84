/**
 * `jwt-gate/lambda-authorizer`: answers API Gateway as a Lambda authorizer, and reads the claims behind one.
 */
export type {
  AuthorizerContextReducedEvent,
  AuthorizerEvent,
  AuthorizerFailedEvent,
  AuthorizerRefusedEvent,
  ContextReducedReason,
} from './authorizer-events.ts'
export type { AuthorizerOptions } from './authorizer-options.ts'
export type { AuthorizerGateway } from './authorizer-request.ts'
export type {
  AuthorizerContext,
  AuthorizerHandler,
  AuthorizerResponse,
  AuthorizerResult,
  PolicyResult,
  SimpleResult,
} from './authorizer-result.ts'
export type { TokenSource } from './authorizer-token.ts'
export { type ClaimsFromEventOptions, claimsFromEvent } from './claims-from-event.ts'
export { createAuthorizer } from './create-authorizer.ts'
export type { PolicyDocument, PolicyStatement } from './policy.ts'
