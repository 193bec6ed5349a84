/**
 * How keys are fetched, and what an outage does. docs/comparison.md says it of each library.
 */
import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { bearerMiddleware, callRoute, expressJwtMiddleware } from './apps.mjs'
import { createIssuer, outcomeOf } from './issuer.mjs'
import { createAws, createJose, createJsonWebToken } from './verifiers.mjs'

const MADE_UP = 12
let issuer
beforeEach(async () => {
  issuer = await createIssuer()
})
afterEach(() => issuer.close())

/** How many requests made-up key ids cause, after a good token. */
async function countRequests(verify) {
  await verify(await issuer.token())
  const before = issuer.requests
  for (let at = 0; at < MADE_UP; at += 1) {
    const token = await issuer.token({}, { kid: `made-up-${at}` })
    assert.notEqual(await outcomeOf(() => verify(token)), 'accepted')
  }
  return issuer.requests - before
}

test('made-up key ids: jose none for 30 s, aws-jwt-verify one in 10 s, jwks-rsa one each', async () => {
  const aws = createAws(issuer)

  assert.equal(await countRequests(createJose(issuer)), 0)
  assert.equal(await countRequests((token) => aws.verify(token)), 1)
  assert.equal(await countRequests(createJsonWebToken(issuer)), MADE_UP)
})

test('with rateLimit, jwks-rsa stops after ten requests in a minute, for known keys too', async () => {
  const verify = createJsonWebToken(issuer, {}, { rateLimit: true })

  // one of the ten was that of the good token
  assert.equal(await countRequests(verify), 9)
  await issuer.addKey('second')
  const token = await issuer.token()
  assert.equal(await outcomeOf(() => verify(token)), 'JwksRateLimitError')
})

test('a key that is added right after the fetch: jose finds it 30 s later, the others at once', async () => {
  const aws = createAws(issuer)
  const verifiers = {
    aws: (token) => aws.verify(token),
    jose: createJose(issuer),
    jwksRsa: createJsonWebToken(issuer),
  }
  const first = await issuer.token()
  for (const verify of Object.values(verifiers)) await verify(first)
  await issuer.addKey('second')
  const second = await issuer.token()

  const found = {}
  for (const [name, verify] of Object.entries(verifiers)) {
    found[name] = await outcomeOf(() => verify(second))
  }

  assert.deepEqual(found, {
    aws: 'accepted',
    jose: 'ERR_JWKS_NO_MATCHING_KEY',
    jwksRsa: 'accepted',
  })
})

test('old keys in an outage: used by aws-jwt-verify, and by jwks-rsa with an option', async () => {
  const token = await issuer.token()
  const aws = createAws(issuer)
  const verifiers = {
    aws: (text) => aws.verify(text),
    jose: createJose(issuer, {}, { cacheMaxAge: 1 }),
    jwksRsa: createJsonWebToken(issuer, {}, { cacheMaxAge: 1 }),
    jwksRsaFallback: createJsonWebToken(
      issuer,
      {},
      { cacheMaxAge: 1, cacheMaxAgeFallback: 60_000 },
    ),
  }
  for (const verify of Object.values(verifiers)) await verify(token)
  issuer.down = true
  await new Promise((resolve) => setTimeout(resolve, 20))

  const outcomes = {}
  for (const [name, verify] of Object.entries(verifiers)) {
    outcomes[name] = (await outcomeOf(() => verify(token))) === 'accepted'
  }

  assert.deepEqual(outcomes, { aws: true, jose: false, jwksRsa: false, jwksRsaFallback: true })
})

test('no keys and an outage: 401 of express-oauth2-jwt-bearer, 500 of express-jwt', async () => {
  issuer.down = true
  const token = await issuer.token()

  const [bearer] = await callRoute([bearerMiddleware(issuer)], [token])
  const [expressJwt] = await callRoute([expressJwtMiddleware(issuer)], [token])

  assert.equal(bearer.status, 401)
  assert.match(bearer.challenge, /error="invalid_token"/)
  assert.equal(expressJwt.status, 500)
})

test('jose, jwks-rsa and express-oauth2-jwt-bearer follow no redirect to the keys', async () => {
  issuer.redirect = true
  const token = await issuer.token()

  const [bearer] = await callRoute([bearerMiddleware(issuer)], [token])

  assert.notEqual(await outcomeOf(() => createJose(issuer)(token)), 'accepted')
  assert.notEqual(await outcomeOf(() => createJsonWebToken(issuer)(token)), 'accepted')
  assert.equal(bearer.status, 401)
})
