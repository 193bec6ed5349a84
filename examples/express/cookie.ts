/**
 * A site whose token is in a cookie, where scripts do not see it. A form on another site can send the cookie along:
 * `cookieToken` refuses everything but GET, HEAD and OPTIONS from there.
 */
import express from 'express'
import { authErrorHandler, cookieToken, getAuth, requireJwt } from 'jwt-gate/express'
import { run, verifier } from './setup.ts'

const COOKIE = '__Host-access_token'

export const app = express()

app.use(requireJwt(verifier, { getToken: cookieToken(COOKIE) }))
app.get('/', (req, res) => {
  res.json({ user: getAuth(req).claims['username'] })
})
app.post('/', (_req, res) => {
  res.sendStatus(201)
})
app.post('/logout', (_req, res) => {
  res.clearCookie(COOKIE, { secure: true, httpOnly: true, sameSite: 'lax' }).sendStatus(204)
})
app.use(authErrorHandler())

await run(app, import.meta.url, `Cookie: ${COOKIE}=`)
