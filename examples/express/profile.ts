/**
 * Returns claims of the caller.
 */
import express from 'express'
import type { CognitoAccessClaims } from 'jwt-gate'
import { authErrorHandler, getAuth, requireJwt } from 'jwt-gate/express'
import { run, verifier } from './setup.ts'

export const app = express()

app.use(requireJwt(verifier))
app.get('/', (req, res) => {
  const { claims } = getAuth<CognitoAccessClaims>(req)
  res.json({ user: claims.username, client: claims.client_id })
})
app.use(authErrorHandler())

await run(app, import.meta.url)
