/**
 * Options and kinds of events that the testing kit does not have: an error that names the option, in JavaScript, too.
 */
import { ConfigError } from 'jwt-gate'
import {
  createAuthorizerEvent,
  createHandlerEvent,
  createTestIssuer,
  createTestLoadBalancer,
} from 'jwt-gate/testing'
import { expect, test } from 'vitest'

const issuer = await createTestIssuer()
const loadBalancer = await createTestLoadBalancer()
const BAD = { accessToken: 'a' } as never

test.each<[string, string, () => unknown]>([
  ['createTestIssuer', 'options', () => createTestIssuer(BAD)],
  ['token', 'options', () => issuer.token({}, BAD)],
  ['createTestLoadBalancer', 'options', () => createTestLoadBalancer(BAD)],
  ['token of a load balancer', 'options', () => loadBalancer.token({}, BAD)],
  ['createAuthorizerEvent', 'request', () => createAuthorizerEvent('rest-request', BAD)],
  ['createHandlerEvent', 'request', () => createHandlerEvent('rest-lambda', BAD)],
])('%s rejects an option that it does not have', async (_name, owner, call) => {
  const outcome = Promise.resolve().then(call)

  await expect(outcome).rejects.toThrow(ConfigError)
  await expect(outcome).rejects.toThrow(`"accessToken" is not an option of "${owner}", which has: `)
})

test('an option by another name gets the name here', async () => {
  await expect(createTestIssuer({ userPoolID: 'eu-west-1_A' } as never)).rejects.toThrow(
    'Use "userPoolId"',
  )
})

test('an authorizer event has no result of an authorizer', () => {
  expect(() => createAuthorizerEvent('rest-request', { claims: { sub: 'a' } } as never)).toThrow(
    '"claims" is not an option of "request"',
  )
})

test('one request may be that of both events', () => {
  const request = { path: '/orders', body: '{}', identitySources: ['$context.routeKey'] }

  expect(createAuthorizerEvent('http-2.0', request).rawPath).toBe('/orders')
  expect(createHandlerEvent('http-2.0-lambda', request).body).toBe('{}')
})

test.each([
  { principalId: 'alice', policyDocument: {}, context: { a: 'b' }, usageIdentifierKey: 'k' },
  { isAuthorized: true, context: { a: 'b' } },
])('the whole result of an authorizer may be passed on: %j', (result) => {
  const { authorizer } = createHandlerEvent('rest-lambda', result).requestContext

  expect(authorizer).toMatchObject({ a: 'b' })
})

test.each(['rest', 'toString', undefined])('an unknown kind of event is rejected: %s', (kind) => {
  expect(() => createAuthorizerEvent(kind as never)).toThrow(
    '"gateway" must be one of "rest-request", "rest-token", "http-1.0", "http-2.0", "websocket", "appsync-graphql", "appsync-events"',
  )
  const front = kind === 'rest' ? 'rest-token' : kind
  expect(() => createHandlerEvent(front as never)).toThrow(
    '"front" must be one of "rest-lambda", "http-1.0-lambda", ',
  )
})

test('an unknown failure is rejected', () => {
  expect(() => issuer.fail('timeout' as never)).toThrow(
    '"failure" must be one of "down", "slow", "garbage", "empty", null',
  )
})
