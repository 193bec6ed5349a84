/**
 * The route in an event is the pattern that the developer has mounted, on every router of Express. It never contains text of the
 * URL, which the sender of a request chooses.
 */
import type { Express as ExpressApp, RequestHandler } from 'express'
import { createVerifier } from 'jwt-gate'
import { authErrorHandler, type RequestEvent, requireJwt } from 'jwt-gate/express'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { ROUTER_VERSIONS } from '../../support/express-versions.ts'
import { serve } from '../../support/http.ts'

const { jwks } = await createTestIssuer()
const verifier = createVerifier({
  issuer: 'https://idp.example.com',
  audience: 'https://api.example.com',
  jwks,
})

const ok: RequestHandler = (_req, res) => {
  res.sendStatus(200)
}

describe.each(ROUTER_VERSIONS)('on %s', (version, express) => {
  let events: RequestEvent[] = []
  const onEvent = (event: RequestEvent) => void events.push(event)

  function start(app: ExpressApp) {
    events = []
    return serve(app.use(authErrorHandler()))
  }

  describe('the route is the pattern of the developer', () => {
    const guard = requireJwt(verifier, { onEvent })
    const pass: RequestHandler = (_req, _res, next) => next()
    const route = () => express.Router({ mergeParams: true }).get('/orders/:id', guard, ok)
    const nested = () => express.Router().get('/orders/:id', guard, ok)

    test.each<[string, () => ExpressApp, string, string, hidden?: string]>([
      ['a guard for everything', () => express().use(guard), '/a/b', '/'],
      ['a guard on a path', () => express().use('/api', guard), '/api/orders/4711', '/api'],
      ['the root', () => express().get('/', guard, ok), '/', '/'],
      [
        'a route of the app',
        () => express().get('/orders/:id', guard, ok),
        '/orders/4711',
        '/orders/:id',
      ],
      [
        'a route in capitals',
        () => express().get('/orders/:id', guard, ok),
        '/ORDERS/4711',
        '/orders/:id',
      ],
      ['a router', () => express().use('/api', nested()), '/api/orders/4711', '/api/orders/:id'],
      [
        'the root of a router',
        () => express().use('/api', express.Router().get('/', guard, ok)),
        '/api/',
        '/api',
      ],
      [
        'a router in a router',
        () => express().use('/api', express.Router().use('/v1', nested())),
        '/api/v1/orders/4711',
        '/api/v1/orders/:id',
      ],
      [
        'a router without a path',
        () => express().use('/api', express.Router().use(nested())),
        '/api/orders/4711',
        '/api/orders/:id',
      ],
      [
        'a router below one without a path',
        () => express().use(express.Router().use('/api', nested())),
        '/api/orders/4711',
        '/api/orders/:id',
      ],
      [
        'a router beside others',
        () => express().use('/other', nested()).use('/api', nested()).use('/more', nested()),
        '/api/orders/4711',
        '/api/orders/:id',
      ],
      [
        'a path in capitals',
        () => express().use('/api', nested()),
        '/aPI/orders/4711',
        '/api/orders/:id',
      ],
      [
        'a mount with a parameter',
        () => express().use('/t/:tenant', nested()),
        '/t/4711/orders/4711',
        '/t/:tenant/orders/:id',
        '/*/orders/:id',
      ],
      [
        'a mount with a merged parameter',
        () => express().use('/t/:tenant', route()),
        '/t/4711/orders/1',
        '/t/:tenant/orders/:id',
        '/*/orders/:id',
      ],
      [
        'a guard on a mount with a parameter',
        () => express().use('/t/:tenant/:x', guard),
        '/t/4711/4712',
        '/t/:tenant/:x',
        '/*',
      ],
      [
        'several parameters',
        () => express().use('/:a/b/:c', express.Router().use('/:d', nested())),
        '/4711/b/4712/4713/orders/1',
        '/:a/b/:c/:d/orders/:id',
        '/*/*/orders/:id',
      ],
      [
        'a text beside a parameter that fits it too',
        () => express().use('/:any', pass).use('/api', nested()),
        '/api/orders/4711',
        '/api/orders/:id',
      ],
      [
        'one of several mounts',
        () => express().use(['/a', '/b'], nested()),
        '/b/orders/4711',
        '/b/orders/:id',
      ],
      [
        'an app in an app',
        () => express().use('/sub', express().use('/in', nested())),
        '/sub/in/orders/4711',
        '/sub/in/orders/:id',
      ],
      [
        'an app in a mount with a parameter',
        () => express().use('/:s', express().get('/orders/:id', guard, ok)),
        '/4711/orders/4711',
        '/:s/orders/:id',
        '/*/orders/:id',
      ],
      ['several paths', () => express().get(['/a/:id', '/b'], guard, ok), '/a/4711', '/a/:id,/b'],
      [
        'a regular expression',
        () => express().get(/^\/x(\d+)$/, guard, ok),
        '/x4711',
        '/^\\/x(\\d+)$/',
      ],
    ])('%s', async (_title, createApp, path, wanted, hidden = wanted) => {
      const ask = await start(createApp())

      const answer = await ask(`${path}?id=4711`)

      expect(answer.status).toBe(401)
      expect(events.map((one) => one.route)).toEqual([version === 'Express 5.1' ? hidden : wanted])
    })

    test.each<[string, () => ExpressApp, string, string]>([
      [
        'with a parameter after other text',
        () => express().use('/v:version', nested()),
        '/v4711/orders/4711',
        '/v:version',
      ],
      [
        'at a regular expression without special characters',
        () => express().use(/^\/a-name-that-is-long/, nested()),
        '/a-name-that-is-long/orders/4711',
        '/^\\/a-name-that-is-long/',
      ],
      [
        'at a regular expression for a whole segment',
        () => express().use(/\/a-name\/?(?=\/|$)/, nested()),
        '/a-name/orders/4711',
        '/\\/a-name\\/?(?=\\/|$)/',
      ],
    ])('a mount %s is shown only by Express 5.3', async (_title, createApp, path, mount) => {
      const ask = await start(createApp())

      await ask(path)

      const shown = version === 'Express 5' ? mount : '/*'
      expect(events.map((one) => one.route)).toEqual([`${shown}/orders/:id`])
    })

    test('a router without an app shows its own routes', async () => {
      events = []
      const router = express.Router().get('/orders/:id', guard, ok)
      const ask = await serve((req, res) => {
        router(req as never, res as never, () => res.writeHead(401).end())
      })

      const answer = await ask('/orders/4711')

      expect(answer.status).toBe(401)
      expect(events.map((one) => one.route)).toEqual(['/orders/:id'])
    })

    test.each<[string, () => ExpressApp, string]>([
      [
        'a regular expression without groups',
        () => express().use(/^\/secret-\w+/, nested()),
        '/secret-4711/orders/4711',
      ],
      [
        'a regular expression that ignores case',
        () => express().use(/^\/s[a-z]+-\d+/i, nested()),
        '/SECRET-4711/orders/4711',
      ],
      [
        'one of several mounts that is a regular expression',
        () => express().use(['/a', /^\/secret-\w+/], nested()),
        '/secret-4711/orders/4711',
      ],
      [
        'a regular expression with a group',
        () => express().use(/^\/(secret-\w+)/, nested()),
        '/secret-4711/orders/4711',
      ],
      [
        'one of several mounts with a parameter',
        () => express().use(['/a', '/b/:t'], nested()),
        '/b/secret-4711/orders/4711',
      ],
      [
        'a mount in a router of its own',
        () => {
          const own = express.Router().use('/:t', nested())
          return express().use((req, res, next) => own(req, res, next))
        },
        '/secret-4711/orders/4711',
      ],
    ])('%s shows nothing of the URL', async (_title, createApp, path) => {
      const ask = await start(createApp())

      await ask(path)

      expect(events).toHaveLength(1)
      expect(events[0]?.route).toMatch(/\/orders\/:id$/)
      expect(events[0]?.route).not.toContain('4711')
    })
  })
})
