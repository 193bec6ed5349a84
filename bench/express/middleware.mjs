/**
 * The middleware before the route, one setup per contender, as its documentation recommends. All check the signature, `exp`,
 * `iss`, `client_id` and `token_use`. The keys come over HTTP from a JWKS endpoint on loopback, except for aws-jwt-verify, which
 * accepts only https and gets them through `cacheJwks`.
 */
import { importLibrary } from '../measure/library.mjs'

/** Each returns the handlers to put before the route. */
export const MIDDLEWARE = {
  bare: { label: 'the bare route', create: async () => [] },
  'jwt-gate': { label: 'jwt-gate `requireJwt`', create: createJwtGate },
  'express-oauth2-jwt-bearer': { label: 'express-oauth2-jwt-bearer', create: createBearer },
  'express-jwt': { label: 'express-jwt + jwks-rsa', create: createExpressJwt },
  aws: { label: 'aws-jwt-verify by hand', create: createAws },
}

async function createJwtGate({ userPoolId, clientId, jwksUri }) {
  const { cognito, createVerifier } = await importLibrary('verify')
  const { requireJwt } = await importLibrary('express')
  const pool = cognito({ userPoolId, clientId, tokenUse: 'access', jwksUri })
  return [requireJwt(createVerifier(pool))]
}

/** It requires `audience`. Access tokens of Cognito have none, so `validators` disables that check again. */
async function createBearer({ issuer, clientId, jwksUri }) {
  const { auth } = await import('express-oauth2-jwt-bearer')
  const validators = { aud: false, client_id: clientId, token_use: 'access' }
  return [auth({ issuer, jwksUri, audience: clientId, tokenSigningAlg: 'RS256', validators })]
}

async function createExpressJwt({ issuer, clientId, jwksUri }) {
  const { expressjwt } = await import('express-jwt')
  const { default: jwksRsa } = await import('jwks-rsa')
  // as in its README
  const secret = jwksRsa.expressJwtSecret({
    cache: true,
    rateLimit: true,
    jwksRequestsPerMinute: 5,
    jwksUri,
  })
  const assertClaims = (req, _res, next) => {
    const { client_id, token_use } = req.auth
    const isMeant = client_id === clientId && token_use === 'access'
    next(isMeant ? undefined : Object.assign(new Error('refused'), { status: 401 }))
  }
  return [expressjwt({ secret, issuer, algorithms: ['RS256'] }), assertClaims]
}

async function createAws({ userPoolId, clientId, jwks }) {
  const { CognitoJwtVerifier } = await import('aws-jwt-verify')
  const verifier = CognitoJwtVerifier.create({ userPoolId, clientId, tokenUse: 'access' })
  verifier.cacheJwks(jwks)
  return [
    async (req, res, next) => {
      const [scheme, token] = (req.headers.authorization ?? '').split(' ')
      if (scheme.toLowerCase() !== 'bearer' || !token) return res.status(401).end()
      try {
        req.auth = await verifier.verify(token)
      } catch {
        return res.status(401).end()
      }
      next()
    },
  ]
}
