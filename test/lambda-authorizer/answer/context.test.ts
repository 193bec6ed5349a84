/**
 * The context of a result: its default, and that values that API Gateway would not accept are dropped and reported.
 */
import { createVerifier } from 'jwt-gate'
import { type AuthorizerGateway, createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createTestVerifier, now } from '../setup.ts'
import { type ContextResult, callForContext, readJwt, reduced } from './call-for-context.ts'

const issuer = await createTestIssuer({ now })
const verifier = createTestVerifier(issuer)
const token = await issuer.accessToken()

describe('by default', () => {
  test('has the claims as JSON in base64url, with lists, objects and any characters', async () => {
    const claims = {
      'cognito:groups': ['admin', 'poweruser'],
      address: { street: 'Große Straße 1', floor: null },
      name: '愛 "quoted" \\ \u{1f600}',
    }

    const { context } = await callForContext(verifier, { token: await issuer.accessToken(claims) })

    expect(readJwt(context)).toMatchObject(claims)
  })

  test('has no single claim that is not a string', async () => {
    const claims = { username: ['alice'], scope: 7 }

    const { context, events } = await callForContext(verifier, {
      token: await issuer.accessToken(claims),
    })

    expect(Object.keys(context).sort()).toEqual(['client_id', 'jwt', 'sub', 'token_use'])
    expect(events).toEqual([])
  })

  test('has the single claims of the token, and in jwt the claims that a schema returned', async () => {
    const schema = z.object({ exp: z.number().transform((exp) => exp * 1_000) })

    const { context } = await callWithSchema(schema)

    expect(context).toMatchObject({ sub: expect.any(String), username: 'alice' })
    expect(readJwt(context)).toEqual({ exp: now() + 3_600_000 })
  })

  test('has no single claim whose value differs from the one in jwt', async () => {
    const schema = z.looseObject({
      ...{ sub: z.string().transform((sub) => sub.toUpperCase()), username: z.any() },
      scope: z.string().transform((scope) => scope.split(' ')),
    })

    const { context } = await callWithSchema(schema)
    const claims = readJwt(context)

    expect(context['sub']).toBe(claims['sub'])
    expect(claims['sub']).toMatch(/^[A-Z0-9-]+$/)
    expect(context).not.toHaveProperty('scope')
    expect(context['username']).toBe('alice')
  })

  test.each([
    ['a value without JSON', z.object({ exp: z.number().transform(BigInt) })],
    ['a string', z.object({ sub: z.string() }).transform(({ sub }) => sub)],
    ['a list', z.object({ sub: z.string() }).transform(({ sub }) => [sub])],
    ['nothing', z.any().transform(() => undefined)],
    ['an object whose JSON is text', z.any().transform(() => ({ toJSON: () => 'a' }))],
  ])('omits jwt if a schema turns the claims into %s', async (_, schema) => {
    const { context, events } = await callWithSchema(schema)

    expect(Object.keys(context).sort()).toEqual([
      'client_id',
      'jwtPartial',
      'scope',
      'sub',
      'token_use',
      'username',
    ])
    expect(events).toMatchObject([reduced(['jwt'], 'type')])
  })
})

describe('from the user’s function', () => {
  test('replaces the default', async () => {
    const context = { text: 'a', count: 7, isAdmin: false, nothing: null }

    const { context: given, events } = await callForContext(verifier, { token, context })

    expect(given).toEqual(context)
    expect(events).toEqual([])
  })

  test('is made from the verified token', async () => {
    const handler = createAuthorizer(verifier, {
      context: ({ claims, header, issuer: from }) => ({
        user: claims.username ?? null,
        alg: header.alg,
        from,
      }),
    })

    const result = await handler(createAuthorizerEvent('rest-request', { token }))

    expect(result.context).toEqual({ user: 'alice', alg: 'RS256', from: issuer.issuer })
  })

  test('loses values that are not scalars, and is marked', async () => {
    const context = {
      kept: 'a',
      list: ['a'],
      object: {},
      big: 1n,
      nan: Number.NaN,
      infinite: Number.POSITIVE_INFINITY,
      code: () => 1,
      symbol: Symbol('a'),
    }

    const { context: given, events } = await callForContext(verifier, { token, context })

    expect(given).toEqual({ kept: 'a', jwtPartial: true })
    expect(events).toMatchObject([
      reduced(['list', 'object', 'big', 'nan', 'infinite', 'code', 'symbol'], 'type'),
    ])
  })

  test('loses undefined values without an event', async () => {
    const { context, events } = await callForContext(verifier, {
      token,
      context: { kept: 'a', left: undefined },
    })

    expect(context).toEqual({ kept: 'a' })
    expect(Object.keys(context)).toEqual(['kept'])
    expect(events).toEqual([])
  })

  test('loses names that API Gateway and JavaScript use', async () => {
    const context: unknown = JSON.parse(
      '{"kept":"a","principalId":"x","integrationLatency":1,"__proto__":"y"}',
    )

    const { context: given, events } = await callForContext(verifier, { token, context })

    expect(given).toEqual({ kept: 'a' })
    expect(events).toMatchObject([
      reduced(['principalId', 'integrationLatency', '__proto__'], 'reserved'),
    ])
  })

  test.each(['jwt', 'jwtPartial', 'JWT', 'jwtpartial'])(
    'loses %s, which has a special meaning, and is marked',
    async (name) => {
      const { context, events } = await callForContext(verifier, {
        token,
        context: { kept: 'a', [name]: '{"admin":true}' },
      })

      expect(context).toEqual({ kept: 'a', jwtPartial: true })
      expect(events).toMatchObject([reduced([name], 'reserved')])
    },
  )

  test.each<[AuthorizerGateway, boolean]>([
    ['rest-request', true],
    ['rest-token', true],
    ['http-1.0', false],
    ['http-2.0', true],
    ['websocket', true],
  ])('on %s keeps "claims": %s', async (gateway, isKept) => {
    const { context, events } = await callForContext(verifier, {
      token,
      context: { claims: 'a' },
      gateway,
    })

    expect(context).toEqual(isKept ? { claims: 'a' } : {})
    expect(events).toMatchObject(isKept ? [] : [reduced(['claims'], 'reserved', gateway)])
  })

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a string', 'context'],
    ['a list', ['a']],
    ['a promise', Promise.resolve({ a: 'b' })],
  ])('is empty if the function returns %s, which is reported', async (_, context) => {
    const { context: given, events } = await callForContext(verifier, { token, context })

    expect(given).toEqual({})
    expect(events).toMatchObject([reduced([], 'type')])
  })
})

test('handles a rejected promise, so that the process does not end', async () => {
  const handler = createAuthorizer(verifier, {
    context: () => Promise.reject(new Error('too late')) as never,
  })

  const result = await handler(createAuthorizerEvent('rest-request', { token }))

  expect(result.context).toEqual({})
})

function callWithSchema(claims: z.ZodType): Promise<ContextResult> {
  const withSchema = createVerifier(
    { issuer: issuer.issuer, audience: null, jwks: issuer.jwks, claims },
    { now },
  )
  return callForContext(withSchema, { token })
}
