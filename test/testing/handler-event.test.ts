/**
 * The events that the testing kit creates for handlers, with contexts and claims as API Gateway passes them on.
 */
import { createHandlerEvent } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'

const CONTEXT = { text: 'a', count: 7, isAdmin: false, nothing: null, left: undefined }
const CLAIMS = {
  sub: 'a',
  exp: 1_784_514_532,
  iat: 1_784_481_132,
  auth_time: 1_784_510_932,
  version: 2,
  email_verified: true,
  'cognito:groups': ['admin', 'user'],
  identities: [{ userId: '1' }, { userId: '2' }],
  address: { street: 'a' },
  nothing: null,
  left: undefined,
}

describe('the context of a Lambda authorizer', () => {
  test.each(['rest-lambda', 'http-1.0-lambda', 'websocket-lambda'] as const)(
    'consists of strings, plus two added members: %s',
    (front) => {
      const event = createHandlerEvent(front, { context: CONTEXT, principalId: 'alice' })

      expect(event.requestContext.authorizer).toEqual({
        text: 'a',
        count: '7',
        isAdmin: 'false',
        nothing: null,
        principalId: 'alice',
        integrationLatency: 42,
      })
      expect(event.requestContext.authorizer).not.toHaveProperty('left')
    },
  )

  test('keeps its types in format 2.0, with nothing added', () => {
    const context = { ...CONTEXT, list: [1, { a: 'b' }] }

    const event = createHandlerEvent('http-2.0-lambda', { context })

    expect(event.requestContext.authorizer).toEqual({
      lambda: { text: 'a', count: 7, isAdmin: false, nothing: null, list: [1, { a: 'b' }] },
    })
  })

  test.each([undefined, null])('is null in format 2.0 if it is %j', (context) => {
    const event = createHandlerEvent('http-2.0-lambda', { context })

    expect(event.requestContext.authorizer).toEqual({ lambda: null })
  })

  test.each([undefined, null])(
    'has only the members that API Gateway adds if it is %j',
    (context) => {
      const event = createHandlerEvent('rest-lambda', { context })

      expect(event.requestContext.authorizer).toEqual({
        principalId: 'user',
        integrationLatency: 42,
      })
    },
  )

  test.each([[['a']], [{}]])(
    'cannot include %j, to which API Gateway responds with 500',
    (value) => {
      expect(() => createHandlerEvent('rest-lambda', { context: { value } })).toThrow('500')
    },
  )
})

describe('claims', () => {
  test('behind a Cognito authorizer are strings: dates, and lists with commas', () => {
    const event = createHandlerEvent('rest-cognito', { claims: CLAIMS })

    expect(event.requestContext.authorizer).toEqual({
      claims: {
        sub: 'a',
        exp: 'Mon Jul 20 02:28:52 UTC 2026',
        iat: 'Sun Jul 19 17:12:12 UTC 2026',
        auth_time: '1784510932',
        version: '2',
        email_verified: 'true',
        'cognito:groups': 'admin,user',
        identities: '{"userId":"1"},{"userId":"2"}',
        address: '{"street":"a"}',
      },
    })
  })

  const JWT = {
    claims: {
      sub: 'a',
      exp: '1784514532',
      iat: '1784481132',
      auth_time: '1784510932',
      version: '2',
      email_verified: 'true',
      'cognito:groups': '[admin user]',
      identities: '[map[userId:1] map[userId:2]]',
      address: 'map[street:a]',
    },
    scopes: ['openid'],
  }

  test('behind a JWT authorizer are strings: digits, and lists in brackets', () => {
    const event = createHandlerEvent('http-jwt', { claims: CLAIMS, scopes: ['openid'] })

    expect(event.requestContext.authorizer).toEqual({ jwt: JWT })
  })

  test.each<[string, unknown]>([
    ['[map[providerName:Google userId:1]]', [{ userId: '1', providerName: 'Google' }]],
    ['map[a:1 b:[x y] c:map[d:true] e:<nil>]', { e: null, c: { d: true }, b: ['x', 'y'], a: 1 }],
    ['map[]', { left: undefined }],
    ['[]', []],
    ['[[a b] [<nil>]]', [['a', 'b'], [null]]],
    ['map[a:map[b]:c]', { a: 'map[b]:c' }],
  ])('behind a JWT authorizer of an HTTP API, objects are Go’s text: %s', (text, value) => {
    for (const front of ['http-jwt', 'http-1.0-jwt'] as const) {
      const { authorizer } = createHandlerEvent(front, { claims: { value } }).requestContext
      const { claims } = 'jwt' in authorizer ? authorizer.jwt : authorizer

      expect(claims).toEqual({ value: text })
    }
  })

  test('behind a JWT authorizer are in another place in format 1.0', () => {
    const event = createHandlerEvent('http-1.0-jwt', { claims: CLAIMS, scopes: ['openid'] })

    expect(event.version).toBe('1.0')
    expect(event.requestContext.authorizer).toEqual(JWT)
  })

  test('have no scopes if the route requires none', () => {
    const event = createHandlerEvent('http-jwt', { claims: { sub: 'a' } })

    expect(event.requestContext.authorizer.jwt.scopes).toBeNull()
  })
})
