/**
 * The exact claims of each kind of Cognito token.
 */
import { randomUUID } from 'node:crypto'

/** Claims to add or replace, or (with `undefined`) to omit. */
export type TestClaims = Readonly<Record<string, unknown>>

/** The issuer, the client and the time of issue. */
export interface TestClaimsSource {
  readonly issuer: string
  readonly clientId: string
  readonly nowSeconds: number
}

const ONE_HOUR = 3_600
const SUB = '1d3f7a52-9b6c-4f0e-8a41-c2b5d7e90f13'

/** The claims of an access token after sign-in through the API, which grants only this scope. */
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

/** The claims of an ID token. */
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

/** The claims of an access token of the client credentials grant: there is no user, and `sub` is the client. */
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
