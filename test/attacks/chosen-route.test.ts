/**
 * API Gateway chooses a route by its own rules, and names it in most events. If the named route and the path disagree, a request
 * must not get through under a rule that belongs to neither.
 */
import { describe, expect, test } from 'vitest'
import { ADMIN_ONLY, admin, ask, NAMING, user } from './route-requests.ts'

describe.each(NAMING)(
  '%s is not created if the path does not match the route that API Gateway chose',
  (_name, mode) => {
    test.each([
      ['/other', '/admin', 'GET /admin, and by "access" the path in the ARN goes to GET /{proxy+}'],
      [
        '/admin/users',
        '/admin',
        'GET /admin, and by "access" the path in the ARN goes to GET /{proxy+}',
      ],
      ['/', '/admin', 'GET /admin, and by "access" the path in the ARN goes to no route'],
      ['/', '/{proxy+}', 'GET /{proxy+}, and by "access" the path in the ARN goes to no route'],
      ['/admin', '/{a}/{b}', 'a route that "access" does not have, and'],
      ['/admin', '/other', 'a route that "access" does not have, and'],
    ])('%s, %s', async (path, resource, message) => {
      for (const token of [user, admin]) {
        const said = await ask(mode, { token, path, resource })

        expect(said).toContain(`failed: API Gateway chose ${message}`)
      }
    })
  },
)

describe.each(NAMING)('%s for a map with routes that the API does not have', (_name, mode) => {
  const asked = { path: '/admin', resource: '/{proxy+}' }

  test('is decided by the more specific route', async () => {
    expect(await ask(mode, { token: admin, ...asked })).toBe(true)
    expect(await ask(mode, { token: user, ...asked })).toBe(false)
  })

  test('is not created if the rule of the chosen route would deny', async () => {
    const map = { 'GET /admin': {}, 'GET /{proxy+}': ADMIN_ONLY }

    expect(await ask(mode, { map, token: admin, ...asked })).toBe(true)
    expect(await ask(mode, { map, token: user, ...asked, resource: '/admin' })).toBe(true)
    expect(await ask(mode, { map, token: user, ...asked })).toMatch(
      /^failed: API Gateway chose GET \/\{proxy\+\}, which this token may not use, and by "access" the path goes to GET \/admin,/,
    )
  })

  test.each(['/{a}', '/{proxy+}'])(
    'is decided by the path if the map does not have %s',
    async (resource) => {
      const map = { 'GET /admin': ADMIN_ONLY, 'GET /other': {} }

      expect(await ask(mode, { map, token: user, path: '/other', resource })).toBe(true)
      expect(await ask(mode, { map, token: user, path: '/admin', resource })).toBe(false)
      expect(await ask(mode, { map, token: admin, path: '/admin', resource })).toBe(true)
    },
  )
})

describe('the route that an event names', () => {
  const mode = { gateway: 'http-1.0', options: {} } as const
  const map = { 'GET /admin': ADMIN_ONLY, 'ANY /admin': {}, $default: {} }
  const asked = { map, token: user, path: '/admin' }
  const name = (resourceId: unknown, resource: unknown = '/admin') => ({
    change: { resource, requestContext: { resourceId, resourcePath: resource, identity: {} } },
  })

  test.each<[string, object, unknown]>([
    ['by a route key', name('GET /admin'), false],
    ['by a path and a method', name('05c7jb'), false],
    ['by a path only', { change: { resource: '/admin', httpMethod: null } }, false],
    ['as $default', name('$default', '$default'), false],
    ['as $default, by the path only', name('05c7jb', '$default'), false],
    ['not at all', { change: { resource: null, requestContext: { identity: {} } } }, false],
    ['by another route key', name('GET /{a}/{b}'), /^failed: API Gateway chose a route that/],
    ['with a name in braces that no map can have', name('GET /{a b}'), false],
    [
      'with characters that no map can have',
      name('GET /a*'),
      /^failed: API Gateway chose a route that/,
    ],
    [
      'by a path without its slash',
      name('05c7jb', 'admin'),
      /^failed: The event names a route that is neither/,
    ],
    [
      'with more segments than a map can have',
      name(`GET ${'/a'.repeat(33)}`),
      /^failed: The event names a route that is too long/,
    ],
  ])('%s', async (_name, change, answer) => {
    const said = String(await ask(mode, { ...asked, ...change }))

    expect(said).toMatch(answer instanceof RegExp ? answer : new RegExp(`^${answer}$`))
  })

  test('is read from both route keys of payload format 2.0', async () => {
    const http = { gateway: 'http-2.0', options: {} } as const
    const choose = (routeKey: unknown, inContext: unknown) => ({
      change: { routeKey, requestContext: { routeKey: inContext } },
    })

    expect(await ask(http, { ...asked, ...choose('GET /x', 'GET /admin') })).toMatch(/^failed/)
    expect(await ask(http, { ...asked, ...choose(undefined, 'GET /x') })).toMatch(/^failed/)
    expect(await ask(http, { ...asked, ...choose(undefined, 'GET /admin') })).toBe(false)
    expect(await ask(http, { ...asked, ...choose(undefined, undefined) })).toBe(false)
  })
})

describe.each(NAMING)('%s considers every path in the event', (_name, mode) => {
  test.each(['/x/../admin', '/%61dmin', '/other//admin', '/admin/'])('%s', async (path) => {
    const hidden = { path, rawPath: path, requestContext: { path, http: { path } } }
    const asked = { path: '/other', resource: '/{proxy+}', change: hidden }

    expect(await ask(mode, { token: admin, ...asked })).toBe(true)
    expect(await ask(mode, { token: user, ...asked })).toBe(false)
  })

  test.each(['/other', '/base/other', '/prod/other', '/base/v1/other'])(
    'which may include a stage or a base path: %s',
    async (path) => {
      const change = { path, rawPath: path }

      expect(await ask(mode, { token: user, path: '/other', resource: '/{proxy+}', change })).toBe(
        true,
      )
    },
  )
})
