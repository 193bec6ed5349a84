/**
 * The events of rejected requests, over real HTTP, on every router of Express: whose fault it is, and on which route.
 */
import type { Express as ExpressApp, RequestHandler } from 'express'
import { AccessError, createVerifier, type VerifierOptions } from 'jwt-gate'
import {
  authErrorHandler,
  type RequestEvent,
  requireAccess,
  requireJwt,
  verifyRequest,
} from 'jwt-gate/express'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { record } from '../support/channels.ts'
import { ROUTER_VERSIONS } from '../support/express-versions.ts'
import { bearer, serve } from '../support/http.ts'

const keys = await createTestIssuer()
const issuer = 'https://idp.example.com'
const audience = 'https://api.example.com'
const exp = Math.floor(Date.now() / 1_000) + 600
const good = await keys.token({ iss: issuer, aud: audience, exp, scope: 'orders/read' })
const expired = await keys.token({ iss: issuer, aud: audience, exp: exp - 3_600 })

function createVerifierWith(options?: VerifierOptions) {
  return createVerifier({ issuer, audience, jwks: keys.jwks }, options)
}

const verifier = createVerifierWith()
const verifierInAnOutage = createVerifier(
  { issuer, audience },
  { fetch: () => Promise.reject(new TypeError('fetch failed')) },
)

const ok: RequestHandler = (_req, res) => {
  res.sendStatus(200)
}

describe.each(ROUTER_VERSIONS)('on %s', (_, express) => {
  let events: RequestEvent[] = []
  const onEvent = (event: RequestEvent) => void events.push(event)

  function start(app: ExpressApp) {
    events = []
    return serve(app.use(authErrorHandler({ onError: null })))
  }

  test("a rejected token is the caller's fault, and the event has the error of the response", async () => {
    const ask = await start(express().get('/profile', requireJwt(verifier, { onEvent }), ok))

    const answer = await ask('/profile?token=secret', bearer(expired))

    expect(events).toEqual([
      {
        type: 'request.refused',
        error: expect.objectContaining({ code: 'ERR_TOKEN_EXPIRED', claim: 'exp', status: 401 }),
        method: 'GET',
        route: '/profile',
      },
    ])
    expect(events[0]?.error).toMatchObject({
      headers: { 'WWW-Authenticate': answer.headers['www-authenticate'] },
    })
  })

  test.each<[string, RequestEvent['type'], string | undefined, number, object]>([
    ['no token', 'request.refused', 'ERR_TOKEN_MISSING', 401, {}],
    [
      'a malformed header',
      'request.refused',
      'ERR_TOKEN_REQUEST',
      400,
      { authorization: 'Bearer a b' },
    ],
    [
      'a forged token',
      'request.refused',
      'ERR_TOKEN_SIGNATURE',
      401,
      bearer(`${good.slice(0, -8)}AAAAAAAA`).headers ?? {},
    ],
  ])('%s is %s (%s)', async (_title, type, code, status, headers) => {
    const ask = await start(express().use(requireJwt(verifier, { onEvent })))

    const answer = await ask('/', { headers: headers as Record<string, string> })

    expect(answer.status).toBe(status)
    expect(events).toEqual([
      expect.objectContaining({ type, error: expect.objectContaining({ code }) }),
    ])
  })

  test.each<[string, RequestEvent['type'], number, RequestHandler]>([
    ['an outage of the issuer', 'request.failed', 503, requireJwt(verifierInAnOutage, { onEvent })],
    [
      'a getToken that throws',
      'request.failed',
      500,
      requireJwt(verifier, {
        onEvent,
        getToken: () => {
          throw new TypeError('x')
        },
      }),
    ],
    [
      'a getToken that rejects',
      'request.failed',
      500,
      requireJwt(verifier, { onEvent, getToken: () => Promise.reject(new TypeError('x')) }),
    ],
    [
      'a getToken that throws no error',
      'request.failed',
      500,
      requireJwt(verifier, {
        onEvent,
        getToken: () => {
          throw undefined
        },
      }),
    ],
    [
      'a getToken whose error has a status that blames the caller',
      'request.refused',
      419,
      requireJwt(verifier, {
        onEvent,
        getToken: () => {
          throw Object.assign(new Error('x'), { statusCode: 419 })
        },
      }),
    ],
    [
      'a check that denies access',
      'request.refused',
      403,
      requireJwt(
        createVerifierWith({
          check: () => {
            throw new AccessError('ERR_ACCESS_DENIED')
          },
        }),
        { onEvent },
      ),
    ],
  ])('%s is a %s', async (_title, type, status, guard) => {
    const ask = await start(express().get('/x', guard, ok))

    const answer = await ask('/x', bearer(good))

    expect(answer.status).toBe(status)
    expect(events).toMatchObject([{ type, route: '/x', error: expect.any(Error) }])
  })

  test('a request that requireAccess rejects is reported with its own route', async () => {
    const app = express().use('/api', requireJwt(verifier, { onEvent }))
    app.delete('/api/orders/:id', requireAccess({ scopes: ['orders/write'] }), ok)
    const ask = await start(app)

    await ask('/api/orders/4711?as=admin', { method: 'DELETE', ...bearer(good) })

    expect(events).toEqual([
      {
        type: 'request.refused',
        error: expect.objectContaining({ code: 'ERR_ACCESS_SCOPE', scopes: ['orders/write'] }),
        method: 'DELETE',
        route: '/api/orders/:id',
      },
    ])
  })

  test('a request that passes is not reported, with or without a token', async () => {
    const guard = requireJwt(verifier, { onEvent, optional: 'missing-or-invalid' })
    const ask = await start(express().get('/', guard, ok))

    const answers = [await ask('/', bearer(good)), await ask('/'), await ask('/', bearer(expired))]

    expect(answers.map((one) => one.status)).toEqual([200, 200, 200])
    expect(events).toEqual([])
  })

  test.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('the log is full')
      },
    ],
    ['rejects', () => Promise.reject(new Error('the log is full'))],
    ['returns a promise that never settles', () => new Promise(() => undefined)],
  ])('a listener that %s changes nothing', async (_title, listener) => {
    const guard = requireJwt(verifier, { onEvent: listener as () => void })
    const ask = await start(express().get('/', guard, requireAccess({ groups: ['admin'] }), ok))

    const answers = [await ask('/', bearer(expired)), await ask('/', bearer(good))]

    expect(answers.map((one) => one.status)).toEqual([401, 403])
  })
})

describe('verifyRequest reports the same', () => {
  test('without a route, on plain node:http', async () => {
    const events: RequestEvent[] = []
    const ask = await serve(async (req, res) => {
      const options = { onEvent: (event: RequestEvent) => void events.push(event) }
      await verifyRequest(verifier, req, options).catch(() => undefined)
      res.end()
    })

    await ask('/secret', { method: 'PUT', ...bearer(expired) })

    expect(events).toEqual([
      {
        type: 'request.refused',
        error: expect.objectContaining({ code: 'ERR_TOKEN_EXPIRED', statusCode: 401 }),
        method: 'PUT',
        route: undefined,
      },
    ])
  })

  test.each<[string, object]>([
    ['a made-up method', { headers: {}, method: 'secret-4711' }],
    ['an invalid method', { headers: {}, method: { toString: () => 'secret-4711' } }],
    [
      'an invalid route',
      {
        headers: {},
        baseUrl: '',
        route: {
          path: {
            toString() {
              throw new Error('x')
            },
          },
        },
      },
    ],
    ['a base without an app', { headers: {}, baseUrl: '/secret-4711' }],
    ['an app without a router', { headers: {}, baseUrl: '/secret-4711', app: {} }],
  ])('and shows nothing of %s', async (_title, req) => {
    const events: RequestEvent[] = []

    await verifyRequest(verifier, req as never, {
      onEvent: (event) => void events.push(event),
    }).catch(() => undefined)

    expect(events).toHaveLength(1)
    expect(JSON.stringify(events)).not.toContain('4711')
  })
})

test.each([null, 'log', {}])('the option "onEvent": %j is rejected at start-up', (onEvent) => {
  const make = () => requireJwt(verifier, { onEvent: onEvent as never })

  expect(make).toThrow(expect.objectContaining({ code: 'ERR_CONFIG_INVALID' }))
  expect(make).toThrow('"onEvent"')
})

describe.each(ROUTER_VERSIONS)('the channel jwt-gate:request on %s', (_, express) => {
  test('has what onEvent gets', async () => {
    const events: RequestEvent[] = []
    const onEvent = (event: RequestEvent) => void events.push(event)
    const app = express().get('/orders/:id', requireJwt(verifier, { onEvent }), ok)
    const ask = await serve(app.use(authErrorHandler()))

    const published = await record('jwt-gate:request', () => ask('/orders/1', bearer(expired)))

    expect(published).toEqual(events)
    expect(published).toMatchObject([
      { type: 'request.refused', method: 'GET', route: '/orders/:id', error: { claim: 'exp' } },
    ])
  })

  test('needs no onEvent, and no requireJwt', async () => {
    const app = express()
    app.get('/down', requireJwt(verifierInAnOutage), ok)
    app.get('/write', requireJwt(verifier), requireAccess({ scopes: ['orders/write'] }), ok)
    app.get('/unguarded', requireAccess({}), ok)
    const ask = await serve(app.use(authErrorHandler({ onError: null })))

    const published = await record<RequestEvent>('jwt-gate:request', async () => {
      for (const path of ['/down', '/write', '/unguarded']) await ask(path, bearer(good))
    })

    expect(published).toMatchObject([
      { type: 'request.failed', route: '/down', error: { code: 'ERR_JWKS_UNAVAILABLE' } },
      { type: 'request.refused', route: '/write', error: { code: 'ERR_ACCESS_SCOPE' } },
      { type: 'request.failed', route: '/unguarded', error: { code: 'ERR_CONFIG_INVALID' } },
    ])
  })
})
