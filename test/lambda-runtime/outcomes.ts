/**
 * What a function returns to its caller.
 */
import type { AuthorizerResult } from 'jwt-gate/lambda-authorizer'
import { expect } from 'vitest'
import type { LambdaError, Outcome } from './runtime-api.ts'

/** The principal of a test issuer's access tokens. */
const ALICE = '1d3f7a52-9b6c-4f0e-8a41-c2b5d7e90f13'

/** A policy that allows something, and a context with this subject. */
export function allowed(sub = ALICE): object {
  return {
    result: {
      principalId: sub,
      policyDocument: expect.objectContaining({
        Statement: [expect.objectContaining({ Effect: 'Allow' })],
      }),
      context: expect.objectContaining({ sub, jwt: expect.stringMatching(/^eyJ[\w-]+$/) }),
    },
  }
}

/** The effect of each policy. */
export function effectsOf(outcomes: readonly Outcome[]): unknown[] {
  return outcomes.map((outcome) => {
    const { result } = outcome as { result?: AuthorizerResult<'policy'> }
    return result?.policyDocument.Statement[0]?.Effect
  })
}

/** API Gateway responds to this with 401. */
export const UNAUTHORIZED = toError('Unauthorized')

/** API Gateway responds to this with 500. */
export const UNDECIDED = toError('The authorizer could not decide (ERR_JWKS_UNAVAILABLE)')

function toError(errorMessage: string): { error: LambdaError } {
  return { error: { errorType: 'Error', errorMessage } }
}
