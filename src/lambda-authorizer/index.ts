/**
 * `jwt-gate/lambda-authorizer`: Lambda authorizers for API Gateway and AppSync, and a reader for the claims in the handlers behind it.
 */

export type { TokenSource } from '../http-request/event-token.ts'
export type {
  AppSyncApi,
  AppSyncEvent,
  AppSyncFailedEvent,
  AppSyncHandler,
  AppSyncRefusedEvent,
  AppSyncResult,
} from './app-sync/app-sync-events.ts'
export type { AppSyncAuthorizerOptions } from './app-sync/app-sync-options.ts'
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
export { createAppSyncAuthorizer } from './create-app-sync-authorizer.ts'
export { createAuthorizer } from './create-authorizer.ts'
