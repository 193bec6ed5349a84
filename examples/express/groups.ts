/**
 * Authorization by groups, on a router and on single routes, and by a custom rule.
 */
import express from 'express'
import { authErrorHandler, requireAccess, requireJwt } from 'jwt-gate/express'
import { run, verifier } from './setup.ts'

export const app = express()
const staff = express.Router()

staff.use(requireAccess({ groups: ['staff', 'admin'] }))
staff.get('/', (_req, res) => {
  res.json({ area: 'staff' })
})
staff.delete('/users/:id', requireAccess({ allGroups: ['staff', 'admin'] }), (_req, res) => {
  res.sendStatus(204)
})
const isDeviceKnown = requireAccess({ check: ({ claims }) => claims['device_key'] !== undefined })
staff.get('/keys', isDeviceKnown, (_req, res) => {
  res.json({ area: 'keys' })
})

app.use(requireJwt(verifier), staff)
app.use(authErrorHandler())

await run(app, import.meta.url)
