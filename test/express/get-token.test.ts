/**
 * A user's `getToken` that misbehaves: no request is accepted because of it.
 */
import type { ErrorRequestHandler } from 'express'
import { cognito, createVerifier } from 'jwt-gate'
import { authErrorHandler, type RequireJwtOptions, requireJwt } from 'jwt-gate/express'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import { EXPRESS_VERSIONS } from '../support/express-versions.ts'
import { serve } from '../support/http.ts'

const issuer = await createTestIssuer()
const { userPoolId, clientId, jwks } = issuer
const verifier = createVerifier(cognito({ userPoolId, clientId, tokenUse: 'access', jwks }))

describe.each(EXPRESS_VERSIONS)('on %s', (_, express) => {
  function start(getToken: () => unknown, options?: RequireJwtOptions) {
    const app = express().set('env', 'test')
    const guarded = express.Router()
    guarded.use(requireJwt(verifier, { ...options, getToken: getToken as () => string }))
    guarded.get('/', (req, res) => {
      res.send(req.auth?.claims.sub)
    })
    app.use(guarded)
    app.use((_req, res) => {
      res.sendStatus(200)
    })
    app.use(authErrorHandler())
    return serve(app)
  }

  test.each([[undefined], [null], [false], [0], [''], ['route'], ['router']])(
    'no value that it throws lets a request pass: %j',
    async (thrown) => {
      const ask = await start(() => {
        throw thrown
      })

      const answer = await ask('/')

      expect(answer.status).toBe(500)
    },
  )

  test('an error that it throws leads to status 500', async () => {
    const ask = await start(() => {
      throw new Error('x')
    })

    const answer = await ask('/')

    expect(answer.status).toBe(500)
  })

  test.each([{ status: 401 }, { status: 400 }, { code: 'ERR_TOKEN_MISSING' }])(
    'an error with %j that it throws lets no request pass, not even where a bad token would',
    async (members) => {
      const getToken = () => {
        throw Object.assign(new Error('the session has ended'), members)
      }
      const ask = await start(getToken, { optional: 'missing-or-invalid' })

      const answer = await ask('/')

      expect(answer.status).toBe(members.status ?? 500)
      expect(answer.headers['www-authenticate']).toBeUndefined()
    },
  )

  /** The error that the next error handler gets after `getToken` has thrown this. */
  async function errorAfter(thrown: unknown): Promise<unknown> {
    let seen: unknown
    const getToken = () => {
      throw thrown
    }
    const handler: ErrorRequestHandler = (error, _req, res, _next) => {
      seen = error
      res.sendStatus(500)
    }
    const app = express().use(requireJwt(verifier, { getToken }), authErrorHandler(), handler)
    const ask = await serve(app)
    await ask('/')
    return seen
  }

  test('an error that it throws is passed on unchanged', async () => {
    const failure = new RangeError('not ours')

    const seen = await errorAfter(failure)

    expect(seen).toBe(failure)
    expect(seen).not.toHaveProperty('headers')
  })

  test('a thrown value that is no error becomes the cause of one', async () => {
    const seen = await errorAfter('route')

    expect(seen).toMatchObject({ message: 'The thrown value is not an error', cause: 'route' })
  })

  test.each([[null], [7], [{}], [['a.b.c']], [true], [Symbol('x')]])(
    'no invalid value that it returns lets a request pass: %s',
    async (token) => {
      const ask = await start(() => token)

      const answer = await ask('/')

      expect(answer.status).toBe(401)
    },
  )

  test('it may be asynchronous', async () => {
    const ask = await start(() => issuer.accessToken())

    const answer = await ask('/')

    expect(answer).toMatchObject({ status: 200, body: '1d3f7a52-9b6c-4f0e-8a41-c2b5d7e90f13' })
  })

  test.each([
    ['no token', undefined, 'Bearer realm="api"'],
    ['an invalid token', 'x.y.z', expect.stringContaining('error="invalid_token"')],
  ])(
    'if it is asynchronous and returns %s, the request is rejected',
    async (_title, found, wanted) => {
      const ask = await start(() => Promise.resolve(found))

      const answer = await ask('/')

      expect(answer.status).toBe(401)
      expect(answer.headers['www-authenticate']).toEqual(wanted)
    },
  )

  test('if it is asynchronous and rejects, the process does not end', async () => {
    const accidents: unknown[] = []
    const record = (error: unknown) => accidents.push(error)
    process.on('unhandledRejection', record)
    onTestFinished(() => void process.off('unhandledRejection', record))
    const ask = await start(() => Promise.reject(new Error('the session store is down')))

    const answer = await ask('/')

    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(accidents).toEqual([])
  })
})
