/**
 * docs/middy.md: events as API Gateway sends them, through middy and Powertools.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { Logger } from '@aws-lambda-powertools/logger'
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware'
import middy from '@middy/core'
import httpErrorHandler from '@middy/http-error-handler'
import { cognito, createVerifier } from 'jwt-gate'
import { verifyEvent } from 'jwt-gate/lambda'
import { createAuthorizerEvent, createHandlerEvent, createTestIssuer } from 'jwt-gate/testing'
import { writeBlocks } from './blocks.mjs'

const { folder } = writeBlocks('middy')
const load = (name) => import(pathToFileURL(`${folder}/${name}`).href)
const issuer = await createTestIssuer()
const { userPoolId, clientId } = issuer
const trusted = cognito({ userPoolId, clientId, tokenUse: 'access' })
const verifier = createVerifier(trusted, { fetch: issuer.fetch })
const inOutage = createVerifier(trusted, {
  fetch: () => Promise.reject(new TypeError('fetch failed')),
})
const token = await issuer.accessToken({ sub: 'alice' })
const admin = await issuer.accessToken({ 'cognito:groups': ['admin'] })
const lambda = { awsRequestId: '1', functionName: 'f', getRemainingTimeInMillis: () => 3000 }
// otherwise the logger has a console of its own
process.env['POWERTOOLS_DEV'] = 'true'

/** @returns the result, and what was printed meanwhile */
async function capture(context, run) {
  const lines = []
  for (const name of ['debug', 'info', 'warn', 'error', 'log']) {
    context.mock.method(console, name, (...all) => lines.push(all.map(String).join(' ')))
  }
  const result = await run()
  return [result, lines.join('\n')]
}

/** An event with any number of tokens. */
const toEvent = (front, { tokens = [], ...request }) =>
  createHandlerEvent(front, {
    ...request,
    ...(tokens.length > 0 && { headers: { authorization: tokens.map((one) => `Bearer ${one}`) } }),
  })

describe('middy without an authorizer', async () => {
  const { createFunction } = await load('function.ts')
  const ask = (request, front = 'function-url', one = verifier) =>
    createFunction(one)(toEvent(front, { path: '/profile', ...request }), { ...lambda })

  test('a good token passes, with its claims', async () => {
    const { statusCode, body } = await ask({ tokens: [token] })
    assert.deepEqual([statusCode, JSON.parse(body)], [200, { sub: 'alice' }])
  })

  test('no token, an ID token and an expired one are rejected, with a challenge', async (context) => {
    for (const tokens of [[], [await issuer.idToken()], [await issuer.accessToken({ exp: 1 })]]) {
      const [result, printed] = await capture(context, () => ask({ tokens }))
      assert.equal(result.statusCode, 401)
      assert.match(result.headers['WWW-Authenticate'], /^Bearer realm="api"/)
      assert.match(printed, /^\{"type":"request.refused"/)
      for (const one of tokens) assert.ok(!printed.includes(one))
    }
  })

  test('an error of authorize is a response, too', async () => {
    const refused = await ask({ tokens: [token], path: '/users/1' })
    const allowed = await ask({ tokens: [admin], path: '/users/1' })
    assert.deepEqual([refused.statusCode, allowed.statusCode], [403, 200])
    assert.match(refused.headers['WWW-Authenticate'], /error="insufficient_scope"/)
  })

  test('an outage is a 503 that says when to come back', async (context) => {
    const [result] = await capture(context, () =>
      ask({ tokens: [token] }, 'function-url', inOutage),
    )
    assert.equal(result.statusCode, 503)
    assert.ok(Number(result.headers['Retry-After']) >= 1)
  })

  test('httpErrorHandler alone sends the challenge as well, and makes a 500 of an outage', async () => {
    const logged = []
    const create = (one) =>
      middy(async (event) => verifyEvent(one, event)).use(
        httpErrorHandler({ logger: ({ code }) => logged.push(code) }),
      )
    const bad = await create(verifier)(toEvent('http-2.0', {}), { ...lambda })
    const down = await create(inOutage)(toEvent('http-2.0', { tokens: [token] }), { ...lambda })
    assert.deepEqual([bad.statusCode, bad.body], [401, 'No token was sent'])
    assert.equal(bad.headers['WWW-Authenticate'], 'Bearer realm="api"')
    assert.equal(down.statusCode, 500)
    assert.deepEqual(logged, ['ERR_TOKEN_MISSING', 'ERR_JWKS_UNAVAILABLE'])
  })
})

describe('middy behind an authorizer', async () => {
  const { handler } = await load('behind-authorizer.ts')
  const { createLoggingAuthorizer } = await load('authorizer.ts')

  test('the handler gets the claims that the authorizer verified', async () => {
    const { context } = await createLoggingAuthorizer(verifier)(
      createAuthorizerEvent('http-2.0', { token }),
      lambda,
    )
    const result = await handler(createHandlerEvent('http-2.0-lambda', { context }), { ...lambda })
    assert.deepEqual([result.statusCode, JSON.parse(result.body)], [200, { sub: 'alice' }])
  })

  test('without claims, the response is a 401', async () => {
    const { statusCode } = await handler(createHandlerEvent('http-2.0'), { ...lambda })
    assert.equal(statusCode, 401)
  })
})

describe('Powertools', async () => {
  const { createRouter } = await load('routes.ts')
  const app = createRouter(verifier)
  const ask = (front, request, one = app) => one.resolve(toEvent(front, request), lambda)

  for (const front of ['http-2.0', 'rest', 'alb']) {
    test(`${front}: what each kind of token gets`, async () => {
      const user = { path: '/users/1', method: 'DELETE' }
      const results = await Promise.all([
        ask(front, { path: '/health' }),
        ask(front, { path: '/profile' }),
        ask(front, { path: '/profile', tokens: [token] }),
        ask(front, { path: '/profile', tokens: [await issuer.idToken()] }),
        ask(front, { ...user, tokens: [token] }),
        ask(front, { ...user, tokens: [admin] }),
        ask(front, { path: '/profile', tokens: [token] }, createRouter(inOutage)),
      ])
      assert.deepEqual(
        results.map(({ statusCode }) => statusCode),
        [200, 401, 200, 401, 403, 200, 503],
      )
      assert.deepEqual(JSON.parse(results[2].body), { sub: 'alice' })
      assert.deepEqual(JSON.parse(results[5].body), { deleted: '1' })
      assert.match(JSON.stringify(results[3]), /www-authenticate.*invalid_token/i)
    })
  }

  test('two Authorization headers are a bad request', async () => {
    const { statusCode } = await ask('rest', { path: '/profile', tokens: [token, token] })
    assert.equal(statusCode, 400)
  })

  test('the log of an authorizer has the code of the error, and nothing of the token', async (context) => {
    const { createLoggingAuthorizer } = await load('authorizer.ts')
    const expired = await issuer.accessToken({ exp: 1, sub: 'mallory' })
    const [, printed] = await capture(context, () =>
      createLoggingAuthorizer(verifier)(
        createAuthorizerEvent('http-2.0', { token: expired }),
        lambda,
      ),
    )
    const line = JSON.parse(printed)
    assert.deepEqual([line.level, line.message], ['INFO', 'authorizer.refused'])
    assert.match(printed, /ERR_TOKEN_EXPIRED/)
    assert.doesNotMatch(printed, new RegExp(`mallory|${expired.split('.')[1]}`))
  })

  test('logEvent prints the token', async (context) => {
    const logged = middy(async () => 1).use(injectLambdaContext(new Logger(), { logEvent: true }))
    const [, printed] = await capture(context, () =>
      logged(toEvent('http-2.0', { tokens: [token] }), { ...lambda }),
    )
    assert.ok(printed.includes(token))
  })
})
