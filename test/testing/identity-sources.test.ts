/**
 * The identity sources in the authorizer events that the testing kit makes for HTTP APIs.
 */
import { ConfigError, cognito, createVerifier } from 'jwt-gate'
import { createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'

const REQUEST = {
  token: 'abc',
  headers: { 'X-Id': ['1', '2'] },
  cookies: ['a=1', 'b=2'],
  query: { q: ['x', 'y'] },
  method: 'POST',
  path: '/orders/7',
  resource: '/orders/{id}',
  stage: 'dev',
}

test.each([
  [
    ['$request.header.Authorization', '$context.routeKey'],
    ['Bearer abc', 'POST /orders/{id}'],
  ],
  [['$request.header.x-id'], ['1,2']],
  [['$request.header.Cookie'], ['a=1; b=2']],
  [['$request.querystring.q'], ['x,y']],
  [
    ['$context.httpMethod', '$context.path', '$context.stage'],
    ['POST', '/dev/orders/7', 'dev'],
  ],
  [[], []],
])('%j are shown by their values', (identitySources, values) => {
  const request = { ...REQUEST, identitySources }

  expect(createAuthorizerEvent('http-2.0', request).identitySource).toEqual(values)
  expect(createAuthorizerEvent('http-1.0', request)).toMatchObject({
    identitySource: values.join(','),
    authorizationToken: values.join(','),
  })
})

test.each(['rest-request', 'rest-token', 'websocket'] as const)(
  'the event of another API shows none: %s',
  (gateway) => {
    const event = createAuthorizerEvent(gateway, {
      ...REQUEST,
      identitySources: ['$context.routeKey'],
    })

    expect(event).toEqual(createAuthorizerEvent(gateway, REQUEST))
  },
)

test.each(['$request.header.X-Tenant', '$request.querystring.tenant', '$request.header.Cookie'])(
  'without %s, API Gateway would not call the authorizer',
  (source) => {
    const request = { token: 'abc', identitySources: ['$request.header.Authorization', source] }

    expect(() => createAuthorizerEvent('http-2.0', request)).toThrow(
      `API Gateway returns 401 and does not call the authorizer: the request lacks ${source}`,
    )
  },
)

test.each([
  'Authorization',
  'method.request.header.Authorization',
  '$context.toString',
  '$context.authorizer.sub',
  '$request.header.',
  7,
])('%s is no identity source of an HTTP API', (source) => {
  const identitySources = [source] as string[]

  expect(() => createAuthorizerEvent('http-1.0', { identitySources })).toThrow(ConfigError)
  expect(() => createAuthorizerEvent('http-2.0', { identitySources })).toThrow(
    '"identitySources" must be a list of $request.header.NAME, $request.querystring.NAME, $context.routeKey, $context.httpMethod, $context.path, $context.stage',
  )
})

test('a text is no list', () => {
  const identitySources = '$context.routeKey' as never

  expect(() => createAuthorizerEvent('http-2.0', { identitySources })).toThrow(
    '"identitySources" must be a list',
  )
})

describe('a simple response with a route map', () => {
  test('is decided for the route of the event', async () => {
    const issuer = await createTestIssuer()
    const { userPoolId, clientId, fetch } = issuer
    const verifier = createVerifier(cognito({ userPoolId, clientId, tokenUse: 'access' }), {
      fetch,
    })
    const authorizer = createAuthorizer(verifier, {
      response: 'simple',
      access: { 'GET /orders': {}, 'POST /orders': { scopes: ['orders/write'] } },
    })
    const request = {
      path: '/orders',
      token: await issuer.accessToken(),
      identitySources: ['$request.header.Authorization', '$context.routeKey'],
    }
    const ask = (method: string) =>
      authorizer(createAuthorizerEvent('http-2.0', { ...request, method }))

    expect(await ask('GET')).toMatchObject({ isAuthorized: true })
    expect(await ask('POST')).toMatchObject({ isAuthorized: false })
  })
})
