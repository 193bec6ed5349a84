/**
 * Runs a user's CommonJS handler under the Lambda Runtime API.
 */
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { onTestFinished } from 'vitest'
import { startLambda } from '../lambda-runtime/lambda.ts'
import type { Outcome } from '../lambda-runtime/runtime-api.ts'

/** The results of the handler. */
export interface Answers {
  readonly first: Outcome
  readonly forged: Outcome
  /** How often the keys were requested from the issuer. */
  readonly requests: number
}

/** Calls the handler in a user's folder with a good token, and with a forged one. */
export async function askHandler(folder: string): Promise<Answers> {
  const issuer = await createTestIssuer()
  await issuer.listen()
  onTestFinished(issuer.close)
  const env = { USER_POOL_ID: issuer.userPoolId, CLIENT_ID: issuer.clientId, ISSUER: issuer.issuer }
  const { invoke } = await startLambda({ folder, handler: 'authorizer.handler', env })
  const token = await issuer.accessToken()
  const forged = `${token.slice(0, token.lastIndexOf('.'))}.${'A'.repeat(342)}`
  return {
    first: await invoke(createAuthorizerEvent('rest-request', { token })),
    forged: await invoke(createAuthorizerEvent('rest-request', { token: forged })),
    requests: issuer.requests,
  }
}
