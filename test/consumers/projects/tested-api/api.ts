/**
 * An API with a protected route, and what its tests need: an issuer, and a clock that both share.
 */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import express, { type Express } from 'express'
import { cognito, createVerifier, type Verifier } from 'jwt-gate'
import { authErrorHandler, getAuth, requireAccess, requireJwt } from 'jwt-gate/express'
import { createTestIssuer } from 'jwt-gate/testing'

function createApp(verifier: Verifier): Express {
  const app = express()
  app.use('/api', requireJwt(verifier))
  app.get('/api/profile', (req, res) => {
    res.json({ sub: getAuth(req).claims.sub })
  })
  app.delete('/api/users/:id', requireAccess({ groups: ['admin'] }), (_req, res) => {
    res.sendStatus(204)
  })
  app.use(authErrorHandler())
  return app
}

export async function createSetup() {
  let time = Date.now()
  const now = () => time
  const issuer = await createTestIssuer({ now })
  const { userPoolId, clientId } = issuer
  const trusted = cognito({ userPoolId, clientId, tokenUse: 'access' })
  const verifier = createVerifier(trusted, { fetch: issuer.fetch, now })
  const server = createApp(verifier).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  return {
    issuer,
    verifier,
    advance: (seconds: number) => {
      time += seconds * 1000
    },
    call: (path: string, token: string, method = 'GET') =>
      fetch(`http://127.0.0.1:${port}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, connection: 'close' },
      }),
    close: () => server.close(),
  }
}
