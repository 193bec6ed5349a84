/**
 * Wrong options are rejected at construction, with their name.
 */
import type { Verifier } from 'jwt-gate'
import { type AuthorizerOptions, createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent } from 'jwt-gate/testing'
import { expect, test } from 'vitest'
import { unusedVerifier } from './setup.ts'

test.each<[string, unknown]>([
  ['"options"', null],
  ['"options"', 'simple'],
  ['"options"', []],
  ['"acces"', { acces: {} }],
  ['"access"', { access: { profile: {} } }],
  ['"token"', { token: 'Authorization' }],
  ['"token"', { token: null }],
  ['"token"', { token: {} }],
  ['header, cookie, query, subprotocol', { token: {} }],
  ['"token"', { token: { header: undefined } }],
  ['"body"', { token: { body: 'token' } }],
  ['"token.header"', { token: { header: '' } }],
  ['"token.header"', { token: { header: 7 } }],
  ['"token.header"', { token: { header: 'X Token' } }],
  ['"token.header"', { token: { header: 'X-Token:' } }],
  ['"token.cookie"', { token: { cookie: 'a=b' } }],
  ['"token.cookie"', { token: { cookie: null } }],
  ['"token.query"', { token: { query: '' } }],
  ['"token.query"', { token: { query: ['token'] } }],
  ['"token.subprotocol"', { token: { subprotocol: 'jwt, v1' } }],
  ['"response"', { response: 'iam' }],
  ['"response"', { response: null }],
  ['"unauthorized"', { unauthorized: 401 }],
  ['"unauthorized"', { unauthorized: true }],
  ['"context"', { context: {} }],
  ['"context"', { context: null }],
  ['"principalId"', { principalId: 'sub' }],
  ['"onEvent"', { onEvent: 'log' }],
])('names %s in the error for %j', (name, options) => {
  expect(() => createAuthorizer(unusedVerifier, options as AuthorizerOptions)).toThrow(
    expect.objectContaining({
      code: 'ERR_CONFIG_INVALID',
      message: expect.stringContaining(name),
    }),
  )
})

test.each([
  undefined,
  null,
  {},
  { verify: () => undefined },
  { settled: () => undefined },
  'verifier',
])('rejects %j as a verifier', (verifier) => {
  expect(() => createAuthorizer(verifier as unknown as Verifier)).toThrow(
    expect.objectContaining({
      code: 'ERR_CONFIG_INVALID',
      message: expect.stringContaining('"verifier"'),
    }),
  )
})

test.each<AuthorizerOptions>([
  {},
  { token: undefined, response: undefined, unauthorized: undefined },
  { context: undefined, principalId: undefined, onEvent: undefined },
  {
    token: {
      header: 'X-Token',
      cookie: '__Host-session',
      query: 'access token',
      subprotocol: 'jwt.v1',
    },
  },
])('accepts %j', (options) => {
  expect(createAuthorizer(unusedVerifier, options)).toBeTypeOf('function')
})

test('reads options only at construction', async () => {
  const options = { unauthorized: 'deny' as 'deny' | 'throw', token: { header: 'Authorization' } }
  const handler = createAuthorizer(unusedVerifier, options)
  options.unauthorized = 'throw'
  options.token.header = 'X-Token'
  const headers = { 'X-Token': 'abc' }

  const result = await handler(createAuthorizerEvent('rest-request', { headers }))

  expect(result.policyDocument.Statement[0]?.Effect).toBe('Deny')
})

test('creates a handler with one parameter, without a callback', () => {
  expect(createAuthorizer(unusedVerifier)).toHaveLength(1)
})
