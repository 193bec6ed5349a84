/**
 * An API for pages of another origin: `cors` comes first, because a preflight request has no token.
 */
import cors from 'cors'
import express from 'express'
import { authErrorHandler, getAuth, requireJwt } from 'jwt-gate/express'
import { run, verifier } from './setup.ts'

export const app = express()

// lets scripts read the WWW-Authenticate header, to distinguish "get a new token" from "not allowed"
app.use(cors({ origin: 'https://app.example.com', exposedHeaders: ['WWW-Authenticate'] }))
app.use(requireJwt(verifier))
app.get('/', (req, res) => {
  res.json({ user: getAuth(req).claims['username'] })
})
app.use(authErrorHandler())

await run(app, import.meta.url)
