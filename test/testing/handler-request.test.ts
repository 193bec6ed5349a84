/**
 * The request in the events that the testing kit creates for handlers, format by format.
 */
import { createHandlerEvent } from 'jwt-gate/testing'
import { expect, test } from 'vitest'

const REQUEST = {
  headers: { 'X-Id': ['1', '2'] },
  cookies: ['a=1'],
  query: { q: ['x', 'y'] },
  method: 'PUT',
  path: '/orders/7',
  resource: '/orders/{id}',
  body: '{}',
}

test.each([
  ['rest-lambda', '/prod/orders/7'],
  ['rest-cognito', '/prod/orders/7'],
  ['http-1.0-lambda', '/orders/7'],
  ['http-1.0-jwt', '/orders/7'],
] as const)('is in format 1.0: %s', (front, path) => {
  const event = createHandlerEvent(front, REQUEST)

  expect(event).toMatchObject({
    resource: '/orders/{id}',
    path: '/orders/7',
    httpMethod: 'PUT',
    headers: { 'X-Id': '2', Cookie: 'a=1' },
    multiValueHeaders: { 'X-Id': ['1', '2'] },
    queryStringParameters: { q: 'y' },
    multiValueQueryStringParameters: { q: ['x', 'y'] },
    pathParameters: { id: '7' },
    stageVariables: null,
    body: '{}',
    isBase64Encoded: false,
    requestContext: { path, resourcePath: '/orders/{id}', httpMethod: 'PUT' },
  })
})

test('has null for missing parts in format 1.0', () => {
  const event = createHandlerEvent('rest-lambda')

  expect(event).toMatchObject({
    body: null,
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
  })
})

test.each(['http-2.0-lambda', 'http-jwt'] as const)('is in format 2.0: %s', (front) => {
  const event = createHandlerEvent(front, REQUEST)

  expect(event).toMatchObject({
    version: '2.0',
    routeKey: 'PUT /orders/{id}',
    rawPath: '/orders/7',
    rawQueryString: 'q=x&q=y',
    cookies: ['a=1'],
    headers: { 'x-id': '1,2' },
    queryStringParameters: { q: 'x,y' },
    pathParameters: { id: '7' },
    body: '{}',
    isBase64Encoded: false,
  })
})

test('omits missing parts in format 2.0', () => {
  const event = createHandlerEvent('http-jwt')

  for (const name of ['cookies', 'queryStringParameters', 'pathParameters', 'body']) {
    expect(event).not.toHaveProperty(name)
  }
})

test('is included in the $connect event of a WebSocket API', () => {
  const event = createHandlerEvent('websocket-lambda', { ...REQUEST, body: undefined })

  expect(event).toMatchObject({
    headers: { 'X-Id': '2', Cookie: 'a=1' },
    multiValueHeaders: { 'X-Id': ['1', '2'] },
    queryStringParameters: { q: 'y' },
    multiValueQueryStringParameters: { q: ['x', 'y'] },
    requestContext: { routeKey: '$connect', eventType: 'CONNECT' },
  })
  expect(event).not.toHaveProperty('body')
})

test('has no query on a WebSocket API if there is none', () => {
  expect(createHandlerEvent('websocket-lambda')).not.toHaveProperty('queryStringParameters')
})

test('is only a body in later messages on a WebSocket API', () => {
  const event = createHandlerEvent('websocket-lambda', { ...REQUEST, routeKey: 'send' })

  expect(event).toMatchObject({
    body: '{}',
    requestContext: { routeKey: 'send', eventType: 'MESSAGE' },
  })
  for (const name of ['headers', 'multiValueHeaders', 'queryStringParameters']) {
    expect(event).not.toHaveProperty(name)
  }
})
