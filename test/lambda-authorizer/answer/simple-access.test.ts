/**
 * Simple responses with a route map: API Gateway must not reuse one for another route, whatever it caches them by.
 */
import {
  type AuthorizerEvent,
  type AuthorizerOptions,
  createAuthorizer,
} from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { parseAuthorizerRequest } from '../../../src/lambda-authorizer/request/authorizer-request.ts'
import { assertCachedByRoute } from '../../../src/lambda-authorizer/request/route-identity.ts'
import { createTestVerifier, now, unusedVerifier } from '../setup.ts'

const issuer = await createTestIssuer({ now })
const verifier = createTestVerifier(issuer)
const token = await issuer.machineToken({ scope: 'read' })
const access = {
  'GET /orders/{id}': { scopes: ['read'] },
  'POST /orders': { scopes: ['write'] },
  'ANY /admin/{proxy+}': { groups: ['admin'] },
}
const ROUTE = 'GET /orders/{id}'
const CACHED_BY_ROUTE = [`Bearer ${token}`, ROUTE]

const WRITE = { scopes: ['write'] }

type HttpRequest = Parameters<typeof createAuthorizerEvent>[1]
type Access = AuthorizerOptions['access']

/** Whether a request is authorized, or the message of the failure. */
async function call(
  identitySource: unknown,
  request: HttpRequest = {},
  map: Access = access,
  change: object = {},
): Promise<unknown> {
  const failures: unknown[] = []
  const onEvent = (event: AuthorizerEvent) => {
    if ('error' in event) failures.push(event.error)
  }
  const handler = createAuthorizer(verifier, { response: 'simple', access: map, onEvent } as never)
  const defaults = { token, path: '/orders/7', resource: '/orders/{id}' }
  const event = createAuthorizerEvent('http-2.0', { ...defaults, ...request })
  try {
    const { isAuthorized } = (await handler({
      ...event,
      identitySource,
      ...change,
    } as never)) as never
    return isAuthorized
  } catch {
    return (failures[0] as Error).message
  }
}

test('values of the event that are no text do not matter', async () => {
  const change = { queryStringParameters: { a: null, b: 7 }, pathParameters: { id: undefined } }

  expect(await call(CACHED_BY_ROUTE, {}, access, change)).toBe(true)
})

describe('a response that is cached for one route', () => {
  test.each<[string, HttpRequest, boolean]>([
    ['GET /orders/{id}', {}, true],
    ['POST /orders', { method: 'POST', path: '/orders', resource: '/orders' }, false],
    ['GET /unlisted', { path: '/unlisted', resource: '/unlisted' }, false],
  ])('follows the map for %s', async (routeKey, request, isAuthorized) => {
    const answer = await call([`Bearer ${token}`, routeKey], request)

    expect(answer).toBe(isAuthorized)
  })

  test.each([
    ['other values', ['10.0.0.1', ROUTE, `Bearer ${token}`]],
    ['values that are not strings', [null, 7, ROUTE, `Bearer ${token}`]],
  ])('may be cached by more than the token and the route: %s', async (_name, identitySource) => {
    expect(await call(identitySource)).toBe(true)
  })

  test.each([
    ['null for all headers', { headers: null, queryStringParameters: null }],
    ['headers that are not strings', { headers: { 'x-route': null, 'x-other': 7 } }],
    ['no stage', { requestContext: {} }],
  ])('is possible for an event with %s', (_name, change) => {
    const event = createAuthorizerEvent('http-2.0', { token, resource: '/orders/{id}' })
    const request = parseAuthorizerRequest({ ...event, identitySource: CACHED_BY_ROUTE, ...change })

    expect(() => assertCachedByRoute(request, token)).not.toThrow()
  })

  test('allows other names for the variables of a route', async () => {
    const answer = await call([`Bearer ${token}`, 'GET /orders/{order}'], {
      resource: '/orders/{order}',
    })

    expect(answer).toBe(true)
  })
})

describe('a response that would be reused for other routes', () => {
  test.each<[string, unknown, HttpRequest?]>([
    ['the token alone is an identity source', [`Bearer ${token}`]],
    ['only the route is one, so that callers would share responses', [ROUTE]],
    ['another token is one', [`Bearer ${token.slice(0, -1)}`, ROUTE]],
    ['the event has no identity sources', undefined],
    ['the identity sources are not a list', `Bearer ${token},${ROUTE}`],
    ['the route of another request is one', [`Bearer ${token}`, 'POST /orders']],
    ['the stage could be the source', CACHED_BY_ROUTE, { stage: ROUTE }],
  ])('is a failure: %s', async (_name, identitySource, request = {}) => {
    const answer = await call(identitySource, request)

    expect(answer).toContain('$context.routeKey is an identity source')
  })

  test.each<[string, HttpRequest]>([
    ['a header', { headers: { 'X-Route': ROUTE } }],
    ['a part of a header', { headers: { 'X-Route': `${ROUTE},` } }],
    ['a query parameter', { query: { route: ROUTE } }],
    ['a cookie', { cookies: [ROUTE] }],
  ])('is not created if %s could be the source of the route', async (_name, request) => {
    expect(await call(CACHED_BY_ROUTE, request)).toContain('contains the key of its route')
  })

  test('is a failure if a stage variable could be the source', async () => {
    const handler = createAuthorizer(verifier, { response: 'simple', access })
    const event = createAuthorizerEvent('http-2.0', { token, path: '/orders/7' })

    const answer = handler({
      ...event,
      routeKey: ROUTE,
      identitySource: CACHED_BY_ROUTE,
      stageVariables: { route: ROUTE },
    })

    await expect(answer).rejects.toThrow('could not decide')
  })

  test.each<unknown>([undefined, null, 7])(
    'is not accepted by a route key that is %j',
    (routeKey) => {
      const event = createAuthorizerEvent('http-2.0', { token })
      const identitySource = [routeKey, `Bearer ${token}`]
      const request = parseAuthorizerRequest({ ...event, routeKey, identitySource })

      expect(() => assertCachedByRoute(request, token)).toThrow('does not show')
    },
  )

  test('is a failure if the API has a wider route than the map', async () => {
    const answer = await call(
      [`Bearer ${token}`, 'GET /{proxy+}'],
      { resource: '/{proxy+}' },
      {
        'GET /orders/{id}': {},
      },
    )

    expect(answer).toContain('"access" must list the same routes')
  })

  test('is detected before the token is verified', async () => {
    const handler = createAuthorizer(unusedVerifier, { response: 'simple', access })

    const answer = handler(createAuthorizerEvent('http-2.0', { token, path: '/orders/7' }))

    await expect(answer).rejects.toThrow('could not decide (ERR_CONFIG_INVALID)')
  })

  test('is accepted if "policy" is "request"', async () => {
    const options = { response: 'simple', access, policy: 'request' } as const
    const event = createAuthorizerEvent('http-2.0', { token, path: '/orders/7' })

    const answer = await createAuthorizer(verifier, options)(event)

    expect(answer).toMatchObject({ isAuthorized: true })
  })
})

describe('a response for a map with one rule', () => {
  const read = { scopes: ['read'] }

  test.each<[string, Access]>([
    ['$default alone', { $default: read }],
    ['$default, open to every valid token', { $default: {} }],
    ['other routes as well', { $default: read, 'GET /orders/{id}': { scopes: ['read'] } }],
  ])('is correct for every route, whatever it is cached by: %s', async (_name, map) => {
    for (const routeKey of ['$default', 'GET /orders/{id}', 'GET /{proxy+}']) {
      for (const identitySource of [[`Bearer ${token}`], [], undefined, CACHED_BY_ROUTE]) {
        expect(await call(identitySource, {}, map, { routeKey })).toBe(true)
        const write = Object.fromEntries(Object.keys(map ?? {}).map((key) => [key, WRITE]))
        expect(await call(identitySource, {}, write, { routeKey })).toBe(false)
      }
    }
  })

  test('needs $default, because it is wrong for routes that are not listed', async () => {
    const map = { 'GET /orders/{id}': read, 'POST /orders': read }

    expect(await call([`Bearer ${token}`], {}, map)).toContain(
      'does not show that $context.routeKey',
    )
    expect(await call(CACHED_BY_ROUTE, {}, map)).toBe(true)
  })

  test('is suggested if the stage has the name of the route', async () => {
    const map = { 'GET /orders/{id}': read }
    const sources = [`Bearer ${token}`, '$default']

    expect(await call(sources, {}, map, { routeKey: '$default' })).toMatch(
      /the stage has the name of the route.*Put "\$default" into "access".*"policy" to "request"/,
    )
    expect(await call(sources, { stage: 'prod' }, map, { routeKey: '$default' })).toContain(
      '"access" must list the same routes',
    )
  })
})

describe('a map for simple responses', () => {
  const create = (map: Access) => () =>
    createAuthorizer(verifier, { response: 'simple', access: map } as never)

  test.each<[string, Access]>([
    ['a variable and a text', { 'GET /orders/{id}': {}, 'GET /orders/all': { groups: ['admin'] } }],
    ['a method and any method', { 'GET /orders': {}, 'ANY /orders': { scopes: ['write'] } }],
    ['a greedy variable', { 'GET /{proxy+}': {}, 'GET /admin/users': { groups: ['admin'] } }],
    ['$default', { $default: {}, 'GET /admin': { groups: ['admin'] } }],
  ])(
    'must not have different rules if the API may have only one of the routes: %s',
    (_name, map) => {
      expect(create(map)).toThrow(/different rules.+"policy" to "request"/)
    },
  )

  test('may have overlapping routes with the same rule', () => {
    const rule = { scopes: ['read'] }

    expect(create({ 'GET /orders/{id}': rule, 'GET /orders/all': rule })).not.toThrow()
  })

  test('may have a route that is too long for a policy', () => {
    expect(create({ [`GET /${'a'.repeat(409)}`]: {} })).not.toThrow()
  })
})
