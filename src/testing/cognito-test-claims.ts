/**
 * The claims that Cognito puts into each kind of token, no more and no less.
 */
import { randomUUID } from 'node:crypto'

/** Claims to set, to change, or (with `undefined`) to leave out. */
export type TestClaims = Readonly<Record<string, unknown>>

/** Who issues, for whom, and when. */
export interface TestClaimsSource {
  readonly issuer: string
  readonly clientId: string
  readonly nowSeconds: number
}

const ONE_HOUR = 3_600
const SUB = '1d3f7a52-9b6c-4f0e-8a41-c2b5d7e90f13'

/** An access token after signing in through the API, which grants no other scope than this one. */
export function toAccessClaims({ issuer, clientId, nowSeconds }: TestClaimsSource): TestClaims {
  return {
    sub: SUB,
    iss: issuer,
    version: 2,
    client_id: clientId,
    origin_jti: randomUUID(),
    event_id: randomUUID(),
    token_use: 'access',
    scope: 'aws.cognito.signin.user.admin',
    auth_time: nowSeconds,
    exp: nowSeconds + ONE_HOUR,
    iat: nowSeconds,
    jti: randomUUID(),
    username: 'alice',
  }
}

/** An ID token. */
export function toIdClaims({ issuer, clientId, nowSeconds }: TestClaimsSource): TestClaims {
  return {
    sub: SUB,
    email_verified: true,
    iss: issuer,
    'cognito:username': 'alice',
    origin_jti: randomUUID(),
    aud: clientId,
    event_id: randomUUID(),
    token_use: 'id',
    auth_time: nowSeconds,
    exp: nowSeconds + ONE_HOUR,
    iat: nowSeconds,
    jti: randomUUID(),
    email: 'alice@example.com',
  }
}

/** An access token of the client credentials grant: no user, the client is its own subject. */
export function toMachineClaims({ issuer, clientId, nowSeconds }: TestClaimsSource): TestClaims {
  return {
    sub: clientId,
    token_use: 'access',
    scope: 'orders/read orders/write',
    auth_time: nowSeconds,
    iss: issuer,
    exp: nowSeconds + ONE_HOUR,
    iat: nowSeconds,
    version: 2,
    jti: randomUUID(),
    client_id: clientId,
  }
}
