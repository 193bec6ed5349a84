/**
 * A Lambda authorizer.
 */
import { cognito, createVerifier } from 'jwt-gate'
import { createAuthorizer } from 'jwt-gate/lambda-authorizer'

const { USER_POOL_ID: userPoolId, CLIENT_ID: clientId, ISSUER: issuer } = process.env
const verifier = createVerifier(cognito({ userPoolId, clientId, tokenUse: 'access', issuer }))

export const handler = createAuthorizer(verifier, {
  access: { 'GET /orders': {}, 'POST /orders': { scopes: ['orders/write'] } },
})
