/**
 * A verifier for the access tokens of a test issuer, and the time of all tests.
 */
import { type CognitoAccessClaims, cognito, createVerifier, type Verifier } from 'jwt-gate'
import type { TestIssuer } from 'jwt-gate/testing'

export const NOW = 1_784_514_532_000
export const now = (): number => NOW

export function createTestVerifier(issuer: TestIssuer): Verifier<CognitoAccessClaims> {
  const { userPoolId, clientId, fetch } = issuer
  return createVerifier(cognito({ userPoolId, clientId, tokenUse: 'access' }), { fetch, now })
}

/** The kinds of event without an authorizer. */
export const GATEWAYS = [
  ...['function-url', 'http-1.0', 'http-2.0', 'rest', 'websocket'],
  ...['alb', 'alb-multi-value'],
] as readonly (
  | 'function-url'
  | 'http-1.0'
  | 'http-2.0'
  | 'rest'
  | 'websocket'
  | 'alb'
  | 'alb-multi-value'
)[]
