/**
 * `claimsFromEvent` recognizes the authorizer by the shape of its claims. Nobody may write a token by which it takes one
 * authorizer for another, because a text would then become a list of groups, or a list of groups a text.
 */
import fc from 'fast-check'
import { claimsFromEvent } from 'jwt-gate/lambda-authorizer'
import { createHandlerEvent } from 'jwt-gate/testing'
import { expect, test } from 'vitest'

const EXP = 1_795_911_879
/** Claims that try to look like another authorizer's. */
const DISGUISES = [
  { jwt: '{"sub":"admin"}' },
  { jwt: { claims: { sub: 'admin' } } },
  { lambda: { sub: 'admin' } },
  { claims: { sub: 'admin' } },
  { jwtPartial: true },
  { scopes: ['admin'] },
  { principalId: 'admin' },
  { version: '1.0' },
  { auth_time: 7, level: 8, isAdmin: true, list: ['a'], object: { a: 1 } },
]

test.each(DISGUISES)(
  'a text never becomes a group behind a REST API’s JWT authorizer: %j',
  (disguise) => {
    for (const groups of ['staff,admin', '[staff admin]', '["staff","admin"]', 'admin']) {
      const claims = { sub: 'mallory', exp: EXP, 'cognito:groups': groups, ...disguise }

      expect(claimsFromEvent(createHandlerEvent('rest-jwt', { claims }))).toEqual(claims)
    }
  },
)

test.each(DISGUISES)('groups stay groups behind a Cognito authorizer: %j', (disguise) => {
  const claims = { sub: 'mallory', exp: EXP, 'cognito:groups': ['not-admin', 'staff'], ...disguise }
  const given = claimsFromEvent(createHandlerEvent('rest-cognito', { claims }))

  expect(given).toMatchObject({
    sub: 'mallory',
    exp: EXP,
    'cognito:groups': ['not-admin', 'staff'],
  })
})

test('no token makes the claims of a Cognito authorizer look typed', () => {
  const others = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 6 })

  fc.assert(
    fc.property(others, (rest) => {
      const claims = { ...rest, exp: EXP, 'cognito:groups': ['not-admin', 'staff'] }
      const event = createHandlerEvent('rest-cognito', { claims })

      expect(claimsFromEvent(event)).toMatchObject({
        exp: EXP,
        'cognito:groups': ['not-admin', 'staff'],
      })
    }),
  )
})

test.each<[string, object]>([
  ['a list', { claims: ['admin'] }],
  ['an empty object', { claims: {} }],
  ['null values', { claims: { sub: null, exp: null } }],
])('claims that are %s are none', (_, authorizer) => {
  expect(() => claimsFromEvent({ requestContext: { authorizer } })).toThrow(
    expect.objectContaining({ code: 'ERR_TOKEN_MISSING' }),
  )
})

test('the context of a Lambda authorizer is not taken for claims', () => {
  const context = { claims: '{"sub":"admin","exp":1795911879}', sub: 'mallory' }
  const event = createHandlerEvent('rest-lambda', { context })

  expect(claimsFromEvent(event)).toEqual(context)
})

test('a value of a list never gains a neighbour that a name of a list would make of it', () => {
  const claims = { exp: EXP, roles: ['not-admin', 'admin-of-nothing'], name: '[mallory admin]' }
  for (const front of ['rest-cognito', 'rest-jwt', 'http-jwt', 'http-1.0-jwt'] as const) {
    const given = claimsFromEvent(createHandlerEvent(front, { claims }), { lists: ['roles'] })

    expect(given).toEqual(claims)
    expect(given['roles']).not.toContain('admin')
  }
})

test('an object that became text is not read back, because a text may look the same', () => {
  const claims = { sub: 'mallory', identities: 'map[providerName:Admin]', address: 'map[a:b]' }

  for (const front of ['http-jwt', 'http-1.0-jwt'] as const) {
    expect(claimsFromEvent(createHandlerEvent(front, { claims }))).toEqual(claims)
  }
})
