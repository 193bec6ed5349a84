/**
 * `verifyEvent` and `errorResult` for each kind of event that no authorizer stands in front of.
 */
import { readFileSync } from 'node:fs'
import { AccessError, authorize, ConfigError, KeysError, TokenError } from 'jwt-gate'
import {
  type EventResult,
  errorResult,
  type VerifyEventOptions,
  verifyEvent,
} from 'jwt-gate/lambda'
import { createAuthorizerEvent, createHandlerEvent, createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { createTestVerifier, GATEWAYS, now } from './setup.ts'

const issuer = await createTestIssuer({ now })
const verifier = createTestVerifier(issuer)
const token = await issuer.accessToken()
const SUB = '1d3f7a52-9b6c-4f0e-8a41-c2b5d7e90f13'

/** The handler of the documentation. */
async function respond(
  event: unknown,
  options?: VerifyEventOptions,
): Promise<EventResult | string> {
  try {
    const { claims } = await verifyEvent(verifier, event, options)
    return String(claims.sub)
  } catch (error) {
    return errorResult(error)
  }
}

interface Fixture {
  readonly name: string
  readonly token?: VerifyEventOptions['token']
  /** Has `<token>` instead of a token. */
  readonly event: object
}

const FIXTURES: readonly Fixture[] = JSON.parse(
  readFileSync(new URL('../../fixtures/lambda/request-events.json', import.meta.url), 'utf8'),
)

describe.each(FIXTURES)('the event of $name', ({ event, token: place }) => {
  const withToken = (text: string): unknown =>
    JSON.parse(JSON.stringify(event).replaceAll('<token>', text))

  test('is accepted with a good token', async () => {
    expect(await respond(withToken(token), { token: place })).toBe(SUB)
  })

  test('is rejected with an expired token', async () => {
    const expired = withToken(await issuer.accessToken({ exp: 1 }))

    expect(await respond(expired, { token: place })).toMatchObject({ statusCode: 401 })
  })
})

test('there are events of every kind', () => {
  expect(FIXTURES).toHaveLength(GATEWAYS.length)
})

describe.each(GATEWAYS)('an event of the kind %s', (gateway) => {
  test('is accepted with a good token', async () => {
    expect(await respond(createHandlerEvent(gateway, { token }))).toBe(SUB)
  })

  test('is rejected without a token, in the shape that its sender takes', async () => {
    const result = await respond(createHandlerEvent(gateway))

    const headers = {
      'Cache-Control': 'no-store',
      'Content-Type': 'application/json',
      'WWW-Authenticate': 'Bearer realm="api"',
    }
    const lists = Object.fromEntries(Object.entries(headers).map(([name, one]) => [name, [one]]))
    expect(result).toEqual({
      statusCode: 401,
      ...(gateway.startsWith('alb') && { statusDescription: '401 Unauthorized' }),
      ...(gateway === 'alb-multi-value' ? { multiValueHeaders: lists } : { headers }),
      body: '{"error":"missing_token","error_description":"No token was sent"}',
      isBase64Encoded: false,
    })
  })

  test('is rejected with two Authorization headers', async () => {
    const headers = { Authorization: [`Bearer ${token}`, `Bearer ${token}`] }
    const event = createHandlerEvent(gateway, { headers })

    const result = await respond(event)

    // of a repeated header, `headers` of a load balancer has the last value alone
    if (gateway === 'alb') expect(result).toBe(SUB)
    else expect(result).toMatchObject({ statusCode: 400 })
  })

  test.each<[string, object, VerifyEventOptions['token']]>([
    ['a cookie', { cookies: ['a=b', `token=${token}`] }, { cookie: 'token' }],
    ['a query parameter', { query: { t: token } }, { query: 't' }],
    ['a header of its own', { headers: { 'X-Token': token } }, { header: 'X-Token' }],
    [
      'a subprotocol',
      { headers: { 'Sec-WebSocket-Protocol': `jwt, ${token}` } },
      { subprotocol: 'jwt' },
    ],
    [
      'Authorization without Bearer',
      { headers: { Authorization: token } },
      { header: 'Authorization', scheme: null },
    ],
  ])('has its token in %s', async (_title, request, place) => {
    const event = createHandlerEvent(gateway, {
      headers: { 'Sec-Fetch-Site': 'same-origin' },
      ...request,
    })
    if (place?.cookie && gateway === 'websocket') {
      Object.assign(event.headers ?? {}, { 'Sec-Fetch-Site': 'same-origin' })
    }

    expect(await respond(event, { token: place })).toBe(SUB)
  })

  test('is rejected with a token in two places', async () => {
    const event = createHandlerEvent(gateway, { token, query: { t: token } })

    const result = await respond(event, { token: { header: 'Authorization', query: 't' } })

    expect(result).toMatchObject({ statusCode: 400 })
  })

  test('is rejected with a token that does not meet the rule', async () => {
    const event = createHandlerEvent(gateway, { token })

    const result = (await respond(event, { access: { scopes: ['a', 'b'] } })) as EventResult

    const challenge = result.headers ?? result.multiValueHeaders ?? {}
    expect(result.statusCode).toBe(403)
    expect([challenge['WWW-Authenticate']].flat()[0]).toContain('scope="a b"')
  })
})

test('the challenge has the realm and the metadata of the options', async () => {
  const result = await respond(createHandlerEvent('rest'), {
    realm: 'orders',
    resourceMetadataUrl: 'https://api.example.com/.well-known/oauth-protected-resource',
  })

  expect((result as EventResult).headers?.['WWW-Authenticate']).toBe(
    'Bearer realm="orders", resource_metadata="https://api.example.com/.well-known/oauth-protected-resource"',
  )
})

test('an outage is a 503, with the time to try again', async () => {
  const down = await createTestIssuer({ now })
  down.fail('down')
  const event = createHandlerEvent('alb', { token: await down.accessToken() })

  const error = await verifyEvent(createTestVerifier(down), event).catch((one) => one)

  expect(errorResult(error)).toMatchObject({
    statusCode: 503,
    statusDescription: '503 Service Unavailable',
    headers: { 'Retry-After': expect.stringMatching(/^\d+$/) },
  })
})

test.each([
  [['navigate'], 200],
  [['navi', 'gate'], 403],
])(
  'a cookie passes from another site with the modes %j by what they are',
  async (modes, status) => {
    const headers = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': modes }
    const event = createHandlerEvent('rest', { headers, cookies: [`token=${token}`] })

    const result = await respond(event, { token: { cookie: 'token' } })

    expect(typeof result === 'string' ? 200 : result.statusCode).toBe(status)
  },
)

test('without dpop, the scheme DPoP has no token', async () => {
  const headers = { Authorization: `DPoP ${token}` }

  const error = await verifyEvent(verifier, createHandlerEvent('rest', { headers })).catch(
    (one) => one,
  )

  expect(error).toMatchObject({ code: 'ERR_TOKEN_MISSING', reason: 'scheme' })
})

test('an error of a wrapped verifier stays as it is, even if it is frozen', async () => {
  const failure = Object.freeze(new TypeError('no database'))
  const wrapped = { ...verifier, verify: () => Promise.reject(failure) }

  const error = await verifyEvent(wrapped, createHandlerEvent('alb', { token })).catch((one) => one)

  expect(error).toBe(failure)
})

test.each([
  ['only headers', { headers: {} }, 'headers'],
  ['only lists', { multiValueHeaders: {} }, 'multiValueHeaders'],
  ['both', { headers: {}, multiValueHeaders: {} }, 'headers'],
  ['neither', {}, 'headers'],
])('a load balancer that sends %s gets headers of the same kind', async (_title, own, member) => {
  const { headers: _, ...event } = createHandlerEvent('alb', {}) as { headers?: unknown }

  const result = await respond({ ...event, ...own })

  expect(result).toHaveProperty(member)
  expect(result).toHaveProperty('statusDescription')
})

describe('errorResult', () => {
  test.each([
    [400, '400 Bad Request', new TokenError('ERR_TOKEN_REQUEST')],
    [401, '401 Unauthorized', new TokenError('ERR_TOKEN_EXPIRED')],
    [403, '403 Forbidden', new AccessError('ERR_ACCESS_DENIED')],
    [500, '500 Internal Server Error', new ConfigError('a')],
    [503, '503 Service Unavailable', new KeysError('ERR_JWKS_UNAVAILABLE')],
    [
      418,
      '418 Error',
      Object.assign(new TokenError('ERR_TOKEN_EXPIRED'), { status: 418, statusCode: 418 }),
    ],
  ])(
    'says what the status %d means, for load balancers',
    (statusCode, statusDescription, error) => {
      expect(errorResult(error, createHandlerEvent('alb'))).toMatchObject({
        statusCode,
        statusDescription,
      })
    },
  )

  test('knows the kind of the event for errors of others, if it gets it', async () => {
    const event = createHandlerEvent('alb-multi-value', { token })
    const verified = await verifyEvent(verifier, event)
    const refuse = () => authorize(verified, { groups: ['admin'] })

    expect(refuse).toThrow(AccessError)
    const error = await Promise.resolve()
      .then(refuse)
      .catch((one) => one)
    expect(errorResult(error, event)).toMatchObject({
      statusDescription: '403 Forbidden',
      multiValueHeaders: { 'Content-Type': ['application/json'] },
    })
    expect(errorResult(error)).not.toHaveProperty('statusDescription')
  })

  test('throws errors of others again, so that Lambda reports them', () => {
    for (const error of [new Error('x'), new TypeError('y')]) {
      expect(() => errorResult(error)).toThrow(error as Error)
    }
  })

  test('shows nothing of a mistake in the configuration', async () => {
    const error = await verifyEvent(verifier, {}, { acess: {} } as never).catch((one) => one)

    expect(error.message).toContain('"acess"')
    expect(errorResult(error)).toMatchObject({
      statusCode: 500,
      body: '{"error":"server_error","error_description":"The service is misconfigured"}',
    })
  })
})

describe('onEvent', () => {
  test.each([
    ['http-2.0', 'GET', 'GET /orders/{id}'],
    ['rest', 'GET', 'GET /orders/{id}'],
    ['function-url', 'GET', '$default'],
    ['websocket', 'GET', '$connect'],
    ['alb', 'GET', undefined],
  ] as const)(
    'tells of the route of an event of the kind %s, never of its path',
    async (gateway, method, route) => {
      const events: unknown[] = []
      const request = { path: '/orders/secret', resource: '/orders/{id}' }

      await respond(createHandlerEvent(gateway, request), { onEvent: (one) => events.push(one) })

      expect(events).toMatchObject([
        { type: 'request.refused', method, route, error: { code: 'ERR_TOKEN_MISSING' } },
      ])
      expect(JSON.stringify(events)).not.toContain('secret')
    },
  )
})

test.each(['SECRET-TEXT-OF-A-CLIENT', 'X\u001b[31m', 'get'])(
  'a method that is not known, %j, is in no event',
  async (method) => {
    const events: unknown[] = []
    const event = { ...createHandlerEvent('rest', {}), httpMethod: method, resource: '/x' }

    await respond(event, { onEvent: (one) => events.push(one) })

    expect(events).toMatchObject([{ type: 'request.refused', method: undefined, route: undefined }])
  },
)

test.each([
  ['GET /orders', 'GET /orders'],
  [`GET /${'a'.repeat(500)}`, `GET /${'a'.repeat(500)}`],
  [`GET /${'a'.repeat(501)}`, undefined],
  ['secret GET /orders', undefined],
  ['GET /orders\u001b[31m', undefined],
])('of the route key %j, an event has %j', async (routeKey, route) => {
  const events: unknown[] = []
  const { requestContext, ...event } = createHandlerEvent('http-2.0', {})

  await respond(
    { ...event, requestContext: { ...requestContext, routeKey } },
    { onEvent: (one) => events.push(one) },
  )

  expect(events).toMatchObject([{ type: 'request.refused', route }])
})

describe('a ConfigError says what is wrong with', () => {
  test.each<[string, unknown, string]>([
    [
      'the event of a Lambda authorizer',
      createAuthorizerEvent('rest-request', { token }),
      'createAuthorizer()',
    ],
    [
      'the event of another Lambda authorizer',
      createAuthorizerEvent('rest-token', { token }),
      'createAuthorizer()',
    ],
    [
      'the event of an authorizer of an HTTP API',
      createAuthorizerEvent('http-2.0', { token }),
      'createAuthorizer()',
    ],
    [
      'the event of an authorizer of a WebSocket',
      createAuthorizerEvent('websocket', { token }),
      'createAuthorizer()',
    ],
    [
      'a message of a WebSocket',
      createHandlerEvent('websocket', { routeKey: 'send' }),
      'a message of a WebSocket',
    ],
    ['an event of something else', { Records: [] }, '"event" must be one of'],
    ['nothing', undefined, '"event" must be one of'],
  ])('%s', async (_title, event, message) => {
    const outcome = verifyEvent(verifier, event)

    await expect(outcome).rejects.toMatchObject({ code: 'ERR_CONFIG_INVALID' })
    await expect(outcome).rejects.toThrow(message)
  })

  test.each([
    [{ token: {} }, '"token"'],
    [{ token: { header: 'a', origins: 'https://a.example' } }, '"token.origins"'],
    [{ token: { cookie: 'a', origins: 'https://a.example/' } }, '"token.origins"'],
    [{ access: null }, '"access"'],
    [{ access: { scope: 'a' } }, '"scope"'],
    [{ acess: {} }, '"acess" is not an option of verifyEvent()'],
    [{ getToken: () => 'a' }, '"getToken"'],
    [{ realm: '' }, '"realm"'],
  ])('the options %j', async (options, name) => {
    await expect(verifyEvent(verifier, {}, options as never)).rejects.toThrow(name)
  })
})
