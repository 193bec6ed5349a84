/**
 * How the headers, the query and the cookies of events are read.
 */
import { describe, expect, test } from 'vitest'
import { parseAuthorizerRequest } from '../../../src/lambda-authorizer/request/authorizer-request.ts'

const ARN = 'arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod/GET/'

describe('headers', () => {
  const read = (event: object, name = 'authorization'): readonly string[] =>
    parseAuthorizerRequest({ type: 'REQUEST', methodArn: ARN, ...event }).headerValues(name)

  test.each(['Authorization', 'authorization', 'AUTHORIZATION'])('reads %s', (name) => {
    expect(read({ headers: { Host: 'x', [name]: 'Bearer a' } })).toEqual(['Bearer a'])
  })

  test('reads all values, not only the last one', () => {
    const values = read({
      headers: { Authorization: 'Bearer b' },
      multiValueHeaders: { Authorization: ['Bearer a', 'Bearer b'] },
    })

    expect(values).toEqual(['Bearer a', 'Bearer b'])
  })

  test('treats names that differ only in case as the same', () => {
    const values = read({ headers: { Authorization: 'Bearer a', authorization: 'Bearer b' } })

    expect(values).toEqual(['Bearer a', 'Bearer b'])
  })

  test.each<[string, object]>([
    ['multi-value headers alone', { multiValueHeaders: { Authorization: ['Bearer a'] } }],
    [
      'null headers beside them',
      { headers: null, multiValueHeaders: { authorization: ['Bearer a'] } },
    ],
    ['single headers alone', { headers: { Authorization: 'Bearer a' }, multiValueHeaders: null }],
    [
      'empty multi-value headers',
      { headers: { Authorization: 'Bearer a' }, multiValueHeaders: {} },
    ],
    ['a list among single headers', { headers: { Authorization: ['Bearer a'] } }],
    ['a list with other values in it', { headers: { Authorization: [null, 'Bearer a', 7] } }],
  ])('reads %s', (_, event) => {
    expect(read(event)).toEqual(['Bearer a'])
  })

  test.each<[string, object]>([
    ['no headers', {}],
    ['null', { headers: null, multiValueHeaders: null }],
    ['a list', { headers: ['Authorization', 'Bearer a'] }],
    ['a string', { headers: 'Authorization: Bearer a' }],
    ['a null value', { headers: { Authorization: null } }],
    ['an object as value', { headers: { Authorization: { toString: 'Bearer a' } } }],
  ])('finds nothing in %s', (_, event) => {
    expect(read(event)).toEqual([])
  })

  test('finds nothing in a prototype', () => {
    const headers: unknown = JSON.parse('{"__proto__":{"authorization":"Bearer a"}}')

    expect(read({ headers })).toEqual([])
    expect(read({ headers: Object.create({ authorization: 'Bearer a' }) })).toEqual([])
    expect(read({ headers: {} }, 'constructor')).toEqual([])
  })

  test('finds the authorization token of a TOKEN event under any name, and no other header', () => {
    const request = parseAuthorizerRequest({
      type: 'TOKEN',
      authorizationToken: 'Bearer a',
      headers: { Authorization: 'Bearer b' },
    })

    expect(request.headerValues('x-token')).toEqual(['Bearer a'])
  })

  test.each([undefined, null, 7, ['Bearer a']])(
    'finds no header in a TOKEN event with the token %j',
    (authorizationToken) => {
      const request = parseAuthorizerRequest({ type: 'TOKEN', authorizationToken })

      expect(request.headerValues('authorization')).toEqual([])
    },
  )
})

describe('the query', () => {
  const read = (event: object): readonly string[] =>
    parseAuthorizerRequest({ type: 'REQUEST', ...event }).queryValues('token')

  test('reads all values', () => {
    const values = read({
      queryStringParameters: { token: 'b' },
      multiValueQueryStringParameters: { token: ['a', 'b'] },
    })

    expect(values).toEqual(['a', 'b'])
  })

  test('reads single values if there are no multiple ones', () => {
    expect(read({ queryStringParameters: { token: 'a' } })).toEqual(['a'])
  })

  test('distinguishes names by case', () => {
    expect(read({ queryStringParameters: { Token: 'a' } })).toEqual([])
  })

  test('finds nothing in null', () => {
    expect(read({ queryStringParameters: null, multiValueQueryStringParameters: null })).toEqual([])
  })
})

describe('cookies', () => {
  const read = (event: object): readonly string[] =>
    parseAuthorizerRequest({ type: 'REQUEST', ...event }).cookies

  test.each<[string, object]>([
    ['cookies outside of the headers', { cookies: ['a=1', 'b=2'], headers: { cookie: 'c=3' } }],
    ['cookies among other values', { cookies: ['a=1', null, 'b=2'] }],
    ['two headers', { multiValueHeaders: { Cookie: ['a=1', 'b=2'] } }],
  ])('reads %s', (_, event) => {
    expect(read(event)).toEqual(['a=1', 'b=2'])
  })

  test.each<[string, object]>([
    ['an empty list', { cookies: [], headers: { Cookie: 'a=1; b=2' } }],
    ['a value that is not a list', { cookies: 'c=3', headers: { Cookie: 'a=1; b=2' } }],
  ])('reads the header if there is also %s', (_, event) => {
    expect(read(event)).toEqual(['a=1; b=2'])
  })
})
