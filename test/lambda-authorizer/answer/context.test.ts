/**
 * The context of an answer: what is in it by default, and that what API Gateway would not take is left out, and told.
 */
import { createVerifier } from 'jwt-gate'
import { type AuthorizerGateway, createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createTestVerifier, now } from '../setup.ts'
import { type Answered, askForContext, reduced } from './ask-for-context.ts'

const issuer = await createTestIssuer({ now })
const verifier = createTestVerifier(issuer)
const token = await issuer.accessToken()

describe('by default', () => {
  test('has the claims as JSON, with lists, objects and letters of any kind', async () => {
    const claims = {
      'cognito:groups': ['admin', 'poweruser'],
      address: { street: 'Große Straße 1', floor: null },
      name: '愛 "quoted" \\ \u{1f600}',
    }

    const { context } = await askForContext(verifier, { token: await issuer.accessToken(claims) })

    expect(JSON.parse(String(context['jwt']))).toMatchObject(claims)
  })

  test('has no flat claim that is no string', async () => {
    const claims = { username: ['alice'], scope: 7 }

    const { context, events } = await askForContext(verifier, {
      token: await issuer.accessToken(claims),
    })

    expect(Object.keys(context).sort()).toEqual(['client_id', 'jwt', 'sub', 'token_use'])
    expect(events).toEqual([])
  })

  test('has the flat claims of the token, and in jwt what a schema made of it', async () => {
    const schema = z.object({ exp: z.number().transform((exp) => exp * 1_000) })

    const { context } = await answerWithSchema(schema)

    expect(context).toMatchObject({ sub: expect.any(String), username: 'alice' })
    expect(JSON.parse(String(context['jwt']))).toEqual({ exp: now() + 3_600_000 })
  })

  test('has no flat claim with another value than in jwt', async () => {
    const schema = z.looseObject({
      ...{ sub: z.string().transform((sub) => sub.toUpperCase()), username: z.any() },
      scope: z.string().transform((scope) => scope.split(' ')),
    })

    const { context } = await answerWithSchema(schema)
    const claims = JSON.parse(String(context['jwt']))

    expect(context['sub']).toBe(claims.sub)
    expect(claims.sub).toMatch(/^[A-Z0-9-]+$/)
    expect(context).not.toHaveProperty('scope')
    expect(context['username']).toBe('alice')
  })

  test.each([
    ['no JSON', z.object({ exp: z.number().transform(BigInt) })],
    ['no object', z.object({ sub: z.string() }).transform(({ sub }) => sub)],
    ['a list', z.object({ sub: z.string() }).transform(({ sub }) => [sub])],
  ])('leaves jwt out where a schema makes %s of the claims', async (_, schema) => {
    const { context, events } = await answerWithSchema(schema)

    expect(Object.keys(context).sort()).toEqual([
      'client_id',
      'jwtPartial',
      'scope',
      'sub',
      'token_use',
      'username',
    ])
    expect(events).toEqual([reduced(['jwt'], 'type')])
  })
})

describe('of the user’s own', () => {
  test('takes the place of the default', async () => {
    const context = { text: 'a', count: 7, isAdmin: false, nothing: null }

    const { context: given, events } = await askForContext(verifier, { token, context })

    expect(given).toEqual(context)
    expect(events).toEqual([])
  })

  test('gets the verified token', async () => {
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

  test('loses what is no scalar, and says so', async () => {
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

    const { context: given, events } = await askForContext(verifier, { token, context })

    expect(given).toEqual({ kept: 'a', jwtPartial: true })
    expect(events).toEqual([
      reduced(['list', 'object', 'big', 'nan', 'infinite', 'code', 'symbol'], 'type'),
    ])
  })

  test('loses what is undefined, which is nothing to speak of', async () => {
    const { context, events } = await askForContext(verifier, {
      token,
      context: { kept: 'a', left: undefined },
    })

    expect(context).toEqual({ kept: 'a' })
    expect(Object.keys(context)).toEqual(['kept'])
    expect(events).toEqual([])
  })

  test('loses the names that API Gateway and JavaScript use', async () => {
    const context: unknown = JSON.parse(
      '{"kept":"a","principalId":"x","integrationLatency":1,"__proto__":"y"}',
    )

    const { context: given, events } = await askForContext(verifier, { token, context })

    expect(given).toEqual({ kept: 'a' })
    expect(events).toEqual([
      reduced(['principalId', 'integrationLatency', '__proto__'], 'reserved'),
    ])
  })

  test.each(['jwt', 'jwtPartial', 'JWT', 'jwtpartial'])(
    'loses %s, which means something of its own, and says so',
    async (name) => {
      const { context, events } = await askForContext(verifier, {
        token,
        context: { kept: 'a', [name]: '{"admin":true}' },
      })

      expect(context).toEqual({ kept: 'a', jwtPartial: true })
      expect(events).toEqual([reduced([name], 'reserved')])
    },
  )

  test.each<[AuthorizerGateway, boolean]>([
    ['rest-request', true],
    ['rest-token', true],
    ['http-1.0', false],
    ['http-2.0', true],
    ['websocket', true],
  ])('on %s keeps "claims": %s', async (gateway, isKept) => {
    const { context, events } = await askForContext(verifier, {
      token,
      context: { claims: 'a' },
      gateway,
    })

    expect(context).toEqual(isKept ? { claims: 'a' } : {})
    expect(events).toEqual(isKept ? [] : [reduced(['claims'], 'reserved', gateway)])
  })

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a string', 'context'],
    ['a list', ['a']],
    ['a promise', Promise.resolve({ a: 'b' })],
  ])('is empty where the function answers %s, and says so', async (_, context) => {
    const { context: given, events } = await askForContext(verifier, { token, context })

    expect(given).toEqual({})
    expect(events).toEqual([reduced([], 'type')])
  })
})

test('lets no promise that fails end the process', async () => {
  const handler = createAuthorizer(verifier, {
    context: () => Promise.reject(new Error('too late')) as never,
  })

  const result = await handler(createAuthorizerEvent('rest-request', { token }))

  expect(result.context).toEqual({})
})

function answerWithSchema(claims: z.ZodType): Promise<Answered> {
  const withSchema = createVerifier(
    { issuer: issuer.issuer, audience: null, jwks: issuer.jwks, claims },
    { now },
  )
  return askForContext(withSchema, { token })
}
