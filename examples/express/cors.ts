/**
 * An API for pages of another origin: `cors` comes first, because a preflight carries no token.
 */
import cors from 'cors'
import express from 'express'
import { authErrorHandler, getAuth, requireJwt } from 'jwt-gate/express'
import { run, verifier } from './setup.ts'

export const app = express()

// scripts may read the challenge, and so tell "get a new token" from "not allowed"
app.use(cors({ origin: 'https://app.example.com', exposedHeaders: ['WWW-Authenticate'] }))
app.use(requireJwt(verifier))
app.get('/', (req, res) => {
  res.json({ user: getAuth(req).claims['username'] })
})
app.use(authErrorHandler())

await run(app, import.meta.url)
