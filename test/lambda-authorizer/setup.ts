/**
 * A verifier for the access tokens of a test issuer, and the kinds of API that call an authorizer.
 */
import {
  type CognitoAccessClaims,
  cognito,
  createVerifier,
  type Verifier,
  type VerifierOptions,
} from 'jwt-gate'
import type { TestIssuer } from 'jwt-gate/testing'

/** The time of all tests. */
export const NOW = 1_784_514_532_000
export const now = (): number => NOW

/** A verifier that fetches its keys first. */
export function createTestVerifier(
  { userPoolId, clientId, fetch }: TestIssuer,
  options?: Pick<VerifierOptions<CognitoAccessClaims>, 'check'>,
): Verifier<CognitoAccessClaims> {
  return createVerifier(cognito({ userPoolId, clientId, tokenUse: 'access' }), {
    ...options,
    fetch,
    now,
  })
}

/** A verifier that must not be called. */
export const unusedVerifier: Verifier = {
  verify: () => Promise.reject(new Error('called')),
  verifySync: () => {
    throw new Error('called')
  },
  hydrate: () => Promise.resolve(),
  settled: () => Promise.resolve(),
  close: () => undefined,
}

const API_ARN = 'arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5'

/** Each kind of API, with its result for an invalid token, and the resource that stands for the whole stage. */
export const GATEWAYS = [
  { gateway: 'rest-request', unauthorized: 'throw', resource: `${API_ARN}/prod/*` },
  { gateway: 'rest-token', unauthorized: 'throw', resource: `${API_ARN}/prod/*` },
  { gateway: 'http-1.0', unauthorized: 'deny', resource: `${API_ARN}/$default/*` },
  { gateway: 'http-2.0', unauthorized: 'deny', resource: `${API_ARN}/$default/*` },
  { gateway: 'websocket', unauthorized: 'throw', resource: `${API_ARN}/prod/*` },
] as const

export function policy(effect: 'Allow' | 'Deny', resource: string): object {
  return {
    Version: '2012-10-17',
    Statement: [{ Action: 'execute-api:Invoke', Effect: effect, Resource: resource }],
  }
}

/** A request of which only the ARN is known. @param request - its method and path, `GET/orders/7` */
export const routed = (request: string) => ({
  segments: request.split('/'),
  otherPaths: [],
  chosen: [],
})
