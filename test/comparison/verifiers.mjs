/**
 * Each library as its documentation sets it up for a resource server: with the issuer and the audience, and no other option.
 */
import { JwtVerifier } from 'aws-jwt-verify'
import { SimpleJwksCache } from 'aws-jwt-verify/jwk'
import { createVerifier } from 'fast-jwt'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import jwt from 'jsonwebtoken'
import { JwksClient } from 'jwks-rsa'
import { AUDIENCE } from './issuer.mjs'

export function createAws(issuer, options = {}) {
  // its own fetcher takes https alone
  const fetcher = { fetch: async (uri) => (await fetch(uri)).arrayBuffer() }
  return JwtVerifier.create(
    { issuer: issuer.url, audience: AUDIENCE, jwksUri: issuer.jwksUri, ...options },
    { jwksCache: new SimpleJwksCache({ fetcher }) },
  )
}

export function createJose(issuer, options = {}, jwksOptions = {}) {
  const keys = createRemoteJWKSet(new URL(issuer.jwksUri), jwksOptions)
  return (token) => jwtVerify(token, keys, { issuer: issuer.url, audience: AUDIENCE, ...options })
}

export function createFastJwt(issuer, options = {}) {
  const { pem } = issuer.keys[0]
  const verify = createVerifier({
    key: pem,
    allowedIss: issuer.url,
    allowedAud: AUDIENCE,
    ...options,
  })
  return async (token) => verify(token)
}

/** What express-jwt calls. */
export function createJsonWebToken(issuer, options = {}, clientOptions = {}) {
  const client = new JwksClient({ jwksUri: issuer.jwksUri, ...clientOptions })
  return async (token) => {
    const { header } = jwt.decode(token, { complete: true })
    const key = await client.getSigningKey(header.kid)
    const known = { issuer: issuer.url, audience: AUDIENCE, algorithms: ['RS256'] }
    return jwt.verify(token, key.getPublicKey(), { ...known, ...options })
  }
}
