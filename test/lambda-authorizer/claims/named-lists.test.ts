/**
 * The `lists` option of `claimsFromEvent`: claims that are lists, whatever the authorizer made of them.
 */
import { claimsFromEvent, createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createHandlerEvent, createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { createTestVerifier, now } from '../setup.ts'

const issuer = await createTestIssuer({ now })
const OWN = ['rest-cognito', 'rest-jwt', 'http-jwt', 'http-1.0-jwt'] as const
const EXP = 1_795_911_879

describe.each(OWN)('%s', (front) => {
  const read = (claims: object, lists: readonly string[]) =>
    claimsFromEvent(createHandlerEvent(front, { claims: { exp: EXP, ...claims } }), { lists })

  test.each([[[]], [['reader']], [['reader', 'writer']]])('returns the roles %j', (roles) => {
    expect(read({ roles }, ['roles'])).toEqual({ exp: EXP, roles })
  })

  test('makes a list of a single value', () => {
    expect(read({ roles: 'not-admin' }, ['roles'])).toEqual({ exp: EXP, roles: ['not-admin'] })
  })

  test('takes several names, and leaves other claims', () => {
    const claims = { roles: ['a', 'b'], 'https://api.example/teams': ['x', 'y'] }
    const names = Object.keys(claims)

    expect(read({ ...claims, name: 'Ann' }, names)).toEqual({ exp: EXP, ...claims, name: 'Ann' })
    expect(read(claims, ['other'])).toEqual(read(claims, ['elsewhere']))
    expect(read({ sub: 'a' }, names)).toEqual({ exp: EXP, sub: 'a' })
  })

  test('reads the groups of the token with or without their name', () => {
    const claims = { 'cognito:groups': ['admin', 'staff'] }

    expect(read(claims, ['cognito:groups'])).toEqual({ exp: EXP, ...claims })
    expect(read(claims, ['roles'])).toEqual({ exp: EXP, ...claims })
  })
})

test('leaves lists in the claims of this library, and makes one of a single value', async () => {
  const handler = createAuthorizer(createTestVerifier(issuer))
  const token = await issuer.accessToken({ roles: ['a b', 'c,d'], team: '[a b]', nothing: null })
  const { context } = await handler(createAuthorizerEvent('rest-request', { token }))
  const event = createHandlerEvent('rest-lambda', { context })

  expect(claimsFromEvent(event, { lists: ['roles', 'team', 'nothing'] })).toMatchObject({
    roles: ['a b', 'c,d'],
    team: ['[a b]'],
    nothing: null,
  })
})

test.each([
  ['["a","b"]', ['a', 'b']],
  ['a,b', ['a,b']],
  ['[a b]', ['[a b]']],
])('reads JSON in the context of another authorizer: %s', (roles, list) => {
  const event = createHandlerEvent('rest-lambda', { context: { roles } })

  expect(claimsFromEvent(event, { lists: ['roles'] })).toEqual({ roles: list })
})

test('keeps the mark of partial claims', () => {
  const event = createHandlerEvent('rest-lambda', { context: { roles: 'a', jwtPartial: true } })
  const options = { lists: ['roles'] }

  expect(() => claimsFromEvent(event, options)).toThrow(
    expect.objectContaining({ code: 'ERR_CLAIMS_PARTIAL' }),
  )
  expect(claimsFromEvent(event, { ...options, partial: true })).toEqual({ roles: ['a'] })
})

test.each([[[]], [[7]], [['']], [null], [{}]])('rejects the option %j', (lists) => {
  expect(() => claimsFromEvent({}, { lists: lists as never })).toThrow(
    expect.objectContaining({
      code: 'ERR_CONFIG_INVALID',
      message: expect.stringContaining('"lists"'),
    }),
  )
})
