/**
 * The result for each kind of API: for a valid token, for each kind of invalid token, and if no decision is possible.
 */
import { AccessError } from 'jwt-gate'
import { type AuthorizerEvent, createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer, type TestRequest } from 'jwt-gate/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createTestVerifier, GATEWAYS, NOW, now, policy } from './setup.ts'

const issuer = await createTestIssuer({ now })
const stranger = await createTestIssuer({ now })
const good = await issuer.accessToken()
const expired = await issuer.accessToken({ exp: NOW / 1_000 - 60 })
const forged = await issuer.token(JSON.parse(atob(good.split('.')[1] ?? '')), {
  key: stranger.keyFor('RS256'),
  header: { kid: issuer.keyFor('RS256').kid },
})
const idToken = await issuer.idToken()

const REFUSED: readonly (readonly [string, TestRequest, string])[] = [
  ['no token', {}, 'ERR_TOKEN_MISSING'],
  [
    'credentials of another scheme',
    { headers: { Authorization: 'Basic YTpi' } },
    'ERR_TOKEN_MISSING',
  ],
  ['a malformed header', { headers: { Authorization: `Bearer ${good} x` } }, 'ERR_TOKEN_REQUEST'],
  [
    'two credentials',
    { headers: { Authorization: [`Bearer ${good}`, `Bearer ${good}`] } },
    'ERR_TOKEN_REQUEST',
  ],
  ['a text that is not a JWT', { token: 'abc' }, 'ERR_TOKEN_MALFORMED'],
  ['an expired token', { token: expired }, 'ERR_TOKEN_EXPIRED'],
  ['a token with a forged signature', { token: forged }, 'ERR_TOKEN_SIGNATURE'],
  ['an ID token', { token: idToken }, 'ERR_CLAIM_TOKEN_USE'],
]

describe.each(GATEWAYS)('$gateway', ({ gateway, unauthorized, resource }) => {
  test('allows a valid token everything on its API and stage, and nothing else', async () => {
    const handler = createAuthorizer(createTestVerifier(issuer))
    const event = createAuthorizerEvent(gateway, { token: good, path: '/orders/7' })

    const result = await handler(event)

    expect(result).toEqual({
      principalId: '1d3f7a52-9b6c-4f0e-8a41-c2b5d7e90f13',
      policyDocument: policy('Allow', resource),
      context: {
        sub: '1d3f7a52-9b6c-4f0e-8a41-c2b5d7e90f13',
        client_id: issuer.clientId,
        username: 'alice',
        scope: 'aws.cognito.signin.user.admin',
        token_use: 'access',
        jwt: good.split('.')[1],
      },
    })
  })

  test.each(REFUSED)('rejects %s', async (_, request, code) => {
    const events: AuthorizerEvent[] = []
    const handler = createAuthorizer(createTestVerifier(issuer), {
      onEvent: (event) => events.push(event),
    })

    const outcome = await settle(handler(createAuthorizerEvent(gateway, request)))

    expect(outcome).toEqual(
      unauthorized === 'throw'
        ? { error: 'Unauthorized' }
        : { result: { principalId: 'unverified', policyDocument: policy('Deny', resource) } },
    )
    expect(events).toMatchObject([
      { type: 'authorizer.refused', gateway, error: expect.objectContaining({ code }) },
    ])
  })

  test('denies a valid token that a check rejects', async () => {
    const check = (): void => {
      throw new AccessError('ERR_ACCESS_GROUP')
    }
    const events: AuthorizerEvent[] = []
    const handler = createAuthorizer(createTestVerifier(issuer, { check }), {
      onEvent: (event) => events.push(event),
    })

    const result = await handler(createAuthorizerEvent(gateway, { token: good }))

    expect(result).toEqual({
      principalId: 'unverified',
      policyDocument: policy('Deny', resource),
    })
    expect(events).toMatchObject([
      {
        type: 'authorizer.refused',
        gateway,
        error: expect.objectContaining({ code: 'ERR_ACCESS_GROUP' }),
      },
    ])
  })

  test('neither denies a token nor calls it unauthorized while the issuer is down', async () => {
    issuer.fail('down')
    onTestFinished(() => issuer.fail(null))
    const events: AuthorizerEvent[] = []
    const handler = createAuthorizer(createTestVerifier(issuer), {
      onEvent: (event) => events.push(event),
    })

    const outcome = await settle(handler(createAuthorizerEvent(gateway, { token: good })))

    expect(outcome).toEqual({ error: 'The authorizer could not decide (ERR_JWKS_UNAVAILABLE)' })
    expect(events).toMatchObject([
      {
        type: 'authorizer.failed',
        gateway,
        error: expect.objectContaining({ code: 'ERR_JWKS_UNAVAILABLE' }),
      },
    ])
  })

  test('never uses the message of a user’s error as its own', async () => {
    const cause = new Error('Unauthorized')
    const handler = createAuthorizer(createTestVerifier(issuer), {
      context: () => {
        throw cause
      },
    })

    const answer = handler(createAuthorizerEvent(gateway, { token: good }))

    await expect(answer).rejects.toMatchObject({
      message: 'The authorizer could not decide (ERR_CONFIG_INVALID)',
      cause: { message: '"context" failed', cause },
    })
  })

  test.each(['throw', 'deny'] as const)('follows the "unauthorized" option: %s', async (option) => {
    const handler = createAuthorizer(createTestVerifier(issuer), { unauthorized: option })

    const outcome = await settle(handler(createAuthorizerEvent(gateway, { token: expired })))

    expect(outcome).toEqual(
      option === 'throw'
        ? { error: 'Unauthorized' }
        : { result: { principalId: 'unverified', policyDocument: policy('Deny', resource) } },
    )
  })
})

type Settled = { readonly result: unknown } | { readonly error: string }

function settle(answer: Promise<unknown>): Promise<Settled> {
  return answer.then(
    (result) => ({ result }),
    (error: Error) => ({ error: error.message }),
  )
}
