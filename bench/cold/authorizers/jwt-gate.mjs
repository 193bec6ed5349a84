/**
 * jwt-gate, with keys given or fetched.
 */
import setup from 'bench-setup'
import { cognito, createVerifier } from 'jwt-gate'
import { createAuthorizer } from 'jwt-gate/lambda-authorizer'

const { userPoolId, clientId, jwks, jwksUri } = setup
const options = { userPoolId, clientId, tokenUse: 'access', jwks, jwksUri }

export const handler = createAuthorizer(createVerifier(cognito(options)), { response: 'simple' })
