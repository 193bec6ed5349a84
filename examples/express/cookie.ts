/**
 * A site with the token in a cookie that scripts cannot read. A form on another site can also send the cookie: from there,
 * `cookieToken` rejects all methods except GET, HEAD and OPTIONS.
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
