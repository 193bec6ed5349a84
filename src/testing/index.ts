/**
 * `jwt-gate/testing`: a test issuer, and builders for API Gateway events. Works with any test runner.
 */
export { createAuthorizerEvent } from './authorizer-event.ts'
export type { TestClaims } from './cognito-test-claims.ts'
export type {
  AuthorizerEvents,
  HandlerEvents,
  HttpApiAuthorizerEventV1,
  HttpApiEventV1,
  JwtAuthorizerClaims,
  RestJwtAuthorizer,
  StringContext,
  WebSocketAuthorizerEvent,
  WebSocketEvent,
} from './gateway-events.ts'
export type { TestHandlerRequest, TestRequest, TestValues } from './gateway-request.ts'
export { createHandlerEvent } from './handler-event.ts'
export {
  createTestIssuer,
  type TestFailure,
  type TestIssuer,
  type TestIssuerOptions,
  type TestTokenOptions,
} from './test-issuer.ts'
export type { TestKey } from './test-key.ts'
