/**
 * The path and the route key that are read from each kind of event.
 */
import { describe, expect, test } from 'vitest'
import { parseAuthorizerRequest } from '../../../src/lambda-authorizer/request/authorizer-request.ts'

const parse = (event: object) => parseAuthorizerRequest({ type: 'REQUEST', ...event })

describe('the route key', () => {
  test.each<[string, object, string[]]>([
    ['format 2.0', { version: '2.0', routeKey: 'GET /a/{id}' }, ['GET /a/{id}']],
    [
      'format 2.0, only in the context',
      { version: '2.0', requestContext: { routeKey: '$default' } },
      ['$default'],
    ],
    ['format 1.0', { version: '1.0', requestContext: { resourceId: 'ANY /a' } }, ['ANY /a']],
    [
      'format 1.0, $default',
      { version: '1.0', requestContext: { resourceId: '$default' } },
      ['$default'],
    ],
    ['a REST API', { resource: '/a/{id}', httpMethod: 'GET' }, ['GET /a/{id}', 'ANY /a/{id}']],
    [
      'a REST API, only in the context',
      { requestContext: { resourcePath: '/a', httpMethod: 'PUT' } },
      ['PUT /a', 'ANY /a'],
    ],
    ['a REST API without a method', { resource: '/a' }, ['ANY /a']],
  ])('is read from an event of %s', (_title, event, keys) => {
    expect(parse(event).routeKeys).toEqual(keys)
  })

  test.each<[string, object]>([
    ['a REST ID', { resourceId: 'abc123' }],
    ['a text without a blank', { resourceId: 'GET/a' }],
    ['a text that only begins like $default', { resourceId: '$defaults' }],
    ['a path without a method', { resourceId: '/a' }],
    ['a value that is not a string', { resourceId: 7 }],
  ])('of format 1.0 is not %s: the resource is used', (_title, requestContext) => {
    const request = parse({ version: '1.0', resource: '/b', httpMethod: 'GET', requestContext })

    expect(request.routeKeys).toEqual(['GET /b', 'ANY /b'])
  })

  test('of format 1.0 is $default if that is the resource', () => {
    const request = parse({ version: '1.0', resource: '$default', httpMethod: 'GET' })

    expect(request.routeKeys).toEqual(['$default'])
  })

  test.each<[string, object]>([
    ['a TOKEN event', { type: 'TOKEN', resource: '/a', httpMethod: 'GET' }],
    ['a WebSocket API', { requestContext: { eventType: 'CONNECT', routeKey: '$connect' } }],
    ['format 2.0 with a key that is not a string', { version: '2.0', routeKey: 7 }],
    ['a REST API with a resource that is not a string', { resource: 7 }],
  ])('is not read from an event of %s', (_title, event) => {
    expect(parse(event).routeKeys).toEqual([])
  })
})

test('the path is read from every member that may have it', () => {
  const requestContext = { path: '/c', http: { path: '/d' } }

  expect(parse({ path: '/a', rawPath: '/b', requestContext }).paths).toEqual([
    '/a',
    '/b',
    '/c',
    '/d',
  ])
  expect(parse({ path: 7, requestContext: { path: null } }).paths).toEqual([])
})

test('the method is read from the member of its kind of event', () => {
  const event = { httpMethod: 'GET', requestContext: { http: { method: 'PUT' } } }

  expect(parse(event).method).toBe('GET')
  expect(parse({ ...event, version: '2.0' }).method).toBe('PUT')
  expect(parse({ httpMethod: 7 }).method).toBeUndefined()
})
