/**
 * If a handler denies by a claim, a caller must not be able to remove that claim by making other claims so large that the
 * authorizer cannot pass on all of them. Incomplete claims must not look complete.
 */
import fc from 'fast-check'
import { createVerifier } from 'jwt-gate'
import {
  type AuthorizerOptions,
  claimsFromEvent,
  createAuthorizer,
} from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createHandlerEvent, createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { claimsOf, now, trust } from './setup.ts'

const issuer = await createTestIssuer({ now })
const verifier = createVerifier(trust(issuer), { now })

// the payload formats of an HTTP API's authorizer and of its integration are configured separately
const WAYS = [
  ['rest-request', 'rest-lambda'],
  ['rest-token', 'rest-lambda'],
  ['http-1.0', 'http-1.0-lambda'],
  ['http-1.0', 'http-2.0-lambda'],
  ['http-2.0', 'http-1.0-lambda'],
  ['http-2.0', 'http-2.0-lambda'],
  ['websocket', 'websocket-lambda'],
] as const
type Way = readonly [(typeof WAYS)[number][0], (typeof WAYS)[number][1]]
type Claims = Readonly<Record<string, unknown>>

/** Claims by which the issuer marks a blocked caller. The rest of the profile is under the caller's control. */
const BLOCKED = { 'custom:blocked': true, 'cognito:groups': ['suspended'] }
const QUOTES = { nickname: '"'.repeat(3_072) }
const copyAll: AuthorizerOptions['context'] = ({ claims }) => ({ ...(claims as object) })

/** The event that a handler gets, after JSON serialization. */
async function arrive(
  [gateway, front]: Way,
  claims: Claims,
  context?: AuthorizerOptions['context'],
) {
  const token = await issuer.token({ ...claimsOf(issuer), ...claims })
  const handler = createAuthorizer(verifier, { context: context as never })
  const answer = await handler(createAuthorizerEvent(gateway, { token }))
  const event = createHandlerEvent(front, { principalId: 'a', context: answer.context })
  return JSON.parse(JSON.stringify(event))
}

/** The decision of a handler that denies by a claim. */
function decide(event: unknown): string {
  try {
    const claims = claimsFromEvent(event)
    const groups = claims['cognito:groups']
    if (claims['custom:blocked'] !== undefined) return 'denied'
    return Array.isArray(groups) && groups.includes('suspended') ? 'denied' : 'done'
  } catch (error) {
    return (error as { code: string }).code
  }
}

describe.each(WAYS)('behind %s and %s', (...way) => {
  test.each<[string, Claims]>([
    ['3,072 quotes', QUOTES],
    ['a long string', { nickname: 'x'.repeat(8_000) }],
    [
      'many attributes',
      Object.fromEntries(Array.from({ length: 700 }, (_, at) => [`a${at}`, 'x'])),
    ],
    ['many groups', { groups: Array.from({ length: 800 }, (_, at) => `group-${at}`) }],
    ['a large subject', { sub: 'x'.repeat(5_000) }],
    ['a large scope', { scope: 'x '.repeat(4_500).trim() }],
    ['backslashes in an object', { address: { street: '\\'.repeat(3_072) } }],
  ])('a rule that denies is not disabled by %s', async (_, large) => {
    expect(decide(await arrive(way, {}))).toBe('done')
    expect(decide(await arrive(way, BLOCKED))).toBe('denied')
    expect(decide(await arrive(way, { ...BLOCKED, ...large }))).toBe('ERR_CLAIMS_PARTIAL')
  })

  test('nor by a scope that does not fit beside the claims: all claims are there', async () => {
    const scope = 'x '.repeat(2_500).trim()

    expect(decide(await arrive(way, { scope }))).toBe('done')
    expect(decide(await arrive(way, { ...BLOCKED, scope }))).toBe('denied')
  })

  test('the claim that denies is there for callers of claimsFromEvent with "partial"', async () => {
    const event = await arrive(way, { ...BLOCKED, ...QUOTES })

    expect(claimsFromEvent(event, { partial: true })).toEqual({ ...claimsOf(issuer), ...BLOCKED })
  })

  test('no claim, whatever its name and value, adds another claim, adds the mark, or hides it', async () => {
    const name = fc.constantFrom(
      ...['jwt', 'jwtPartial', 'JWT', 'jwtpartial', 'claims', 'lambda', 'principalId', 'scopes'],
      ...['integrationLatency', 'constructor', 'toString', 'requestContext', 'authorizer', 'iam'],
    )
    const value = fc.constantFrom<unknown>(
      ...['{"sub":"admin"}', '', 'true', 'false', true, false, null, 0],
      ...[{ claims: { sub: 'admin' } }, { jwt: '{"sub":"admin"}' }, ['admin']],
    )
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, value, { maxKeys: 4 }), async (claims) => {
        const all = { ...claimsOf(issuer), ...claims, ...BLOCKED }

        expect(claimsFromEvent(await arrive(way, { ...claims, ...BLOCKED }))).toEqual(all)
        expect(decide(await arrive(way, { ...claims, ...BLOCKED, ...QUOTES }))).toBe(
          'ERR_CLAIMS_PARTIAL',
        )
      }),
      { numRuns: 25 },
    )
  })

  test.each<[string, Claims]>([
    ['a claim named jwt', { jwt: '{"sub":"admin"}' }],
    ['a claim named JWT', { JWT: '{"sub":"admin"}' }],
    ['a claim named jwtPartial', { jwtPartial: 'false' }],
    ['large claims', { nickname: 'x'.repeat(8_000) }],
    ['a list instead of a string', { nickname: ['x'] }],
  ])('a context that copies claims is not affected by %s', async (_, claims) => {
    const plain = await arrive(way, { nickname: 'x' }, copyAll)
    const event = await arrive(way, { nickname: 'x', ...claims }, copyAll)

    expect(claimsFromEvent(plain)).toMatchObject({ sub: 'alice', nickname: 'x' })
    expect(decide(event)).toBe('ERR_CLAIMS_PARTIAL')
    expect(claimsFromEvent(event, { partial: true })).toMatchObject({ sub: 'alice' })
    expect(claimsFromEvent(event, { partial: true })).not.toHaveProperty('jwtPartial')
  })

  test('a context that copies claims loses the values that API Gateway does not accept, and is marked', async () => {
    const event = await arrive(way, BLOCKED, copyAll)

    expect(decide(event)).toBe('ERR_CLAIMS_PARTIAL')
  })
})

describe('the mark of partial claims is recognized', () => {
  test.each<[string, object]>([
    ['as a boolean', { jwtPartial: true }],
    ['as a string', { jwtPartial: 'true' }],
    ['in lower case', { jwtpartial: 'true' }],
    ['in upper case', { JWTPARTIAL: 'true' }],
    ['with another value', { jwtPartial: 'false' }],
    ['without a value', { jwtPartial: null }],
    ['empty', { jwtPartial: '' }],
  ])('%s', (_, mark) => {
    for (const rest of [{}, { sub: 'a' }, { jwt: '{"sub":"a"}' }, { principalId: 'a' }]) {
      const context = { ...rest, ...mark }
      for (const authorizer of [context, { lambda: context }, { lambda: rest, ...mark }]) {
        for (const version of ['1.0', '2.0', undefined]) {
          expect(decide({ version, requestContext: { authorizer } })).toBe('ERR_CLAIMS_PARTIAL')
        }
      }
    }
  })

  test('and is no claim', () => {
    const authorizer = { jwtPartial: 'true', principalId: 'a' }

    expect(() => claimsFromEvent({ requestContext: { authorizer } }, { partial: true })).toThrow(
      expect.objectContaining({ code: 'ERR_TOKEN_MISSING' }),
    )
  })

  test('but not among the claims of API Gateway’s own authorizers', () => {
    for (const front of ['rest-cognito', 'http-jwt', 'http-1.0-jwt'] as const) {
      const claims = { sub: 'a', jwtPartial: 'x', jwt: '{"sub":"admin"}' }

      expect(claimsFromEvent(createHandlerEvent(front, { claims }))).toEqual(claims)
    }
  })
})

describe('claims are read from one place only', () => {
  test.each<[string, object]>([
    ['an empty claims set of a Cognito authorizer', { claims: {}, sub: 'admin' }],
    ['a claims set of null values', { claims: { sub: null }, jwt: '{"sub":"admin"}' }],
    ['an empty claims set of a JWT authorizer', { jwt: { claims: {} }, claims: { sub: 'admin' } }],
    [
      'an empty claims set of a JWT authorizer, beside a string',
      { jwt: { claims: {}, scopes: [] }, sub: 'admin' },
    ],
    ['an empty context', { lambda: {}, sub: 'admin' }],
    ['an empty context beside claims', { lambda: {}, claims: { sub: 'admin' } }],
    [
      'a context with API Gateway’s own members only',
      { lambda: { principalId: 'a' }, jwt: { claims: { a: 'b' } } },
    ],
  ])('%s', (_, authorizer) => {
    for (const version of ['1.0', '2.0', undefined]) {
      expect(decide({ version, requestContext: { authorizer } })).toBe('ERR_TOKEN_MISSING')
    }
  })

  test('no member of the claims changes the prototype of a copy', () => {
    const jwt = '{"sub":"a","__proto__":{"admin":true},"deep":{"\\u005f_proto__":{"admin":true}}}'
    const { deep, ...claims } = claimsFromEvent({ requestContext: { authorizer: { jwt } } })
    const copy: Claims = Object.assign({}, claims, deep)

    expect(Object.keys(claims)).toEqual(['sub'])
    expect(copy['admin']).toBeUndefined()
  })
})

test.each([
  [{ partial: 'yes' }, '"partial" must be one of'],
  [{ partial: null }, '"partial" must be one of'],
  [{ Partial: true }, '"Partial" is not an option of claimsFromEvent()'],
  [null, '"options" of claimsFromEvent() must be an object'],
  [0, '"options" of claimsFromEvent() must be an object'],
])('rejects the options %j, and the error names the option', (options, message) => {
  expect(() => claimsFromEvent({}, options as never)).toThrow(
    expect.objectContaining({
      code: 'ERR_CONFIG_INVALID',
      message: expect.stringContaining(message),
    }),
  )
})
