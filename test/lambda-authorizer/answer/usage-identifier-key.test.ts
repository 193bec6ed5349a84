/**
 * The `usageIdentifierKey` of a policy, by which a usage plan counts the caller.
 */
import {
  type AuthorizerGateway,
  type AuthorizerOptions,
  createAuthorizer,
} from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { expect, test } from 'vitest'
import { createTestVerifier, now } from '../setup.ts'

const issuer = await createTestIssuer({ now })
const verifier = createTestVerifier(issuer)
const token = await issuer.accessToken({ 'custom:plan': 'gold' })

function call(
  usageIdentifierKey: AuthorizerOptions['usageIdentifierKey'],
  gateway: AuthorizerGateway = 'rest-request',
  options: Pick<AuthorizerOptions, 'access' | 'policy'> = {},
) {
  const handler = createAuthorizer(verifier, { ...options, usageIdentifierKey } as object)
  return handler(createAuthorizerEvent(gateway, { token, path: '/orders' }))
}

test.each<[AuthorizerGateway, string | undefined]>([
  ['rest-request', 'key-of-gold'],
  ['rest-token', 'key-of-gold'],
  ['websocket', 'key-of-gold'],
  ['http-1.0', undefined],
  ['http-2.0', undefined],
])('on %s is %s', async (gateway, key) => {
  const result = await call(({ claims }) => `key-of-${claims['custom:plan']}`, gateway)

  expect(result.usageIdentifierKey).toBe(key)
  expect('usageIdentifierKey' in result).toBe(key !== undefined)
})

test('is in the policy of a route map, and in one for the request', async () => {
  const access = { 'GET /orders': {} }
  for (const options of [{ access }, { policy: 'request' as const }]) {
    expect(await call(() => 'plan', 'rest-request', options)).toHaveProperty(
      'usageIdentifierKey',
      'plan',
    )
  }
})

test('is left out if the function returns undefined, and without a function', async () => {
  expect(await call(() => undefined)).not.toHaveProperty('usageIdentifierKey')
  expect(await call(undefined)).not.toHaveProperty('usageIdentifierKey')
})

test('is never read for a rejected token', async () => {
  const handler = createAuthorizer(verifier, {
    unauthorized: 'deny',
    usageIdentifierKey: () => 'plan',
  })
  const expired = await issuer.accessToken({ exp: 1 })

  const result = await handler(createAuthorizerEvent('rest-request', { token: expired }))

  expect(result).not.toHaveProperty('usageIdentifierKey')
})

test.each<[string, () => unknown]>([
  ['null', () => null],
  ['an empty string', () => ''],
  ['a number', () => 7],
  ['an object', () => ({})],
  ['a promise', () => Promise.resolve('a')],
  ['a promise that rejects', () => Promise.reject(new Error('late'))],
])('is never %s: the handler fails', async (_, given) => {
  await expect(call(given as never)).rejects.toMatchObject({
    message: 'The authorizer could not decide (ERR_CONFIG_INVALID)',
    cause: { message: '"usageIdentifierKey" must return a non-empty string' },
  })
})

test('counts towards the size of the result', async () => {
  const result = await call(() => 'x'.repeat(7_500))

  expect(JSON.stringify(result).length).toBeLessThanOrEqual(8_192)
  expect(result.context).toHaveProperty('jwtPartial', true)
})

test.each([
  [{ usageIdentifierKey: 'key' }, '"usageIdentifierKey" must be a function'],
  [{ usageIdentifierKey: () => 'a', response: 'simple' }, '"usageIdentifierKey" is for policies'],
])('rejects the options %j', (options, message) => {
  expect(() => createAuthorizer(verifier, options as never)).toThrow(message)
})
