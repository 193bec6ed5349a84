/**
 * Authorization by scopes.
 */
import express from 'express'
import { authErrorHandler, requireAccess, requireJwt } from 'jwt-gate/express'
import { run, verifier } from './setup.ts'

export const app = express()

app.use(requireJwt(verifier))
app.get('/', requireAccess({ anyScope: ['orders/read', 'orders/write'] }), (_req, res) => {
  res.json([{ id: 1 }])
})
app.post('/', requireAccess({ scopes: ['orders/read', 'orders/write'] }), (_req, res) => {
  res.status(201).json({ id: 2 })
})
app.use(authErrorHandler())

await run(app, import.meta.url)
