/**
 * jwt-gate, keys fetched.
 */
import setup from 'bench-setup'
import { cognito, createVerifier } from 'jwt-gate'
import { createAuthorizer } from 'jwt-gate/lambda-authorizer'

const { userPoolId, clientId, jwksUri } = setup
const verifier = createVerifier(cognito({ userPoolId, clientId, tokenUse: 'access', jwksUri }))

export const handler = createAuthorizer(verifier, { response: 'simple' })
