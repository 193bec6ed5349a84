/**
 * What error handlers see of a rejected request: a user's own, Express's default one, one on a router, and `authErrorHandler()`.
 */
import { inspect, types } from 'node:util'
import cors from 'cors'
import type { ErrorRequestHandler, Express as ExpressApp } from 'express'
import { cognito, createVerifier, KeysError, TokenError } from 'jwt-gate'
import { authErrorHandler, requireAccess, requireJwt } from 'jwt-gate/express'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { EXPRESS_VERSIONS } from '../support/express-versions.ts'
import { bearer, serve } from '../support/http.ts'

const issuer = await createTestIssuer()
const { userPoolId, clientId, jwks } = issuer
const pool = cognito({ userPoolId, clientId, tokenUse: 'access', jwks })
const verifier = createVerifier(pool)
const good = await issuer.accessToken()
const expired = await issuer.accessToken({ exp: 1_700_000_000, sub: 'secret-subject' })
const challenge =
  'Bearer realm="api", error="invalid_token", error_description="The token has expired"'

describe.each(EXPRESS_VERSIONS)('on %s', (_, express) => {
  /** An app that protects everything that `route` registers. */
  function createApp(env = 'production'): ExpressApp {
    return express().set('env', env).use(cors(), requireJwt(verifier))
  }

  test("a user's handler gets everything that a response needs, and nothing from the token", async () => {
    let seen: unknown
    const handler: ErrorRequestHandler = (error, _req, res, _next) => {
      seen = error
      res
        .status(error.status)
        .set(error.headers)
        .send(error.expose ? error.message : '')
    }
    const ask = await serve(createApp().use(handler))

    const answer = await ask('/', bearer(expired))

    expect(seen).toBeInstanceOf(TokenError)
    // Jest's console is of another realm, where no error of this one is an instance of Error
    expect(types.isNativeError(seen)).toBe(true)
    expect(seen).toMatchObject({
      code: 'ERR_TOKEN_EXPIRED',
      claim: 'exp',
      status: 401,
      statusCode: 401,
      expose: true,
      headers: { 'WWW-Authenticate': challenge, 'Cache-Control': 'no-store' },
    })
    expect(inspect(seen, { depth: 9, showHidden: true })).not.toMatch(/secret-subject|eyJ/)
    expect(answer.status).toBe(401)
    expect(answer.headers['www-authenticate']).toBe(challenge)
    expect(answer.body).toBe('The token has expired')
  })

  test('an outage is not exposed, and has a Retry-After', async () => {
    const fetch = () => Promise.reject(new TypeError('connect ECONNREFUSED 10.0.0.1'))
    const { userPoolId: other } = issuer
    const down = createVerifier(cognito({ userPoolId: other, clientId, tokenUse: 'access' }), {
      fetch,
    })
    let seen: unknown
    const handler: ErrorRequestHandler = (error, _req, _res, next) => {
      seen = error
      next(error)
    }
    const ask = await serve(
      express().use(requireJwt(down), handler, authErrorHandler({ onError: null })),
    )

    const answer = await ask('/', bearer(good))

    expect(seen).toBeInstanceOf(KeysError)
    expect(seen).toMatchObject({ code: 'ERR_JWKS_UNAVAILABLE', statusCode: 503, expose: false })
    expect(answer.body).not.toContain('ECONNREFUSED')
  })

  test('a mistake of the developer is not exposed, and does not request another token', async () => {
    let seen: unknown
    const handler: ErrorRequestHandler = (error, _req, res, _next) => {
      seen = error
      res.sendStatus(error.status)
    }
    const ask = await serve(express().use(requireAccess({}), handler))

    await ask('/', bearer(good))

    const headers = { 'Cache-Control': 'no-store' }
    expect(seen).toMatchObject({ code: 'ERR_CONFIG_INVALID', statusCode: 500, expose: false })
    expect((seen as Error).message).toMatch(/^"requireAccess" needs requireJwt\(\)/)
    expect((seen as { headers: unknown }).headers).toEqual(headers)
  })

  test.each(['production', 'development'])(
    "Express's own handler sends the right status and headers (%s)",
    async (env) => {
      const ask = await serve(createApp(env))

      const answer = await ask('/', bearer(expired))

      expect(answer.status).toBe(401)
      expect(answer.headers['www-authenticate']).toBe(challenge)
      expect(answer.headers['cache-control']).toBe('no-store')
      expect(answer.headers['access-control-allow-origin']).toBe('*')
      expect(answer.headers['content-type']).toMatch(/^text\/html/)
      expect(answer.body).toContain(env === 'production' ? 'Unauthorized' : 'The token has expired')
      expect(answer.body).not.toMatch(/secret-subject|eyJ/)
    },
  )

  test.each(['production', 'development'])(
    'authErrorHandler sends JSON without a stack, and keeps the headers of cors (%s)',
    async (env) => {
      const ask = await serve(createApp(env).use(authErrorHandler()))

      const answer = await ask('/', bearer(expired))

      expect(answer.headers['content-type']).toMatch(/^application\/json/)
      expect(answer.headers['access-control-allow-origin']).toBe('*')
      expect(JSON.parse(answer.body)).toEqual({
        error: 'invalid_token',
        error_description: 'The token has expired',
      })
    },
  )

  test('a handler on a router gets the errors of this router only', async () => {
    const seen: string[] = []
    const record =
      (name: string): ErrorRequestHandler =>
      (error, _req, _res, next) => {
        seen.push(`${name}: ${error.code}`)
        next(error)
      }
    const inner = express.Router().use(requireAccess({ groups: ['admin'] }), record('inner'))
    const other = express.Router().use(requireAccess({ groups: ['admin'] }))
    const app = createApp().use('/inner', inner).use('/other', other)
    const ask = await serve(app.use(record('app'), authErrorHandler()))

    const answers = [
      await ask('/inner', bearer(good)),
      await ask('/other', bearer(good)),
      await ask('/inner', bearer(expired)),
    ]

    expect(answers.map((one) => one.status)).toEqual([403, 403, 401])
    expect(seen).toEqual([
      'inner: ERR_ACCESS_GROUP',
      'app: ERR_ACCESS_GROUP',
      'app: ERR_ACCESS_GROUP',
      'app: ERR_TOKEN_EXPIRED',
    ])
  })

  test('authErrorHandler on a router handles the errors of that router, and leaves the rest to the app', async () => {
    const inner = express.Router().use(requireAccess({ groups: ['admin'] }), authErrorHandler())
    const app = createApp().use('/inner', inner)
    const teapot: ErrorRequestHandler = (_error, _req, res, _next) => {
      res.sendStatus(418)
    }
    const ask = await serve(app.use(teapot))

    const answers = [await ask('/inner', bearer(good)), await ask('/inner')]

    expect(answers.map((one) => one.status)).toEqual([403, 418])
  })
})
