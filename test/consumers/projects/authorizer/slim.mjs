/**
 * A Lambda authorizer of less code.
 */
import { cognito, createAuthorizer, createVerifier } from 'jwt-gate/slim'

const { USER_POOL_ID: userPoolId, CLIENT_ID: clientId, ISSUER: issuer } = process.env
const verifier = createVerifier(cognito({ userPoolId, clientId, tokenUse: 'access', issuer }))

export const handler = createAuthorizer(verifier)
