/**
 * Public pages, with more content for signed-in users.
 */
import express from 'express'
import { authErrorHandler, requireAccess, requireJwt } from 'jwt-gate/express'
import { run, verifier } from './setup.ts'

export const app = express()

// a request without a token passes; an invalid token is a 401, so that the client knows that it needs a new one
app.use(requireJwt(verifier, { optional: 'missing' }))
app.get('/', (req, res) => {
  res.json({ hello: req.auth?.claims['username'] ?? 'stranger' })
})
// after an optional token, requireAccess makes a token mandatory
app.post('/comments', requireAccess({}), (_req, res) => {
  res.sendStatus(201)
})
app.use(authErrorHandler())

await run(app, import.meta.url)
