/**
 * The error classes: their members, and how they are recognized across copies of the package.
 */
import { inspect } from 'node:util'
import {
  AccessError,
  ConfigError,
  isJwtGateError,
  JwtGateError,
  KeysError,
  StoreError,
  TokenError,
} from 'jwt-gate'
import { describe, expect, test, vi } from 'vitest'

describe('isJwtGateError', () => {
  test('recognizes the errors of another copy of the package', async () => {
    vi.resetModules()
    const copy = await import('../../src/verify/errors.ts')
    const error = new copy.TokenError('ERR_TOKEN_EXPIRED')

    expect(error).not.toBeInstanceOf(TokenError)
    expect(isJwtGateError(error)).toBe(true)
    expect(copy.isJwtGateError(new TokenError('ERR_TOKEN_EXPIRED'))).toBe(true)
  })

  test.each([
    undefined,
    null,
    'ERR_TOKEN_EXPIRED',
    1,
    {},
    new Error('x'),
    { code: 'ERR_TOKEN_EXPIRED', status: 401, name: 'TokenError' },
    Object.assign(new Error('x'), { code: 'ERR_TOKEN_EXPIRED' }),
  ])('is not fooled by %o', (value) => {
    expect(isJwtGateError(value)).toBe(false)
  })
})

describe.each([
  ['ConfigError', new ConfigError('"x" is wrong')],
  ['TokenError', new TokenError('ERR_TOKEN_EXPIRED')],
  ['AccessError', new AccessError('ERR_ACCESS_SCOPE')],
  ['KeysError', new KeysError('ERR_JWKS_INVALID')],
  ['StoreError', new StoreError('ERR_STORE_UNAVAILABLE')],
])('%s', (name, error) => {
  test('is an Error with a name and a stack', () => {
    expect(error).toBeInstanceOf(JwtGateError)
    expect(error).toBeInstanceOf(Error)
    expect(error.name).toBe(name)
    expect(String(error)).toBe(`${name}: ${error.message}`)
    expect(error.stack).toContain(import.meta.filename)
  })

  test('has no members that were not given', () => {
    const { retryAfterSeconds, ...rest } = error as KeysError

    expect(Object.keys(rest)).toEqual(['code', 'status', 'statusCode', 'expose'])
    expect(Object.keys(error.toJSON())).toEqual(['name', 'code', 'status', 'message'])
    expect(error).not.toHaveProperty('cause')
  })

  test('has a name that can be changed, like that of any error', () => {
    const name = Object.getOwnPropertyDescriptor(error, 'name')

    expect(name).toMatchObject({ configurable: true, enumerable: false, writable: true })
  })
})

test('a cause that is undefined is not printed', () => {
  const error = new KeysError('ERR_JWKS_INVALID', { reason: 'not_json', cause: undefined })

  expect(inspect(error)).not.toContain('cause')
  expect(inspect(new KeysError('ERR_JWKS_INVALID', { cause: new Error('x') }))).toContain('cause')
})

test('the cause can be inspected, and its name, message and code are serialized as JSON', () => {
  const cause = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET', secret: 'x' })
  const error = new KeysError('ERR_JWKS_UNAVAILABLE', { cause, reason: 'network' })

  expect(error.cause).toBe(cause)
  expect(inspect(error)).toContain('socket hang up')
  expect(JSON.parse(JSON.stringify(error)).cause).toEqual({
    name: 'Error',
    message: 'socket hang up',
    code: 'ECONNRESET',
  })
})

test('claim and reason are in the error and in its JSON', () => {
  const error = new TokenError('ERR_CLAIM_MISSING', { claim: 'tenant', reason: 'missing' })

  expect(error).toMatchObject({ claim: 'tenant', reason: 'missing' })
  expect(JSON.parse(JSON.stringify(error))).toMatchObject({ claim: 'tenant', reason: 'missing' })
})

test('only malformed credentials are a bad request', () => {
  expect(new TokenError('ERR_TOKEN_REQUEST').status).toBe(400)
  expect(new TokenError('ERR_TOKEN_MALFORMED').status).toBe(401)
})

test('a KeysError has a delay for the retry', () => {
  expect(new KeysError('ERR_JWKS_UNAVAILABLE').retryAfterSeconds).toBe(1)
  expect(new KeysError('ERR_JWKS_UNAVAILABLE', { retryAfterSeconds: 7 }).retryAfterSeconds).toBe(7)
})

test('an AccessError may include the required scopes', () => {
  expect(new AccessError('ERR_ACCESS_SCOPE', { scopes: ['a'] }).scopes).toEqual(['a'])
})
