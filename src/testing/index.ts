/**
 * `jwt-gate/testing`: a test issuer, a test load balancer, and builders for the events of Lambda. Works with any test runner.
 */
export { createAuthorizerEvent } from './authorizer-event.ts'
export type { TestClaims } from './cognito-test-claims.ts'
export type {
  AppSyncEventsAuthorizerEvent,
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
export {
  createTestLoadBalancer,
  type TestLoadBalancer,
  type TestLoadBalancerOptions,
  type TestLoadBalancerTokenOptions,
} from './test-load-balancer.ts'
