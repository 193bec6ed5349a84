/**
 * jose, keys given, hand-written.
 */
import setup from 'bench-setup'
import { createLocalJWKSet, jwtVerify } from 'jose'

const { issuer, clientId, jwks } = setup
const keys = createLocalJWKSet(jwks)
const options = { issuer, algorithms: ['RS256'], requiredClaims: ['exp'] }

export const handler = async ({ headers }) => {
  try {
    const { payload } = await jwtVerify(headers.authorization.split(' ')[1], keys, options)
    return { isAuthorized: payload.client_id === clientId && payload.token_use === 'access' }
  } catch {
    return { isAuthorized: false }
  }
}
