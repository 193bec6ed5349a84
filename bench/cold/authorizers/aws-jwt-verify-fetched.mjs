/**
 * aws-jwt-verify, keys fetched. `CognitoJwtVerifier` accepts no key address other than AWS's own; its documentation recommends
 * `JwtVerifier` with `validateCognitoJwtFields` instead.
 */
import { JwtVerifier } from 'aws-jwt-verify'
import { validateCognitoJwtFields } from 'aws-jwt-verify/cognito-verifier'
import setup from 'bench-setup'

const { issuer, clientId, jwksUri } = setup
const verifier = JwtVerifier.create({
  issuer,
  jwksUri,
  audience: null,
  customJwtCheck: ({ payload }) =>
    validateCognitoJwtFields(payload, { clientId, tokenUse: 'access' }),
})

export const handler = async ({ headers }) => {
  try {
    await verifier.verify(headers.authorization.split(' ')[1])
    return { isAuthorized: true }
  } catch {
    return { isAuthorized: false }
  }
}
