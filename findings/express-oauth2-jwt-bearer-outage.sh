#!/usr/bin/env bash
# express-oauth2-jwt-bearer 1.10.0 calls a good token invalid while the issuer is down.
#
# A token that was accepted before gets 401 with error="invalid_token" as soon as the keys are due and the JWKS endpoint does not
# respond. RFC 6750 section 3.1 lets a client request a new token then, so an outage of the issuer signs users out. With express-jwt
# 8.5.1 and jwks-rsa 4.1.0, the same request gets 500.
#
# Output seen on 2026-11-29, Node 20.20.2:
#   express-oauth2-jwt-bearer, issuer up: 200
#   express-oauth2-jwt-bearer, issuer down: 401 invalid_token
#   express-jwt with jwks-rsa, issuer up: 200
#   express-jwt with jwks-rsa, issuer down: 500
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > npm.log
npm install --no-audit --no-fund express@5.3.0 jose@6.2.18 \
  express-oauth2-jwt-bearer@1.10.0 express-jwt@8.5.1 jwks-rsa@4.1.0 >> npm.log

cat > outage.mjs <<'JS'
import { once } from 'node:events'
import { createServer } from 'node:http'
import express from 'express'
import { expressjwt } from 'express-jwt'
import { auth } from 'express-oauth2-jwt-bearer'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import jwksRsa from 'jwks-rsa'

const listen = async (server) => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${server.address().port}`
}
let down = false
const { publicKey, privateKey } = await generateKeyPair('RS256')
const keys = [{ ...(await exportJWK(publicKey)), kid: 'a', alg: 'RS256', use: 'sig' }]
const jwksServer = createServer((_request, response) => {
  if (down) return response.destroy()
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ keys }))
})
const issuer = await listen(jwksServer)
const audience = 'https://api.example'
const token = await new SignJWT({ sub: 'alice' })
  .setProtectedHeader({ alg: 'RS256', kid: 'a' })
  .setIssuer(issuer)
  .setAudience(audience)
  .setIssuedAt()
  .setExpirationTime('1h')
  .sign(privateKey)

const known = { issuer, audience }
// keys are due again after one millisecond, instead of ten minutes
const age = { jwksUri: `${issuer}/jwks`, cacheMaxAge: 1 }
const handlers = {
  'express-oauth2-jwt-bearer': auth({ ...known, ...age }),
  'express-jwt with jwks-rsa': expressjwt({
    ...known,
    algorithms: ['RS256'],
    secret: jwksRsa.expressJwtSecret(age),
  }),
}
for (const [name, handler] of Object.entries(handlers)) {
  const app = express()
  app.get('/', handler, (_request, response) => response.sendStatus(200))
  app.use((error, _request, response, _next) => {
    response.set(error.headers ?? {}).sendStatus(error.status ?? 500)
  })
  const server = createServer(app)
  const url = await listen(server)
  for (down of [false, true]) {
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
    const [, code = ''] = /error="(\w+)"/.exec(response.headers.get('www-authenticate')) ?? []
    console.log(`${name}, issuer ${down ? 'down' : 'up'}: ${response.status} ${code}`.trim())
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  server.close()
  server.closeAllConnections()
}
jwksServer.close()
JS
node outage.mjs | tee seen.txt

cat > expected.txt <<'TXT'
express-oauth2-jwt-bearer, issuer up: 200
express-oauth2-jwt-bearer, issuer down: 401 invalid_token
express-jwt with jwks-rsa, issuer up: 200
express-jwt with jwks-rsa, issuer down: 500
TXT
diff expected.txt seen.txt
