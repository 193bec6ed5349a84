/**
 * Events without an authorizer, or with an empty one: no claims are read from them.
 */
import fc from 'fast-check'
import { isJwtGateError } from 'jwt-gate'
import { claimsFromEvent } from 'jwt-gate/lambda-authorizer'
import { expect, test } from 'vitest'

test.each<[string, unknown]>([
  ['undefined', undefined],
  ['null', null],
  ['a string', 'event'],
  ['a list', []],
  ['no request context', {}],
  ['a null request context', { requestContext: null }],
])('throws for %s', (_, event) => {
  expect(() => claimsFromEvent(event)).toThrow(
    expect.objectContaining({ code: 'ERR_TOKEN_MISSING', status: 401 }),
  )
})

test.each<unknown>([
  undefined,
  null,
  '',
  'sub',
  [],
  ['a'],
  {},
  { jwt: {} },
  { jwt: null },
  { jwt: { claims: null, scopes: null } },
  { jwt: { claims: {}, scopes: ['admin'] } },
  { jwt: { claims: [] } },
  { lambda: null },
  { lambda: {} },
  { lambda: {}, jwt: {} },
  { lambda: { principalId: 'a' } },
  { claims: null, scopes: null },
  { claims: {}, scopes: ['a'] },
  { claims: { sub: null } },
  { claims: { sub: undefined } },
  { principalId: 'a' },
  { principalId: 'a', integrationLatency: 42 },
  { principalId: 'a', integrationLatency: '42', jwt: {} },
  { iam: { userId: 'a', accountId: '123456789012' } },
])('throws if the authorizer is %j', (authorizer) => {
  for (const version of ['1.0', '2.0', undefined]) {
    expect(() => claimsFromEvent({ version, requestContext: { authorizer } })).toThrow(
      expect.objectContaining({ code: 'ERR_TOKEN_MISSING' }),
    )
  }
})

test.each(['', 'abc', 'null', '"sub"', '[]', '7', '{"sub":"a"', 'eyJhbGciOiJSUzI1NiJ9.e30.abc'])(
  'never falls back to the rest of a context whose jwt is %j',
  (jwt) => {
    const context = { sub: 'a', jwt }

    for (const authorizer of [context, { lambda: context }]) {
      expect(() => claimsFromEvent({ requestContext: { authorizer } })).toThrow(
        expect.objectContaining({ code: 'ERR_TOKEN_MISSING' }),
      )
    }
  },
)

test('throws no other error for any event', () => {
  const authorizer = fc.oneof(
    fc.jsonValue(),
    fc.record(
      {
        lambda: fc.jsonValue(),
        jwt: fc.jsonValue(),
        claims: fc.jsonValue(),
        principalId: fc.jsonValue(),
      },
      { requiredKeys: [] },
    ),
  )
  const version = fc.constantFrom('1.0', '2.0', undefined)

  fc.assert(
    fc.property(authorizer, version, (one, format) => {
      const event = { version: format, requestContext: { authorizer: one } }
      expect(['ERR_TOKEN_MISSING', 'claims']).toContain(outcomeOf(event))
    }),
    { numRuns: 1_000 },
  )
})

function outcomeOf(event: unknown): unknown {
  try {
    return typeof claimsFromEvent(event) === 'object' ? 'claims' : undefined
  } catch (error) {
    return isJwtGateError(error) ? error.code : error
  }
}
