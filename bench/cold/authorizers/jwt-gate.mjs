/**
 * jwt-gate, keys given.
 */
import setup from 'bench-setup'
import { cognito, createVerifier } from 'jwt-gate'
import { createAuthorizer } from 'jwt-gate/lambda-authorizer'

const { userPoolId, clientId, jwks } = setup
const verifier = createVerifier(cognito({ userPoolId, clientId, tokenUse: 'access', jwks }))

export const handler = createAuthorizer(verifier, { response: 'simple' })
