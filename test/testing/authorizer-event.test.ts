/**
 * The events that the testing kit makes for authorizers, member by member as AWS documents them.
 */
import { createAuthorizerEvent } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'

const ARN = 'arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5'
const REQUEST = {
  token: 'abc',
  headers: { 'X-Id': ['1', '2'] },
  cookies: ['a=1', 'b=2'],
  query: { q: ['x y', 'z'], r: '1' },
  method: 'POST',
  path: '/orders/7/items/a/b',
  resource: '/orders/{order-id}/items/{proxy+}',
}

test('a REST API’s TOKEN event has three members', () => {
  const event = createAuthorizerEvent('rest-token', REQUEST)

  expect(event).toEqual({
    type: 'TOKEN',
    methodArn: `${ARN}/prod/POST/orders/7/items/a/b`,
    authorizationToken: 'Bearer abc',
  })
})

test('a REST API’s REQUEST event keeps the case of headers and includes all values', () => {
  const event = createAuthorizerEvent('rest-request', REQUEST)

  expect(event).toEqual({
    type: 'REQUEST',
    methodArn: `${ARN}/prod/POST/orders/7/items/a/b`,
    resource: '/orders/{order-id}/items/{proxy+}',
    path: '/orders/7/items/a/b',
    httpMethod: 'POST',
    headers: {
      Host: 'a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com',
      Authorization: 'Bearer abc',
      'X-Id': '2',
      Cookie: 'a=1; b=2',
    },
    multiValueHeaders: {
      Host: ['a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com'],
      Authorization: ['Bearer abc'],
      'X-Id': ['1', '2'],
      Cookie: ['a=1; b=2'],
    },
    queryStringParameters: { q: 'z', r: '1' },
    multiValueQueryStringParameters: { q: ['x y', 'z'], r: ['1'] },
    pathParameters: { 'order-id': '7', proxy: 'a/b' },
    stageVariables: {},
    requestContext: expect.objectContaining({
      accountId: '123456789012',
      apiId: 'a1b2c3d4e5',
      httpMethod: 'POST',
      path: '/prod/orders/7/items/a/b',
      resourcePath: '/orders/{order-id}/items/{proxy+}',
      stage: 'prod',
      identity: expect.objectContaining({ sourceIp: '192.0.2.1', clientCert: null }),
    }),
  })
})

test('a REST API’s event has no version, which only HTTP APIs have', () => {
  expect(createAuthorizerEvent('rest-request')).not.toHaveProperty('version')
})

test('an HTTP API’s event in format 1.0 also has a version and its identity source', () => {
  const event = createAuthorizerEvent('http-1.0', REQUEST)

  expect(event).toMatchObject({
    version: '1.0',
    type: 'REQUEST',
    methodArn: `${ARN}/$default/POST/orders/7/items/a/b`,
    identitySource: 'Bearer abc',
    authorizationToken: 'Bearer abc',
    path: '/orders/7/items/a/b',
    requestContext: {
      stage: '$default',
      path: '/orders/7/items/a/b',
      identity: { sourceIp: '192.0.2.1' },
    },
  })
})

test('an HTTP API’s event in format 2.0 joins values with commas and separates cookies', () => {
  const event = createAuthorizerEvent('http-2.0', REQUEST)

  expect(event).toEqual({
    version: '2.0',
    type: 'REQUEST',
    routeArn: `${ARN}/$default/POST/orders/7/items/a/b`,
    identitySource: ['Bearer abc'],
    routeKey: 'POST /orders/{order-id}/items/{proxy+}',
    rawPath: '/orders/7/items/a/b',
    rawQueryString: 'q=x+y&q=z&r=1',
    cookies: ['a=1', 'b=2'],
    headers: {
      host: 'a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com',
      authorization: 'Bearer abc',
      'x-id': '1,2',
    },
    queryStringParameters: { q: 'x y,z', r: '1' },
    pathParameters: { 'order-id': '7', proxy: 'a/b' },
    stageVariables: {},
    requestContext: expect.objectContaining({
      accountId: '123456789012',
      apiId: 'a1b2c3d4e5',
      routeKey: 'POST /orders/{order-id}/items/{proxy+}',
      stage: '$default',
      http: expect.objectContaining({ method: 'POST', path: '/orders/7/items/a/b' }),
    }),
  })
})

test('an HTTP API’s event in format 2.0 has no cookies and no query if none were sent', () => {
  const event = createAuthorizerEvent('http-2.0')

  expect(event).not.toHaveProperty('cookies')
  expect(event).not.toHaveProperty('queryStringParameters')
  expect(event).toMatchObject({ identitySource: [], rawQueryString: '', rawPath: '/' })
})

test.each([
  ['http-1.0', 'path'],
  ['http-2.0', 'rawPath'],
] as const)(
  'the path of an HTTP API includes a stage other than the default one: %s',
  (gateway, name) => {
    const event = createAuthorizerEvent(gateway, { path: '/orders', stage: 'dev' })

    expect(event).toHaveProperty(name, '/dev/orders')
    expect(JSON.stringify(event)).toContain(`${ARN}/dev/GET/orders`)
  },
)

test('a WebSocket API’s event has no path and no method', () => {
  const event = createAuthorizerEvent('websocket', { ...REQUEST, routeKey: 'send' })

  expect(event).toEqual({
    type: 'REQUEST',
    methodArn: `${ARN}/prod/$connect`,
    headers: expect.objectContaining({ Authorization: 'Bearer abc', Cookie: 'a=1; b=2' }),
    multiValueHeaders: expect.objectContaining({ 'X-Id': ['1', '2'] }),
    queryStringParameters: { q: 'z', r: '1' },
    multiValueQueryStringParameters: { q: ['x y', 'z'], r: ['1'] },
    stageVariables: {},
    requestContext: expect.objectContaining({
      routeKey: '$connect',
      eventType: 'CONNECT',
      messageDirection: 'IN',
      connectionId: expect.any(String),
      stage: 'prod',
    }),
  })
})

describe('the token', () => {
  test.each(['rest-request', 'http-1.0', 'http-2.0', 'websocket'] as const)(
    'is added to another Authorization header of the test: %s',
    (gateway) => {
      const event = createAuthorizerEvent(gateway, {
        token: 'abc',
        headers: { Authorization: 'Bearer def' },
      })

      expect(JSON.stringify(event)).toMatch(/Bearer abc(?:","|,)Bearer def/)
    },
  )

  test('is missing in the event if there is none', () => {
    const event = createAuthorizerEvent('rest-request')

    expect(event.headers).not.toHaveProperty('Authorization')
  })

  test('of a TOKEN event is empty if there is none', () => {
    expect(createAuthorizerEvent('rest-token').authorizationToken).toBe('')
  })
})
