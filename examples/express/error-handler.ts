/**
 * Error responses in a custom format (RFC 9457) for one router. `authErrorHandler()` handles the other routes.
 */
import express, { type ErrorRequestHandler } from 'express'
import { isJwtGateError } from 'jwt-gate'
import { authErrorHandler, type HttpErrorMembers, requireJwt } from 'jwt-gate/express'
import { run, verifier } from './setup.ts'

const problems: ErrorRequestHandler = (error, _req, res, next) => {
  if (!isJwtGateError(error)) return next(error)
  const { code, message, status, headers } = error as typeof error & HttpErrorMembers
  res.status(status).set(headers).type('application/problem+json')
  res.json({ title: message, status, code })
}

export const app = express()
const v2 = express.Router()

v2.use(requireJwt(verifier))
v2.get('/', (_req, res) => {
  res.json({ version: 2 })
})
v2.use(problems)

app.use('/v2', v2)
app.get('/', requireJwt(verifier), (_req, res) => {
  res.json({ version: 1 })
})
app.use(authErrorHandler())

await run(app, import.meta.url)
