/**
 * API Gateway chooses a route by rules of its own, and names it in most events. What it chose and the path may not disagree
 * so that a request gets through under another rule than that of either.
 */
import { describe, expect, test } from 'vitest'
import { ADMIN_ONLY, admin, ask, NAMING, user } from './route-requests.ts'

describe.each(NAMING)(
  '%s is not made where the path does not belong to the route',
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

describe.each(NAMING)('%s of a map with routes that the API lacks', (_name, mode) => {
  const asked = { path: '/admin', resource: '/{proxy+}' }

  test('refuses by the more specific one', async () => {
    expect(await ask(mode, { token: admin, ...asked })).toBe(true)
    expect(await ask(mode, { token: user, ...asked })).toBe(false)
  })

  test('is not made where the chosen one would refuse', async () => {
    const map = { 'GET /admin': {}, 'GET /{proxy+}': ADMIN_ONLY }

    expect(await ask(mode, { map, token: admin, ...asked })).toBe(true)
    expect(await ask(mode, { map, token: user, ...asked, resource: '/admin' })).toBe(true)
    expect(await ask(mode, { map, token: user, ...asked })).toMatch(
      /^failed: API Gateway chose GET \/\{proxy\+\}, which this token may not use, and by "access" the path goes to GET \/admin,/,
    )
  })

  test.each(['/{a}', '/{proxy+}'])('goes by the path where the map lacks %s', async (resource) => {
    const map = { 'GET /admin': ADMIN_ONLY, 'GET /other': {} }

    expect(await ask(mode, { map, token: user, path: '/other', resource })).toBe(true)
    expect(await ask(mode, { map, token: user, path: '/admin', resource })).toBe(false)
    expect(await ask(mode, { map, token: admin, path: '/admin', resource })).toBe(true)
  })
})

describe('the route that an event names', () => {
  const mode = { gateway: 'http-1.0', options: {} } as const
  const map = { 'GET /admin': ADMIN_ONLY, 'ANY /admin': {}, $default: {} }
  const asked = { map, token: user, path: '/admin' }
  const name = (resourceId: unknown, resource: unknown = '/admin') => ({
    change: { resource, requestContext: { resourceId, resourcePath: resource, identity: {} } },
  })

  test.each<[string, object, unknown]>([
    ['by a key', name('GET /admin'), false],
    ['by a path and a method', name('05c7jb'), false],
    ['by a path alone', { change: { resource: '/admin', httpMethod: null } }, false],
    ['as $default', name('$default', '$default'), false],
    ['as $default, by the path alone', name('05c7jb', '$default'), false],
    ['as nothing', { change: { resource: null, requestContext: { identity: {} } } }, false],
    ['by another key', name('GET /{a}/{b}'), /^failed: API Gateway chose a route that/],
    ['with a name in braces that no map can have', name('GET /{a b}'), false],
    [
      'with a text that no map can have',
      name('GET /a*'),
      /^failed: API Gateway chose a route that/,
    ],
    ['by no path', name('05c7jb', 'admin'), /^failed: The event names a route that is neither/],
    [
      'with more than a map can have',
      name(`GET ${'/a'.repeat(33)}`),
      /^failed: The event names a route that is too long/,
    ],
  ])('%s', async (_name, change, answer) => {
    const said = String(await ask(mode, { ...asked, ...change }))

    expect(said).toMatch(answer instanceof RegExp ? answer : new RegExp(`^${answer}$`))
  })

  test('may be among others in the key of payload format 2.0', async () => {
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

describe.each(NAMING)('%s goes by all paths that an event has', (_name, mode) => {
  test.each(['/x/../admin', '/%61dmin', '/other//admin', '/admin/'])('%s', async (path) => {
    const hidden = { path, rawPath: path, requestContext: { path, http: { path } } }
    const asked = { path: '/other', resource: '/{proxy+}', change: hidden }

    expect(await ask(mode, { token: admin, ...asked })).toBe(true)
    expect(await ask(mode, { token: user, ...asked })).toBe(false)
  })

  test.each(['/other', '/base/other', '/prod/other', '/base/v1/other'])(
    'which may begin with a stage or a base path: %s',
    async (path) => {
      const change = { path, rawPath: path }

      expect(await ask(mode, { token: user, path: '/other', resource: '/{proxy+}', change })).toBe(
        true,
      )
    },
  )
})
