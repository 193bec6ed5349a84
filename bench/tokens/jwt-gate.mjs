/**
 * jwt-gate with given keys, for any algorithm.
 */
import { importLibrary } from '../measure/library.mjs'

export async function createJwtGate(
  { alg, issuer, userPoolId, clientId, jwks },
  options = undefined,
) {
  const { cognito, createVerifier } = await importLibrary('verify')
  const tokenUse = 'access'
  if (alg === 'RS256') {
    return createVerifier(cognito({ userPoolId, clientId, tokenUse, jwks }), options)
  }
  const trusted = { issuer, audience: null, clientId, tokenUse, algorithms: [alg], jwks }
  return createVerifier(trusted, options)
}
