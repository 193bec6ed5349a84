/**
 * aws-jwt-verify, keys given, with the authorizer of its README.
 */
import { CognitoJwtVerifier } from 'aws-jwt-verify'
import setup from 'bench-setup'

const { userPoolId, clientId, jwks } = setup
const verifier = CognitoJwtVerifier.create({ userPoolId, clientId, tokenUse: 'access' })
verifier.cacheJwks(jwks)

export const handler = async ({ headers }) => {
  try {
    await verifier.verify(headers.authorization.split(' ')[1])
    return { isAuthorized: true }
  } catch {
    return { isAuthorized: false }
  }
}
