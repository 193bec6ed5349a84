/**
 * Claims behind API Gateway's own authorizers, with their types restored.
 */
import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { claimsFromEvent } from 'jwt-gate/lambda-authorizer'
import { createHandlerEvent, createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { now } from '../setup.ts'

const issuer = await createTestIssuer({ now })
const OWN = ['rest-cognito', 'http-jwt', 'http-1.0-jwt'] as const
const EVENTS = {
  'rest-cognito': (claims: object) => ({ requestContext: { authorizer: { claims } } }),
  'http-jwt': (claims: object) => ({ requestContext: { authorizer: { jwt: { claims } } } }),
  context: (lambda: object) => ({ requestContext: { authorizer: { lambda } } }),
}
const NUMBERS = ['exp', 'iat', 'nbf', 'auth_time', 'updated_at', 'version']

describe.each(OWN)('%s', (front) => {
  test('restores the claims of an ID token', async () => {
    const claims = claimsIn(
      await issuer.idToken({
        'cognito:groups': ['admin', 'poweruser'],
        'cognito:roles': ['arn:aws:iam::123456789012:role/reader'],
        amr: ['pwd', 'mfa'],
        phone_number_verified: false,
        updated_at: 1_700_000_000,
      }),
    )

    const given = claimsFromEvent(createHandlerEvent(front, { claims }))

    expect(given).toEqual(claims)
  })

  test('restores the claims of an access token', async () => {
    const claims = claimsIn(await issuer.accessToken())

    const given = claimsFromEvent(createHandlerEvent(front, { claims }))

    expect(given).toEqual(claims)
  })

  test('restores the identities of a federated user, unless they are Go’s text', () => {
    const identities = [
      { userId: '1', providerName: 'Example', primary: 'true', dateCreated: '1784514532000' },
    ]

    const given = claimsFromEvent(createHandlerEvent(front, { claims: { sub: 'a', identities } }))

    // as text, objects cannot be distinguished from other text
    const text = '[map[dateCreated:1784514532000 primary:true providerName:Example userId:1]]'
    expect(given).toEqual({ sub: 'a', identities: front === 'rest-cognito' ? identities : text })
  })

  test('does not change unknown claims', () => {
    const claims = { sub: 'a', 'custom:count': 7, 'custom:list': ['a', 'b'], isAdmin: true }

    const given = claimsFromEvent(createHandlerEvent(front, { claims }))

    expect(given).toEqual({
      sub: 'a',
      'custom:count': '7',
      'custom:list': front === 'rest-cognito' ? 'a,b' : '[a b]',
      isAdmin: 'true',
    })
  })

  test.each([[], ['admin'], ['admin', 'poweruser']])('restores the groups %j', (...groups) => {
    const claims = { sub: 'a', 'cognito:groups': groups }

    const given = claimsFromEvent(createHandlerEvent(front, { claims }))

    expect(given['cognito:groups']).toEqual(groups)
  })

  test('never turns a part of a group’s name into a group', () => {
    const claims = { sub: 'a', 'cognito:groups': ['not-admin', '[admin]', 'admin|x'] }

    const given = claimsFromEvent(createHandlerEvent(front, { claims }))

    expect(given['cognito:groups']).toEqual(['not-admin', '[admin]', 'admin|x'])
  })

  test('throws without claims', () => {
    const event = createHandlerEvent(front)

    expect(() => claimsFromEvent(event)).toThrow(
      expect.objectContaining({ code: 'ERR_TOKEN_MISSING' }),
    )
  })

  test('restores all numbers and times', () => {
    const times = fc.record(
      Object.fromEntries(NUMBERS.map((name) => [name, fc.integer({ min: 0, max: 4_102_444_800 })])),
    )

    fc.assert(
      fc.property(times, (claims) => {
        expect(claimsFromEvent(createHandlerEvent(front, { claims }))).toEqual(claims)
      }),
    )
  })
})

describe('values that do not come from API Gateway', () => {
  test.each<[keyof typeof EVENTS, string, string]>([
    ['rest-cognito', 'exp', 'tomorrow'],
    ['rest-cognito', 'exp', ''],
    ['rest-cognito', 'exp', '0x10'],
    ['rest-cognito', 'exp', 'Mon Jul 20 02:28:52 CET 2026'],
    ['rest-cognito', 'exp', 'Mon Foo 20 02:28:52 UTC 2026'],
    ['rest-cognito', 'exp', 'on Mon Jul 20 02:28:52 UTC 2026'],
    ['rest-cognito', 'exp', 'Mon Jul 20 02:28:52 UTC 20260'],
    ['rest-cognito', 'identities', 'Example'],
    ['rest-cognito', 'identities', 'null'],
    ['rest-cognito', 'identities', '[{},1]'],
    ['rest-cognito', 'identities', '1'],
    ['rest-cognito', 'aud', '[a b]'],
    ['http-jwt', 'exp', '1e999'],
    ['http-jwt', 'exp', ' 1'],
    ['http-jwt', 'version', '2.0.1'],
    ['http-jwt', 'email_verified', 'yes'],
    ['http-jwt', 'email_verified', 'TRUE'],
    ['http-jwt', 'cognito:groups', 'admin'],
    ['http-jwt', 'cognito:groups', 'a,b'],
    ['http-jwt', 'cognito:groups', '[admin'],
    ['http-jwt', 'cognito:groups', 'admin]'],
    ['http-jwt', 'identities', '[map[userId:1]]'],
    ['http-jwt', 'aud', 'https://api.example'],
    ['context', 'cognito:groups', 'a,b'],
    ['context', 'cognito:groups', '[a b]'],
    ['context', 'cognito:groups', '["a",1]'],
    ['context', 'aud', '[a b]'],
  ])('%s: does not change %s: %j', (front, name, value) => {
    const claims = { sub: 'a', [name]: value }

    const given = claimsFromEvent(EVENTS[front](claims))

    expect(given).toEqual(claims)
  })

  test('reads the audiences of an HTTP API’s JWT authorizer', () => {
    const claims = { sub: 'a', aud: ['https://a.example', 'https://b.example'] }

    expect(claimsFromEvent(createHandlerEvent('http-jwt', { claims }))).toEqual(claims)
  })

  test.each(['1.784514532e9', '1.784514532E+9', '17845145320000000000e-10'])(
    'reads a number with an exponent: %s',
    (exp) => {
      const event = EVENTS['http-jwt']({ exp })

      expect(claimsFromEvent(event)).toEqual({ exp: 1_784_514_532 })
    },
  )

  test('does not change values that are not strings', () => {
    const claims = { exp: 7, email_verified: true, 'cognito:groups': ['a'], iat: null }

    expect(claimsFromEvent(EVENTS['http-jwt'](claims))).toEqual(claims)
  })

  test('drops a member named __proto__', () => {
    const claims: object = JSON.parse('{"sub":"a","__proto__":{"admin":true}}')

    const given = claimsFromEvent(EVENTS['http-jwt'](claims))

    expect(Object.keys(given)).toEqual(['sub'])
  })
})

function claimsIn(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
}
