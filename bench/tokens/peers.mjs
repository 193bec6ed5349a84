/**
 * The peers. Each is imported when it is created, so that a process loads no other.
 */
import { createPublicKey } from 'node:crypto'

/** aws-jwt-verify with `cacheJwks`, which it documents for keys that need no fetch. */
export async function createAws(setup) {
  const verifier = await createAwsVerifier(setup)
  return (token) => verifier.verify(token)
}

export async function createAwsSync(setup) {
  const verifier = await createAwsVerifier(setup)
  return (token) => verifier.verifySync(token)
}

/** `CognitoJwtVerifier` supports only RS256. For others, its documentation recommends `validateCognitoJwtFields`. */
async function createAwsVerifier({ alg, issuer, userPoolId, clientId, jwks }) {
  const { CognitoJwtVerifier, JwtVerifier } = await import('aws-jwt-verify')
  const { validateCognitoJwtFields } = await import('aws-jwt-verify/cognito-verifier')
  const tokenUse = 'access'
  const verifier =
    alg === 'RS256'
      ? CognitoJwtVerifier.create({ userPoolId, clientId, tokenUse })
      : JwtVerifier.create({
          issuer,
          audience: null,
          customJwtCheck: ({ payload }) =>
            validateCognitoJwtFields(payload, { clientId, tokenUse }),
        })
  verifier.cacheJwks(jwks)
  return verifier
}

/** fast-jwt in its fastest setup: one key, given as PEM, so that it is imported once. */
export async function createFastJwt({ alg, issuer, clientId, jwks }, options = {}) {
  const { createVerifier } = await import('fast-jwt')
  const verify = createVerifier({
    key: toPem(jwks.keys[0]),
    algorithms: [alg],
    allowedIss: issuer,
    requiredClaims: ['exp'],
    ...options,
  })
  return (token) => assertFor(clientId, verify(token))
}

/** fast-jwt with rotating keys: a function that finds the PEM by `kid`, like its get-jwks. */
export async function createFastJwtWithKeys({ alg, issuer, clientId, jwks }) {
  const { createVerifier } = await import('fast-jwt')
  const keys = new Map(jwks.keys.map((key) => [key.kid, toPem(key)]))
  const verify = createVerifier({
    key: async ({ header }) => keys.get(header.kid),
    algorithms: [alg],
    allowedIss: issuer,
    requiredClaims: ['exp'],
  })
  return async (token) => assertFor(clientId, await verify(token))
}

export async function createJose({ alg, issuer, clientId, jwks }) {
  const { createLocalJWKSet, jwtVerify } = await import('jose')
  const keys = createLocalJWKSet(jwks)
  const options = { issuer, algorithms: [alg], requiredClaims: ['exp'] }
  return async (token) => assertFor(clientId, (await jwtVerify(token, keys, options)).payload)
}

/** jwks-rsa with its cache, which is on by default, and `fetcher` instead of the network. */
export async function createJsonwebtoken({ alg, issuer, clientId, jwks }) {
  const { default: jsonwebtoken } = await import('jsonwebtoken')
  const { default: jwksClient } = await import('jwks-rsa')
  const client = jwksClient({ jwksUri: 'https://idp.example/keys', fetcher: async () => jwks })
  const options = { issuer, algorithms: [alg] }
  const getKey = ({ kid }, done) =>
    client.getSigningKey(kid, (error, key) => done(error, key?.getPublicKey()))
  return (token) =>
    new Promise((resolve, reject) => {
      jsonwebtoken.verify(token, getKey, options, (error, claims) => {
        if (error) reject(error)
        else resolve(claims)
      })
    }).then((claims) => assertFor(clientId, claims))
}

/** The checks that these libraries have no option for. */
function assertFor(clientId, claims) {
  if (claims.client_id !== clientId || claims.token_use !== 'access') throw new Error('refused')
  return claims
}

function toPem(jwk) {
  return createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' })
}
