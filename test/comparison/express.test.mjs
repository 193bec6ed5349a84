/**
 * What clients get from the two kinds of Express middleware. docs/comparison.md says it of each.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { requiredScopes } from 'express-oauth2-jwt-bearer'
import { bearerMiddleware, callRoute, expressJwtMiddleware } from './apps.mjs'
import { createIssuer } from './issuer.mjs'

const issuer = await createIssuer()
after(() => issuer.close())

test('express-jwt sends no challenge', async () => {
  const tokens = [undefined, 'no token']

  const results = await callRoute([expressJwtMiddleware(issuer)], tokens)

  assert.deepEqual(results, Array(2).fill({ status: 401, challenge: null }))
})

test('express-oauth2-jwt-bearer sends the challenge of RFC 6750, with the scopes that are needed', async () => {
  const [missing] = await callRoute([bearerMiddleware(issuer)], [undefined])
  const handlers = [bearerMiddleware(issuer), requiredScopes('write')]
  const [refused] = await callRoute(handlers, [await issuer.token()])

  assert.equal(missing.status, 401)
  assert.match(missing.challenge, /^Bearer realm="api", DPoP algs=/)
  assert.equal(refused.status, 403)
  assert.match(refused.challenge, /error="insufficient_scope".*scope="write"/)
})
