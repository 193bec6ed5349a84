/**
 * The request in an event: its ID, its route, and what was required. Enough to find it in a log, and nothing that a client chose.
 */
import { AccessError, TokenError } from 'jwt-gate'
import {
  type AuthorizerEvent,
  type AuthorizerGateway,
  type AuthorizerOptions,
  createAuthorizer,
} from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer, type TestRequest } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { createTestVerifier, now, unusedVerifier } from './setup.ts'

const issuer = await createTestIssuer({ now })
const verifier = createTestVerifier(issuer)
const good = await issuer.accessToken()
const ID = 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef'

async function tell(
  gateway: AuthorizerGateway,
  request: TestRequest,
  options: AuthorizerOptions<never> = {},
  change: (event: object) => object = (event) => event,
): Promise<AuthorizerEvent | undefined> {
  const events: AuthorizerEvent[] = []
  const handler = createAuthorizer(verifier, {
    ...(options as object),
    onEvent: (event) => events.push(event),
  })
  await handler(change(createAuthorizerEvent(gateway, request))).catch(() => undefined)
  expect(events.length).toBeLessThanOrEqual(1)
  return events[0]
}

describe('the ID of the request', () => {
  test.each<[AuthorizerGateway, string | undefined]>([
    ['rest-request', ID],
    ['rest-token', undefined],
    ['http-1.0', ID],
    ['http-2.0', ID],
    ['websocket', ID],
  ])('of %s is %s', async (gateway, id) => {
    expect((await tell(gateway, { token: 'abc' }))?.requestId).toBe(id)
  })

  test('is in an event about a failure and about a smaller context, too', async () => {
    const bug = () => {
      throw new Error('bug')
    }
    const failed = await tell('http-2.0', { token: good }, { context: bug })
    const reduced = await tell('http-2.0', { token: good }, { context: () => ({ jwt: 'a' }) })

    expect(failed).toMatchObject({ type: 'authorizer.failed', requestId: ID })
    expect(reduced).toMatchObject({ type: 'authorizer.context_reduced', requestId: ID })
  })

  test('may have 128 characters', async () => {
    const requestId = 'x'.repeat(128)
    const event = await tell('http-2.0', { token: 'abc' }, {}, (one) => ({
      ...one,
      requestContext: { requestId },
    }))

    expect(event).toMatchObject({ requestId })
  })

  test.each<unknown>([
    ['\n{"type":"authorizer.failed"}'],
    'a\u2028b',
    'ID=\u00e4',
    '\u001b[31m',
    'x'.repeat(129),
    '',
    7,
    null,
    { toString: () => 'a' },
  ])('is left out if it does not look like one: %j', async (requestId) => {
    const event = await tell('http-2.0', { token: 'abc' }, {}, (one) => ({
      ...one,
      requestContext: { requestId },
    }))

    expect(event).toMatchObject({ type: 'authorizer.refused' })
    expect(event).not.toHaveProperty('requestId')
  })
})

describe('the route', () => {
  const access = { 'GET /orders/{id}': { scopes: ['read'] }, 'ANY /admin/{proxy+}': {} }

  test.each<[AuthorizerGateway, string | undefined]>([
    ['rest-request', 'GET /orders/{order}'],
    ['rest-token', undefined],
    ['http-1.0', 'GET /orders/{order}'],
    ['http-2.0', 'GET /orders/{order}'],
    ['websocket', '$connect'],
  ])('of %s is the chosen one without a map: %s', async (gateway, route) => {
    const request = { token: 'abc', path: '/orders/7', resource: '/orders/{order}' }

    expect((await tell(gateway, request))?.route).toBe(route)
  })

  test.each<AuthorizerGateway>(['rest-request', 'rest-token', 'http-1.0', 'http-2.0'])(
    'of %s is that of the map',
    async (gateway) => {
      const request = { path: '/orders/7', resource: '/orders/{order}' }
      const refused = await tell(gateway, { ...request, token: good }, { access })
      const bad = await tell(gateway, { ...request, token: 'abc' }, { access })

      expect(refused).toMatchObject({
        type: 'authorizer.refused',
        route: 'GET /orders/{id}',
        error: { code: 'ERR_ACCESS_SCOPE' },
      })
      expect(bad).toMatchObject({ route: 'GET /orders/{id}' })
    },
  )

  test('is the chosen one if the map has none for the request', async () => {
    const request = { token: good, path: '/users/7', resource: '/users/{id}' }

    expect(await tell('http-2.0', request, { access })).toMatchObject({
      route: 'GET /users/{id}',
      error: { code: 'ERR_ACCESS_DENIED' },
    })
  })

  test('is $connect, $default or ANY if the map or the API says so', async () => {
    const chosen = (routeKey: string) => (event: object) => ({ ...event, routeKey })

    expect(await tell('websocket', { token: 'a' }, { access: { $connect: {} } })).toMatchObject({
      route: '$connect',
    })
    for (const key of ['$default', 'ANY /{proxy+}']) {
      expect(await tell('http-2.0', { token: 'a' }, {}, chosen(key))).toMatchObject({ route: key })
    }
  })

  test.each(['GET /a\nb', 'marker /a', '/marker', `GET /${'a'.repeat(600)}`, 'marker'])(
    'is left out if it is not one that API Gateway has: %j',
    async (routeKey) => {
      const event = await tell('http-2.0', { token: 'a' }, {}, (one) => ({ ...one, routeKey }))

      expect(event?.route).toBeUndefined()
    },
  )

  test('never has the path or the method that the client chose', async () => {
    const request = { path: '/marker/7', resource: '/{proxy+}', method: 'MARKER', token: 'abc' }
    for (const gateway of ['rest-request', 'http-1.0'] as const) {
      const event = await tell(gateway, request)

      expect(event?.route ?? '').toMatch(/^(ANY \/\{proxy\+\}|)$/)
    }
    const admin = { path: '/admin/marker', resource: '/{proxy+}', token: 'abc' }
    expect(await tell('http-2.0', admin, { access })).toMatchObject({
      route: 'ANY /admin/{proxy+}',
    })
  })
})

describe('what was required', () => {
  const withExpected = (error: Error, expected: unknown) => Object.assign(error, { expected })

  test.each([new AccessError('ERR_ACCESS_SCOPE'), new TokenError('ERR_CLAIM_AUDIENCE')])(
    'is that of the error: %s',
    async (error) => {
      const events: AuthorizerEvent[] = []
      const refusal = withExpected(error, ['orders/write'])
      const handler = createAuthorizer(
        { ...unusedVerifier, verify: () => Promise.reject(refusal) },
        { onEvent: (event) => events.push(event) },
      )

      await handler(createAuthorizerEvent('http-2.0', { token: 'abc' }))

      expect(events).toMatchObject([{ type: 'authorizer.refused', expected: ['orders/write'] }])
    },
  )

  test('is left out if the error has none', async () => {
    expect(await tell('http-2.0', { token: 'abc' })).not.toHaveProperty('expected')
  })
})

test('an event of another service has neither', async () => {
  const events: AuthorizerEvent[] = []
  const handler = createAuthorizer(verifier, {
    onEvent: (event) => events.push(event),
  })

  await handler({ Records: [], requestContext: { requestId: 'a' } }).catch(() => undefined)

  expect(Object.keys(events[0] ?? {})).toEqual(['type', 'gateway', 'error'])
})
