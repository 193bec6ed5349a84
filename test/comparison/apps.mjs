/**
 * One protected route behind a middleware, and what a client gets from it.
 */
import { once } from 'node:events'
import express from 'express'
import { expressjwt } from 'express-jwt'
import { auth } from 'express-oauth2-jwt-bearer'
import { expressJwtSecret } from 'jwks-rsa'
import { AUDIENCE } from './issuer.mjs'

export function bearerMiddleware(issuer, options = {}) {
  return auth({ issuer: issuer.url, jwksUri: issuer.jwksUri, audience: AUDIENCE, ...options })
}

export function expressJwtMiddleware(issuer, options = {}) {
  const secret = expressJwtSecret({ jwksUri: issuer.jwksUri, ...options })
  return expressjwt({ secret, issuer: issuer.url, audience: AUDIENCE, algorithms: ['RS256'] })
}

/** Calls the route once with each token. `undefined` sends none. */
export async function callRoute(handlers, tokens) {
  const app = express()
  app.get('/', ...handlers, (_request, response) => response.sendStatus(200))
  // prints nothing, and responds as the handler of Express does
  app.use((error, _request, response, _next) => {
    response.set(error.headers ?? {}).sendStatus(error.status ?? 500)
  })
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const results = []
  for (const token of tokens) {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
    const response = await fetch(`http://127.0.0.1:${server.address().port}/`, { headers })
    results.push({ status: response.status, challenge: response.headers.get('www-authenticate') })
  }
  server.close()
  server.closeAllConnections()
  return results
}
