/**
 * How the kinds of API are recognised by their events.
 */
import { createAuthorizerEvent } from 'jwt-gate/testing'
import { expect, test } from 'vitest'
import { parseAuthorizerRequest } from '../../../src/lambda-authorizer/request/authorizer-request.ts'
import { GATEWAYS } from '../setup.ts'

const ARN = 'arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod/GET/'

test.each(GATEWAYS)('recognises $gateway', ({ gateway }) => {
  const request = parseAuthorizerRequest(createAuthorizerEvent(gateway))

  expect(request.gateway).toBe(gateway)
  expect(request.arn).toMatchObject({ region: 'eu-west-1', apiId: 'a1b2c3d4e5' })
})

test.each<[string, object]>([
  ['its event type', { eventType: 'CONNECT' }],
  ['its connection', { connectionId: 'JJbxmdS9oAMCKMg=' }],
  ['its route', { routeKey: '$connect' }],
])('recognises a WebSocket API by %s alone', (_, requestContext) => {
  const request = parseAuthorizerRequest({ type: 'REQUEST', methodArn: ARN, requestContext })

  expect(request.gateway).toBe('websocket')
})

test('does not mistake an HTTP API for a WebSocket API, whatever its context contains', () => {
  const event = createAuthorizerEvent('http-2.0')
  const requestContext = { ...event.requestContext, routeKey: '$connect' }

  const request = parseAuthorizerRequest({ ...event, requestContext })

  expect(request.gateway).toBe('http-2.0')
})

test('does not mistake an HTTP API for a REST API of serverless-offline, even with its stage in the path', () => {
  const event = createAuthorizerEvent('http-1.0', { stage: 'dev', path: '/orders' })

  const request = parseAuthorizerRequest(event)

  expect(event.path).toBe('/dev/orders')
  expect(request.gateway).toBe('http-1.0')
})

test('recognises an HTTP API of serverless-offline by a path without the stage', () => {
  const requestContext = { stage: 'dev', path: '/h/v1' }

  const request = parseAuthorizerRequest({
    version: '1.0',
    type: 'REQUEST',
    path: '/h/v1',
    requestContext,
  })

  expect(request.gateway).toBe('http-1.0')
})

test('recognises an HTTP API by version 1.0 without a path', () => {
  const request = parseAuthorizerRequest({ version: '1.0', methodArn: ARN, requestContext: {} })

  expect(request.gateway).toBe('http-1.0')
})

test.each<[string, object]>([
  ['a methodArn', { methodArn: ARN }],
  ['a routeArn', { routeArn: ARN, version: '2.0' }],
])('needs no type if the event has %s', (_, event) => {
  const request = parseAuthorizerRequest(event)

  expect(request.arn).toMatchObject({ apiId: 'a1b2c3d4e5', stage: 'prod', request: 'GET/' })
})

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['null', null],
  ['a string', 'event'],
  ['a list', [{ type: 'TOKEN' }]],
  ['an empty object', {}],
  ['the event of a handler', { version: '2.0', rawPath: '/', headers: {} }],
  ['an unknown type', { type: 'OTHER' }],
  ['an unknown version', { type: 'REQUEST', version: '3.0', methodArn: ARN }],
  ['a version of another type', { type: 'REQUEST', version: 2, methodArn: ARN }],
  ['an ARN that is not a string', { methodArn: {} }],
])('rejects %s', (_, event) => {
  expect(() => parseAuthorizerRequest(event)).toThrow(
    expect.objectContaining({
      code: 'ERR_CONFIG_INVALID',
      message: expect.stringContaining('event is not one'),
    }),
  )
})

test('has no ARN if the member is not a string', () => {
  const request = parseAuthorizerRequest({ type: 'REQUEST', methodArn: 7 })

  expect(request.arn).toBeUndefined()
})
