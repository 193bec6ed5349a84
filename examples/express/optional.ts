/**
 * Pages for everybody, with something more for those who signed in.
 */
import express from 'express'
import { authErrorHandler, requireAccess, requireJwt } from 'jwt-gate/express'
import { run, verifier } from './setup.ts'

export const app = express()

// without a token: welcome; with a bad one: 401, so that a client knows that it has to get another
app.use(requireJwt(verifier, { optional: 'missing' }))
app.get('/', (req, res) => {
  res.json({ hello: req.auth?.claims['username'] ?? 'stranger' })
})
// behind an optional token, requireAccess is what asks for one
app.post('/comments', requireAccess({}), (_req, res) => {
  res.sendStatus(201)
})
app.use(authErrorHandler())

await run(app, import.meta.url)
