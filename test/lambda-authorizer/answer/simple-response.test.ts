/**
 * `response: 'simple'`: the result for HTTP APIs with simple responses, and that no other API gets it.
 */
import { AccessError } from 'jwt-gate'
import { type AuthorizerEvent, createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { expect, test } from 'vitest'
import { createTestVerifier, GATEWAYS, now, unusedVerifier } from '../setup.ts'

const issuer = await createTestIssuer({ now })
const verifier = createTestVerifier(issuer)

test('authorizes a valid token, with a context', async () => {
  const handler = createAuthorizer(verifier, { response: 'simple' })
  const token = await issuer.accessToken()

  const result = await handler(createAuthorizerEvent('http-2.0', { token }))

  expect(result).toEqual({
    isAuthorized: true,
    context: expect.objectContaining({ username: 'alice', jwt: expect.any(String) }),
  })
})

test('authorizes a token without a subject, because a simple response has no principal', async () => {
  const handler = createAuthorizer(verifier, { response: 'simple', context: () => ({}) })
  const token = await issuer.accessToken({ sub: undefined })

  const result = await handler(createAuthorizerEvent('http-2.0', { token }))

  expect(result).toEqual({ isAuthorized: true, context: {} })
})

test('does not authorize an invalid token', async () => {
  const handler = createAuthorizer(verifier, { response: 'simple' })

  const result = await handler(createAuthorizerEvent('http-2.0', { token: 'abc' }))

  expect(result).toEqual({ isAuthorized: false })
})

test('does not authorize a token that a check rejects', async () => {
  const check = (): void => {
    throw new AccessError('ERR_ACCESS_SCOPE')
  }
  const handler = createAuthorizer(createTestVerifier(issuer, { check }), {
    response: 'simple',
    unauthorized: 'throw',
  })
  const token = await issuer.accessToken()

  const result = await handler(createAuthorizerEvent('http-2.0', { token }))

  expect(result).toEqual({ isAuthorized: false })
})

test('throws for an invalid token if "unauthorized" is "throw"', async () => {
  const handler = createAuthorizer(verifier, { response: 'simple', unauthorized: 'throw' })

  const answer = handler(createAuthorizerEvent('http-2.0', { token: 'abc' }))

  await expect(answer).rejects.toMatchObject({ message: 'Unauthorized' })
})

test.each(GATEWAYS.filter(({ gateway }) => gateway !== 'http-2.0'))(
  'fails for an event of $gateway without verifying the token, and reports the reason',
  async ({ gateway }) => {
    const events: AuthorizerEvent[] = []
    const handler = createAuthorizer(unusedVerifier, {
      response: 'simple',
      onEvent: (event) => events.push(event),
    })

    const answer = handler(createAuthorizerEvent(gateway, { token: 'abc' }))

    await expect(answer).rejects.toMatchObject({
      message: 'The authorizer could not decide (ERR_CONFIG_INVALID)',
    })
    expect(events).toMatchObject([
      {
        type: 'authorizer.failed',
        gateway,
        error: expect.objectContaining({
          message: expect.stringContaining('"response" is "simple"'),
        }),
      },
    ])
  },
)
