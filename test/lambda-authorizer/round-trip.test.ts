/**
 * From a token through the authorizer and API Gateway to a handler: the claims arrive unchanged.
 */
import fc from 'fast-check'
import { claimsFromEvent, createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createHandlerEvent, createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { claimsOf } from '../testing/decode.ts'
import { createTestVerifier, now } from './setup.ts'

const issuer = await createTestIssuer({ now })
const verifier = createTestVerifier(issuer)

// an HTTP API has separate settings for the formats of the two events
const WAYS = [
  ['rest-request', 'rest-lambda'],
  ['rest-token', 'rest-lambda'],
  ['http-1.0', 'http-1.0-lambda'],
  ['http-1.0', 'http-2.0-lambda'],
  ['http-2.0', 'http-1.0-lambda'],
  ['http-2.0', 'http-2.0-lambda'],
  ['websocket', 'websocket-lambda'],
] as const

const claims = fc
  .dictionary(
    fc.string({ minLength: 1 }).map((name) => `custom:${name}`),
    fc.jsonValue({ maxDepth: 4, stringUnit: 'grapheme' }),
    { maxKeys: 6 },
  )
  .map((one) => JSON.stringify(one))
  // the verifier rejects this name, and API Gateway a context of this size
  .filter((text) => !text.includes('"__proto__"') && text.length < 3_000)

describe.each(WAYS)('%s to %s', (gateway, front) => {
  const handler = createAuthorizer(verifier)

  test('passes on claims of any type', async () => {
    await fc.assert(
      fc.asyncProperty(claims, async (text) => {
        const token = await issuer.accessToken(JSON.parse(text))
        const verified = await verifier.verify(token)

        const { principalId, context } = await handler(createAuthorizerEvent(gateway, { token }))
        const event = createHandlerEvent(front, { principalId, context })

        expect(claimsFromEvent(JSON.parse(JSON.stringify(event)))).toEqual(verified.claims)
      }),
      { numRuns: 50 },
    )
  })

  test('does not pass on partial claims as if they were complete', async () => {
    const token = await issuer.accessToken({ padding: 'x'.repeat(8_000), other: ['y'] })
    const { padding: _, ...others } = claimsOf(token)

    const { principalId, context } = await handler(createAuthorizerEvent(gateway, { token }))
    const event = createHandlerEvent(front, { principalId, context })

    expect(() => claimsFromEvent(event)).toThrow(
      expect.objectContaining({ code: 'ERR_CLAIMS_PARTIAL', status: 403 }),
    )
    expect(claimsFromEvent(event, { partial: true })).toEqual(others)
  })

  test('passes on a custom context, and restores the types of known claims', async () => {
    const own = createAuthorizer(verifier, {
      context: ({ claims: { sub, exp, ...rest } }) => ({
        sub,
        exp,
        email_verified: true,
        'cognito:groups': JSON.stringify(rest['cognito:groups']),
        tenant: null,
        text: '7',
      }),
    })
    const token = await issuer.accessToken({ 'cognito:groups': ['a,b', 'c d'] })

    const { principalId, context } = await own(createAuthorizerEvent(gateway, { token }))
    const event = createHandlerEvent(front, { principalId, context })

    expect(claimsFromEvent(event)).toEqual({
      sub: '1d3f7a52-9b6c-4f0e-8a41-c2b5d7e90f13',
      exp: now() / 1_000 + 3_600,
      email_verified: true,
      'cognito:groups': ['a,b', 'c d'],
      tenant: null,
      text: '7',
    })
  })

  test('passes on nothing if the context is empty', async () => {
    const own = createAuthorizer(verifier, { context: () => ({}) })
    const token = await issuer.accessToken()

    const { principalId, context } = await own(createAuthorizerEvent(gateway, { token }))
    const event = createHandlerEvent(front, { principalId, context })

    expect(() => claimsFromEvent(event)).toThrow(
      expect.objectContaining({ code: 'ERR_TOKEN_MISSING' }),
    )
  })
})

test('passes on the claims of a simple response', async () => {
  const handler = createAuthorizer(verifier, { response: 'simple' })
  const token = await issuer.accessToken({ 'cognito:groups': ['admin'] })
  const verified = await verifier.verify(token)

  const { context } = await handler(createAuthorizerEvent('http-2.0', { token }))
  const event = createHandlerEvent('http-2.0-lambda', { context })

  expect(claimsFromEvent(event)).toEqual(verified.claims)
})

test('passes on the claims with each later message of a WebSocket connection', async () => {
  const handler = createAuthorizer(verifier)
  const token = await issuer.accessToken()
  const verified = await verifier.verify(token)
  const { principalId, context } = await handler(createAuthorizerEvent('websocket', { token }))

  const event = createHandlerEvent('websocket-lambda', {
    principalId,
    context,
    routeKey: 'send',
    body: '{"action":"send"}',
  })

  expect(event.requestContext.eventType).toBe('MESSAGE')
  expect(claimsFromEvent(event)).toEqual(verified.claims)
})
