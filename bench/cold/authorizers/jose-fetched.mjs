/**
 * jose, keys fetched, hand-written.
 */
import setup from 'bench-setup'
import { createRemoteJWKSet, jwtVerify } from 'jose'

const { issuer, clientId, jwksUri } = setup
const keys = createRemoteJWKSet(new URL(jwksUri))
const options = { issuer, algorithms: ['RS256'], requiredClaims: ['exp'] }

export const handler = async ({ headers }) => {
  try {
    const { payload } = await jwtVerify(headers.authorization.split(' ')[1], keys, options)
    return { isAuthorized: payload.client_id === clientId && payload.token_use === 'access' }
  } catch {
    return { isAuthorized: false }
  }
}
