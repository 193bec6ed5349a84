/**
 * `jwt-gate/testing`: an issuer for tests. It runs with any test runner.
 */
export type { TestClaims } from './cognito-test-claims.ts'
export {
  createTestIssuer,
  type TestFailure,
  type TestIssuer,
  type TestIssuerOptions,
  type TestTokenOptions,
} from './test-issuer.ts'
export type { TestKey } from './test-key.ts'
