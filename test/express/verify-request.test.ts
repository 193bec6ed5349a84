/**
 * `verifyRequest`: verification of a request for servers without Express.
 */
import type { RequestListener } from 'node:http'
import { type AccessRule, cognito, createVerifier } from 'jwt-gate'
import { type RequestEvent, type VerifyRequestOptions, verifyRequest } from 'jwt-gate/express'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { bearer, serve } from '../support/http.ts'

const issuer = await createTestIssuer()
const { userPoolId, clientId } = issuer
const pool = cognito({ userPoolId, clientId, tokenUse: 'access' })
const verifier = createVerifier(pool, { fetch: issuer.fetch })
const good = await issuer.accessToken()

/** A server that responds as the docstring of `verifyRequest` says. */
function start(options?: VerifyRequestOptions, by = verifier) {
  const listener: RequestListener = async (req, res) => {
    try {
      const { claims } = await verifyRequest(by, req, options)
      res.end(claims.sub)
    } catch (error) {
      const { statusCode, headers, message, expose } = error as never
      res.writeHead(statusCode, headers).end(expose ? message : '')
    }
  }
  return serve(listener)
}

test('returns the verified token', async () => {
  const ask = await start()

  const answer = await ask('/', bearer(good))

  expect(answer).toMatchObject({ status: 200, body: '1d3f7a52-9b6c-4f0e-8a41-c2b5d7e90f13' })
})

test.each([
  ['no token', {}, 401, 'Bearer realm="orders"', 'No token was sent'],
  [
    'a forged token',
    bearer(`${good.slice(0, -8)}AAAAAAAA`),
    401,
    'Bearer realm="orders", error="invalid_token", error_description="The signature of the token is wrong"',
    'The signature of the token is wrong',
  ],
  [
    'a malformed header',
    { headers: { authorization: 'Bearer a b' } },
    400,
    'Bearer realm="orders", error="invalid_request", error_description="The token contains a space or a tab"',
    'The token contains a space or a tab',
  ],
])(
  'rejects %s with everything that a response needs',
  async (_name, request, status, challenge, body) => {
    const ask = await start({ realm: 'orders' })

    const answer = await ask('/', request)

    expect(answer).toMatchObject({ status, body })
    expect(answer.headers).toMatchObject({
      'www-authenticate': challenge,
      'cache-control': 'no-store',
    })
  },
)

test('distinguishes an outage of the issuer from a bad token', async () => {
  const fetch = () => Promise.reject(new Error('down'))
  const ask = await start({}, createVerifier(pool, { fetch }))

  const answer = await ask('/', bearer(good))

  expect(answer).toMatchObject({ status: 503, body: '' })
  expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
})

test('reads the token with the getToken option', async () => {
  const ask = await start({ getToken: (req) => req.headers['x-token'] as string | undefined })

  const answer = await ask('/', { headers: { 'x-token': good } })

  expect(answer.status).toBe(200)
})

describe('with the option "access"', () => {
  test('a token that meets the rule is accepted', async () => {
    const ask = await start({ access: { groups: ['admin'], check: ({ issuer: by }) => by !== '' } })

    const token = await issuer.accessToken({ 'cognito:groups': ['admin'] })

    expect(await ask('/', bearer(token))).toMatchObject({ status: 200 })
  })

  test.each<[string, AccessRule, string]>([
    [
      'a scope',
      { scopes: ['orders/write'] },
      'error_description="The token lacks a required scope", scope="orders/write"',
    ],
    [
      'one of several scopes',
      { anyScope: ['orders/write', 'orders/all'] },
      'error_description="The token lacks a required scope", scope="orders/write orders/all"',
    ],
    ['a group', { groups: ['admin'] }, 'error_description="The caller is not in a required group"'],
    [
      'what a rule wants',
      { check: () => false },
      'error_description="Access was denied by a rule of this service"',
    ],
  ])('a token without %s gets a challenge that says so', async (_title, access, parameters) => {
    const events: RequestEvent[] = []
    const ask = await start({
      access,
      realm: 'orders',
      onEvent: (event) => void events.push(event),
    })

    const answer = await ask('/', bearer(good))

    expect(answer.status).toBe(403)
    expect(answer.headers['www-authenticate']).toBe(
      `Bearer realm="orders", error="insufficient_scope", ${parameters}`,
    )
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(events).toMatchObject([{ type: 'request.refused', error: { status: 403 } }])
  })

  test('an invalid token is still a 401, and the rule is not asked', async () => {
    let asked = false
    const check = () => {
      asked = true
      return true
    }
    const ask = await start({ access: { check } })

    const answer = await ask('/', bearer(`${good.slice(0, -8)}AAAAAAAA`))

    expect(answer.status).toBe(401)
    expect(asked).toBe(false)
  })
})

test.each([
  ['"verifier"', {}, undefined],
  ['"optional"', verifier, { optional: 'missing' }],
  ['"realm"', verifier, { realm: 'ä' }],
  ['"access"', verifier, { access: null }],
  ['"access"', verifier, { access: ['orders/read'] }],
  ['"scopes"', verifier, { access: { scopes: [] } }],
  ['"scope"', verifier, { access: { scope: 'orders/read' } }],
  ['"onEvent"', verifier, { onEvent: null }],
])('rejects an invalid %s', async (name, by, options) => {
  const answer = verifyRequest(by as never, {} as never, options as never)

  await expect(answer).rejects.toMatchObject({
    code: 'ERR_CONFIG_INVALID',
    message: expect.stringContaining(name),
  })
})
