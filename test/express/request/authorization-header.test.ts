/**
 * Which `Authorization` header counts, over real HTTP.
 */
import type { RequestHandler } from 'express'
import { cognito, createVerifier } from 'jwt-gate'
import { authErrorHandler, requireJwt } from 'jwt-gate/express'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { EXPRESS_VERSIONS } from '../../support/express-versions.ts'
import { serve } from '../../support/http.ts'

const issuer = await createTestIssuer()
const { userPoolId, clientId, jwks } = issuer
const verifier = createVerifier(cognito({ userPoolId, clientId, tokenUse: 'access', jwks }))
const authorization = `Bearer ${await issuer.accessToken()}`

describe.each(EXPRESS_VERSIONS)('the Authorization header on %s', (_, express) => {
  function start(before: RequestHandler = (_req, _res, next) => next()) {
    const app = express()
    app.use(before, requireJwt(verifier), (_req, res) => {
      res.sendStatus(200)
    })
    return serve(app.use(authErrorHandler()))
  }

  test.each<[string, Readonly<Record<string, string>>]>([
    ['another header whose name has the same length', { 'If-None-Match': '"1"' }],
    ['another header whose value is its name', { 'X-Sent-By': 'authorization' }],
  ])('%s does not count as a second one', async (_title, headers) => {
    const ask = await start()

    const answer = await ask('/', { headers: { authorization, ...headers } })

    expect(answer.status).toBe(200)
  })

  test('a second one is rejected, however the name is spelled', async () => {
    const ask = await start()

    const answer = await ask('/', { headers: { AUTHORIZATION: [authorization, authorization] } })

    expect(answer.status).toBe(400)
  })

  test.each([
    ['another scheme', 'Basic YTpi', 'has another scheme'],
    ['no scheme', authorization.slice('Bearer '.length), 'lacks the scheme Bearer'],
    ['quotes around all of it', `"${authorization}"`, 'is in quotes'],
  ])('%s is a request without a token, and the response says why', async (_title, value, why) => {
    const ask = await start()

    const { status, headers, body } = await ask('/', { headers: { authorization: value } })

    expect(status).toBe(401)
    expect(headers['www-authenticate']).toBe('Bearer realm="api"')
    const description = `No bearer token was sent: the Authorization header ${why}`
    expect(JSON.parse(body)).toEqual({ error: 'missing_token', error_description: description })
  })

  test.each([
    ['the scheme twice', `Bearer ${authorization}`, 'begins with the word Bearer'],
    ['JSON', 'Bearer {"access_token":"x"}', 'JSON or an object'],
    ['a placeholder', 'Bearer {{token}}', 'A placeholder'],
  ])('%s is a malformed request, and the response says why', async (_title, value, why) => {
    const ask = await start()

    const { status, body } = await ask('/', { headers: { authorization: value } })

    expect(status).toBe(400)
    const { error, error_description: description } = JSON.parse(body)
    expect(error).toBe('invalid_request')
    expect(description).toContain(why)
  })

  test('a header that middleware has removed is not read, and one that it has set is', async () => {
    const askWithout = await start((req, _res, next) => {
      delete req.headers.authorization
      next()
    })
    const askWith = await start((req, _res, next) => {
      req.headers.authorization = authorization
      next()
    })

    const answers = await Promise.all([
      askWithout('/', { headers: { authorization: [authorization, authorization] } }),
      askWith('/'),
    ])

    expect(answers.map((one) => one.status)).toEqual([401, 200])
  })

  test.each<[string, string]>([
    ['a scheme with nothing after it', 'Bearer '],
    ['a character that no token can have', `Bearer ${'é'.repeat(40)}`],
    ['text after a cached token', `${authorization} x`],
  ])('%s is a malformed request', async (_title, malformed) => {
    await verifier.verify(authorization.slice('Bearer '.length))
    await verifier.verify(authorization.slice('Bearer '.length))
    const ask = await start((req, _res, next) => {
      req.headers.authorization = malformed
      next()
    })

    const answer = await ask('/')

    expect(answer.status).toBe(400)
  })
})
