/**
 * The server under load, in a separate process: the environment says what to trust, and messages ask for its counters and its
 * memory.
 */
import express from 'express'
import { cognito, createVerifier } from 'jwt-gate'
import { authErrorHandler, requireJwt } from 'jwt-gate/express'

const { USER_POOL_ID: userPoolId = '', CLIENT_ID: clientId = '', ISSUER: issuer } = process.env

// keys that age in seconds, and a cache that is too small, so that a minute covers what otherwise takes a day
const verifier = createVerifier(cognito({ userPoolId, clientId, tokenUse: 'access', issuer }), {
  jwks: { maxAgeMs: 2_000 },
  tokenCache: { max: 200 },
})
const app = express()
let requests = 0

app.use((_req, _res, next) => {
  requests++
  next()
})
app.use(requireJwt(verifier), (_req, res) => {
  res.sendStatus(200)
})
app.use(authErrorHandler({ onError: null }))

const server = app.listen(0, '127.0.0.1', () => process.send?.({ address: server.address() }))
process.on('message', () => {
  globalThis.gc?.()
  const { heapUsed, rss } = process.memoryUsage()
  process.send?.({ requests, heapUsed, rss })
})
process.on('disconnect', () => process.exit())
