/**
 * jwt-gate/slim, with keys given or fetched.
 */
import setup from 'bench-setup'
import { cognito, createAuthorizer, createVerifier } from 'jwt-gate/slim'

const { userPoolId, clientId, jwks, jwksUri } = setup
const options = { userPoolId, clientId, tokenUse: 'access', jwks, jwksUri }

export const handler = createAuthorizer(createVerifier(cognito(options)), { response: 'simple' })
