/**
 * Events of any shape: none is ever allowed, and each error has one of two fixed messages.
 */

import fc from 'fast-check'
import { cognito, createVerifier } from 'jwt-gate'
import { createAuthorizer, type TokenSource } from 'jwt-gate/lambda-authorizer'
import { createTestIssuer } from 'jwt-gate/testing'
import { expect, test } from 'vitest'
import { now } from './setup.ts'

const issuer = await createTestIssuer({ now })
const stranger = await createTestIssuer({ now })
const { userPoolId, clientId, jwks } = issuer
const verifier = createVerifier(cognito({ userPoolId, clientId, tokenUse: 'access', jwks }), {
  now,
})

const BAD_TOKENS = [
  '',
  'abc',
  'a.b.c',
  await issuer.idToken(),
  await issuer.accessToken({ exp: 1 }),
  await issuer.accessToken({ iss: 'https://idp.example' }),
  await issuer.accessToken({ sub: { toString: 'alice' } }),
  await stranger.accessToken(),
]
const SOURCES: TokenSource[] = [
  { header: 'Authorization' },
  { header: 'X-Token' },
  { cookie: 'token' },
  { query: 'token' },
  { subprotocol: 'jwt' },
  { header: 'Authorization', cookie: 'token', query: 'token', subprotocol: 'jwt' },
]

const token = fc.constantFrom(...BAD_TOKENS)
const text = fc.oneof(
  token,
  token.map((one) => `Bearer ${one}`),
  token.map((one) => `jwt, ${one}`),
  token.map((one) => `token=${one}; a=b`),
  fc.string(),
)
const value = fc.oneof(text, fc.array(text), fc.constant(null), fc.jsonValue())
const name = fc.constantFrom(
  'Authorization',
  'authorization',
  'X-Token',
  'Cookie',
  'token',
  'jwt',
  'Sec-WebSocket-Protocol',
  '__proto__',
)
const map = fc.oneof(fc.dictionary(name, value), fc.constant(null), fc.jsonValue())
const arn = fc.oneof(
  fc.constantFrom(
    'arn:aws:execute-api:us-east-1:123456789012:abcdef123/test/GET/a',
    'arn:aws:execute-api:us-east-1:123456789012:abcdef123/*/GET/*',
  ),
  fc.jsonValue(),
)
const requestContext = fc.oneof(
  fc.record(
    {
      routeKey: fc.constantFrom('$connect', '$default', 'GET /a'),
      eventType: fc.constantFrom('CONNECT', 'MESSAGE'),
      connectionId: value,
      stage: fc.constantFrom('test', '$default', null),
      identity: map,
    },
    { requiredKeys: [] },
  ),
  fc.jsonValue(),
)
const event = fc.oneof(
  { arbitrary: fc.jsonValue(), weight: 1 },
  {
    arbitrary: fc.record(
      {
        type: fc.oneof(fc.constantFrom('REQUEST', 'TOKEN'), fc.jsonValue()),
        version: fc.oneof(fc.constantFrom('1.0', '2.0'), fc.jsonValue()),
        methodArn: arn,
        routeArn: arn,
        authorizationToken: value,
        headers: map,
        multiValueHeaders: map,
        queryStringParameters: map,
        multiValueQueryStringParameters: map,
        cookies: value,
        path: value,
        requestContext,
      },
      { requiredKeys: [] },
    ),
    weight: 9,
  },
)

test.each(['policy', 'simple'] as const)('is never allowed by a %s result', async (response) => {
  const handlers = SOURCES.map((source) => createAuthorizer(verifier, { token: source, response }))

  await fc.assert(
    fc.asyncProperty(event, fc.constantFrom(...handlers), async (one, handler) => {
      const outcome = await handler(one).then(
        (result) => ('isAuthorized' in result ? result.isAuthorized : effectOf(result)),
        (error: Error) => error.message,
      )

      expect([
        false,
        'Deny',
        'Unauthorized',
        'The authorizer could not decide (ERR_CONFIG_INVALID)',
      ]).toContain(outcome)
    }),
    { numRuns: 2_000 },
  )
})

function effectOf(result: object): unknown {
  const { policyDocument } = result as { policyDocument: { Statement: { Effect: string }[] } }
  return policyDocument.Statement.map(({ Effect }) => Effect).join()
}
