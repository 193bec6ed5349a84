/**
 * Requests without a token in a configured place, with several tokens, or with a malformed one. The verifier is never called.
 */
import {
  type AuthorizerGateway,
  createAuthorizer,
  type TokenSource,
} from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer, type TestRequest } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { now, unusedVerifier } from '../setup.ts'

const issuer = await createTestIssuer({ now })
const good = await issuer.accessToken()
const ANY_HEADER = ['rest-request', 'http-1.0', 'http-2.0', 'websocket'] as const

const REFUSED: readonly (readonly [string, TokenSource | undefined, TestRequest, string])[] = [
  ['no header', undefined, {}, 'ERR_TOKEN_MISSING'],
  ['an empty header', undefined, { headers: { Authorization: '' } }, 'ERR_TOKEN_MISSING'],
  [
    'the token in a place that is not configured',
    undefined,
    { query: { access_token: good }, cookies: [`session=${good}`] },
    'ERR_TOKEN_MISSING',
  ],
  [
    'the Authorization header if another one is configured',
    { header: 'X-Token' },
    { token: good },
    'ERR_TOKEN_MISSING',
  ],
  [
    'the Authorization header without a scheme',
    undefined,
    { headers: { Authorization: good } },
    'ERR_TOKEN_MISSING',
  ],
  [
    'a repeated Authorization header',
    undefined,
    { headers: { Authorization: [`Bearer ${good}`, `Bearer ${good}`] } },
    'ERR_TOKEN_REQUEST',
  ],
  [
    'an empty other header',
    { header: 'X-Token' },
    { headers: { 'X-Token': '' } },
    'ERR_TOKEN_MISSING',
  ],
  [
    'a repeated other header',
    { header: 'X-Token' },
    { headers: { 'X-Token': [good, good] } },
    'ERR_TOKEN_REQUEST',
  ],
  [
    'another scheme in another header',
    { header: 'X-Token' },
    { headers: { 'X-Token': `Basic ${good}` } },
    'ERR_TOKEN_REQUEST',
  ],
  [
    'a repeated query parameter',
    { query: 'token' },
    { query: { token: [good, good] } },
    'ERR_TOKEN_REQUEST',
  ],
  ['an empty query parameter', { query: 'token' }, { query: { token: '' } }, 'ERR_TOKEN_MISSING'],
  [
    'a query parameter with a scheme',
    { query: 'token' },
    { query: { token: `Bearer ${good}` } },
    'ERR_TOKEN_REQUEST',
  ],
  [
    'a repeated cookie',
    { cookie: 'session' },
    { cookies: [`session=${good}`, `session=${good}`] },
    'ERR_TOKEN_REQUEST',
  ],
  ['another cookie', { cookie: 'session' }, { cookies: [`xsession=${good}`] }, 'ERR_TOKEN_MISSING'],
  [
    'a header and a cookie',
    { header: 'Authorization', cookie: 'session' },
    { token: good, cookies: [`session=${good}`] },
    'ERR_TOKEN_REQUEST',
  ],
  [
    'other credentials and the cookie if both places are configured',
    { header: 'Authorization', cookie: 'session' },
    { headers: { Authorization: 'Basic YTpi' }, cookies: [`session=${good}`] },
    'ERR_TOKEN_REQUEST',
  ],
  [
    'only other credentials if a cookie is configured, too',
    { header: 'Authorization', cookie: 'session' },
    { headers: { Authorization: 'Basic YTpi' } },
    'ERR_TOKEN_REQUEST',
  ],
  [
    'a cookie with characters that no token contains',
    { cookie: 'session' },
    { cookies: [`session=${good}\xa0`] },
    'ERR_TOKEN_REQUEST',
  ],
  [
    'a header and the query',
    { header: 'Authorization', query: 'token' },
    { token: good, query: { token: good } },
    'ERR_TOKEN_REQUEST',
  ],
  [
    'other subprotocols',
    { subprotocol: 'jwt' },
    { headers: { 'Sec-WebSocket-Protocol': `chat, ${good}` } },
    'ERR_TOKEN_MISSING',
  ],
  [
    'a subprotocol after Unicode white space, which is another subprotocol',
    { subprotocol: 'jwt' },
    { headers: { 'Sec-WebSocket-Protocol': `\xa0jwt, ${good}` } },
    'ERR_TOKEN_MISSING',
  ],
  [
    'a subprotocol with nothing after it',
    { subprotocol: 'jwt' },
    { headers: { 'Sec-WebSocket-Protocol': 'chat, jwt' } },
    'ERR_TOKEN_REQUEST',
  ],
  [
    'a subprotocol with another entry before the token',
    { subprotocol: 'jwt' },
    { headers: { 'Sec-WebSocket-Protocol': `jwt, {}, ${good}` } },
    'ERR_TOKEN_REQUEST',
  ],
  [
    'a repeated subprotocol',
    { subprotocol: 'jwt' },
    { headers: { 'Sec-WebSocket-Protocol': `jwt, ${good}, jwt, ${good}` } },
    'ERR_TOKEN_REQUEST',
  ],
  [
    'a subprotocol in another case',
    { subprotocol: 'jwt' },
    { headers: { 'Sec-WebSocket-Protocol': `JWT, ${good}` } },
    'ERR_TOKEN_MISSING',
  ],
]

describe.each(ANY_HEADER)('%s', (gateway) => {
  test.each(REFUSED)('rejects %s without verifying it', async (_, token, request, code) => {
    expect(await refusalOf(gateway, token, request)).toBe(code)
  })
})

describe('rest-token', () => {
  test.each<[string, TokenSource | undefined, string]>([
    ['a token without a scheme', undefined, 'ERR_TOKEN_MISSING'],
    ['a query, which such an event does not have', { query: 'token' }, 'ERR_TOKEN_MISSING'],
  ])('rejects %s', async (_, token, code) => {
    const request = { headers: { Authorization: good }, query: { token: good } }

    expect(await refusalOf('rest-token', token, request)).toBe(code)
  })
})

/** The code with which a request is rejected. The token is not verified. */
async function refusalOf(
  gateway: AuthorizerGateway,
  token: TokenSource | undefined,
  request: TestRequest,
): Promise<string | undefined> {
  let code: string | undefined
  const handler = createAuthorizer(unusedVerifier, {
    token,
    unauthorized: 'deny',
    onEvent: (event) => {
      code = event.type === 'authorizer.refused' ? event.error.code : event.type
    },
  })
  await handler(createAuthorizerEvent(gateway, request))
  return code
}

describe('the event says why no token was found', () => {
  test.each<[string, string | undefined, TokenSource | undefined]>([
    ['scheme', 'Basic YTpi', undefined],
    ['no_scheme', good, undefined],
    ['scheme', `Bearer Bearer ${good}`, undefined],
    ['quoted', `Bearer "${good}"`, undefined],
    ['none', undefined, undefined],
    ['none', 'Basic YTpi', { header: 'X-Token' }],
  ])('%s', async (reason, authorization, token) => {
    const reasons: unknown[] = []
    const handler = createAuthorizer(unusedVerifier, {
      ...(token && { token }),
      onEvent: (event) =>
        void reasons.push(event.type === 'authorizer.refused' && event.error.reason),
    })
    const headers = authorization === undefined ? {} : { Authorization: authorization }

    await handler(createAuthorizerEvent('http-2.0', { headers }))

    expect(reasons).toEqual([reason === 'none' ? undefined : reason])
  })
})
