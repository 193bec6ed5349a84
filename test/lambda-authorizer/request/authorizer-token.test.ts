/**
 * The `token` option: the places of the token.
 */
import { createAuthorizer, type TokenSource } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer, type TestRequest } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { createTestVerifier, now } from '../setup.ts'

const issuer = await createTestIssuer({ now })
const verifier = createTestVerifier(issuer)
const good = await issuer.accessToken()
const ANY_HEADER = ['rest-request', 'http-1.0', 'http-2.0', 'websocket'] as const

const ACCEPTED: readonly (readonly [string, TokenSource | undefined, TestRequest])[] = [
  ['the Authorization header', undefined, { token: good }],
  ['a scheme in lower case', undefined, { headers: { authorization: `bearer  ${good}` } }],
  ['the Authorization header in any case', { header: 'AUTHORIZATION' }, { token: good }],
  ['another header with only the token', { header: 'X-Token' }, { headers: { 'x-token': good } }],
  [
    'another header with the scheme',
    { header: 'x-token' },
    { headers: { 'X-TOKEN': `Bearer ${good}` } },
  ],
  [
    'another header with more blanks after the scheme',
    { header: 'x-token' },
    { headers: { 'X-Token': `bearer  ${good}` } },
  ],
  [
    'the Authorization header without a scheme, if the option says so',
    { header: 'Authorization', scheme: null },
    { headers: { Authorization: good } },
  ],
  [
    'the Authorization header with the scheme, if it need not have one',
    { header: 'authorization', scheme: null },
    { token: good },
  ],
  [
    'another header with the option',
    { header: 'x-token', scheme: null },
    {
      headers: { 'X-Token': good },
    },
  ],
  ['a cookie', { cookie: 'session' }, { cookies: ['a=1', `session=${good}`] }],
  ['the query', { query: 'token' }, { query: { token: good } }],
  [
    'a subprotocol',
    { subprotocol: 'jwt' },
    { headers: { 'Sec-WebSocket-Protocol': `jwt, ${good}` } },
  ],
  [
    'a subprotocol among others',
    { subprotocol: 'jwt' },
    { headers: { 'Sec-WebSocket-Protocol': `chat,jwt,${good},v2` } },
  ],
  [
    'a subprotocol in two headers',
    { subprotocol: 'jwt' },
    { headers: { 'Sec-WebSocket-Protocol': ['chat, jwt', good] } },
  ],
  [
    'the one used place of several',
    { header: 'Authorization', cookie: 'session' },
    { cookies: [`session=${good}`] },
  ],
  [
    'a configured place, and not the others',
    { cookie: 'session' },
    { query: { token: 'other' }, cookies: [`session=${good}`] },
  ],
  [
    'a cookie if the header is empty',
    { header: 'Authorization', cookie: 'session' },
    { headers: { Authorization: '' }, cookies: [`session=${good}`] },
  ],
]

describe.each(ANY_HEADER)('%s', (gateway) => {
  test.each(ACCEPTED)('reads the token from %s', async (_, token, request) => {
    const handler = createAuthorizer(verifier, { token })

    const result = await handler(createAuthorizerEvent(gateway, request))

    expect(result.principalId).toBe('1d3f7a52-9b6c-4f0e-8a41-c2b5d7e90f13')
  })
})

describe('rest-token', () => {
  test.each<[string, TokenSource | undefined, string]>([
    ['the bearer token', undefined, `Bearer ${good}`],
    ['only the token if another header is the source', { header: 'X-Token' }, good],
    ['a cookie if the Cookie header is the source', { cookie: 'session' }, `a=1; session=${good}`],
  ])('accepts %s', async (_, token, authorizationToken) => {
    const handler = createAuthorizer(verifier, { token })

    const result = await handler({ ...createAuthorizerEvent('rest-token'), authorizationToken })

    expect(result.principalId).toBe('1d3f7a52-9b6c-4f0e-8a41-c2b5d7e90f13')
  })
})
