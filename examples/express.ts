import express from 'express'
import { cognito, createVerifier } from 'jwt-gate'
import { authErrorHandler, getAuth, requireAccess, requireJwt } from 'jwt-gate/express'

const verifier = createVerifier(
  cognito({ userPoolId: 'eu-west-1_Example', clientId: '1example23456789', tokenUse: 'access' }),
)
const app = express()

app.use('/api', requireJwt(verifier))
app.get('/api/profile', (req, res) => res.json(getAuth(req).claims))
app.get('/api/orders', requireAccess({ scopes: ['orders/read'] }), (_req, res) => res.json([]))
app.delete('/api/users/:id', requireAccess({ groups: ['admin'] }), (_req, res) =>
  res.sendStatus(204),
)
app.use(authErrorHandler())

app.listen(Number(process.env['PORT'] ?? 3000))
