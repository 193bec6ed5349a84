/**
 * Made-up key ids can use up the budget of refreshes for unknown keys. A good token of a new key that was therefore not looked up
 * must not get a response that API Gateway caches for minutes.
 */
import { createVerifier } from 'jwt-gate'
import { requireJwt } from 'jwt-gate/express'
import { type AuthorizerOptions, createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { expect, test } from 'vitest'
import { createClock } from '../verify/support/clock.ts'
import { claimsOf, NOW } from './setup.ts'

/** An authorizer whose budget a flood has used up, and a good token whose key is newer than the flood. */
async function setUp(options: AuthorizerOptions = {}) {
  const clock = createClock(NOW * 1_000)
  const issuer = await createTestIssuer({ now: clock.now })
  const { issuer: iss, jwksUri, fetch } = issuer
  const verifier = createVerifier(
    { issuer: iss, audience: 'api', jwksUri },
    { now: clock.now, fetch },
  )
  const events: string[] = []
  const handler = createAuthorizer(verifier, {
    ...options,
    onEvent: ({ type }) => events.push(type),
  })
  const claims = { ...claimsOf(issuer), exp: NOW + 3_600 }
  for (let n = 0; n < 10; n++) {
    const made = await issuer.token(claims, { header: { kid: `k${n}` }, sign: () => 'AAAA' })
    await verifier.verify(made).catch(() => undefined)
  }
  await issuer.rotateKeys()
  return { clock, verifier, handler, events, token: await issuer.token(claims) }
}

const http2 = (token: string) => createAuthorizerEvent('http-2.0', { token })
const rest = (token: string) => createAuthorizerEvent('rest-request', { token })

test.each<[string, AuthorizerOptions]>([
  ['a policy', {}],
  ['a simple response', { response: 'simple' }],
])(
  'an HTTP API gets an error instead of %s, and the token is accepted 10 s later',
  async (_, options) => {
    const { clock, handler, events, token } = await setUp(options)

    await expect(handler(http2(token))).rejects.toThrow(
      'The authorizer could not decide (ERR_KEY_NOT_FOUND)',
    )
    clock.advance(10_000)

    expect(JSON.stringify(await handler(http2(token)))).toMatch(/"Allow"|"isAuthorized":true/)
    // anybody can send made-up key ids, which is no failure of the service
    expect(events).toEqual(['authorizer.refused'])
  },
)

test('a REST API responds with 401, which it does not cache', async () => {
  const { handler, token } = await setUp()

  await expect(handler(rest(token))).rejects.toThrow(/^Unauthorized$/)
})

test('a REST API that is configured for Deny gets an error instead', async () => {
  const { handler, token } = await setUp({ unauthorized: 'deny' })

  await expect(handler(rest(token))).rejects.toThrow('ERR_KEY_NOT_FOUND')
})

test('the control: a key that was looked up and does not exist is a Deny', async () => {
  const clock = createClock(NOW * 1_000)
  const issuer = await createTestIssuer({ now: clock.now })
  const { issuer: iss, jwksUri, fetch } = issuer
  const handler = createAuthorizer(
    createVerifier({ issuer: iss, audience: 'api', jwksUri }, { now: clock.now, fetch }),
  )
  const made = await issuer.token(claimsOf(issuer), { header: { kid: 'made-up' } })

  const { policyDocument } = await handler(http2(made))

  expect(policyDocument.Statement[0]?.Effect).toBe('Deny')
})

test('if tokens are optional, the token does not count as missing', async () => {
  const { verifier, token } = await setUp()
  const req = { headers: { authorization: `Bearer ${token}` }, rawHeaders: [] } as never

  const passed = await new Promise((resolve) => {
    requireJwt(verifier, { optional: 'missing-or-invalid' })(req, { locals: {} } as never, resolve)
  })

  expect(passed).toMatchObject({ code: 'ERR_KEY_NOT_FOUND', reason: 'limited' })
})
