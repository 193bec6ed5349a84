/**
 * Anybody can send any text. None may look like a mistake in a set-up that is right: a 500 that says so sends the developer to
 * fix what is not broken, and wakes who watches `authorizer.failed`.
 */
import { createVerifier } from 'jwt-gate'
import { type AuthorizerEvent, createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { createBound } from '../verify/support/bound.ts'
import { claimsOf, now, trust } from './setup.ts'

const CONFIG = 'failed ERR_CONFIG_INVALID'
const DENY = { isAuthorized: false }

/** What API Gateway gets, and what `onEvent` is called with. */
async function ask(
  create: (onEvent: (event: AuthorizerEvent) => void) => (event: unknown) => Promise<unknown>,
  event: unknown,
): Promise<{ got: unknown; reported: string[] }> {
  const reported: string[] = []
  const handler = create((one) => {
    const { code } = (one as { error: { code: string } }).error
    reported.push(`${one.type.replace('authorizer.', '')} ${code}`)
  })
  const got = await handler(event).catch((error: Error) => error.message)
  return { got, reported }
}

describe('a simple response that is cached by route', async () => {
  const issuer = await createTestIssuer({ now })
  const verifier = createVerifier(trust(issuer), { now })
  const good = await issuer.token({ ...claimsOf(issuer), scope: 'read' })
  const ROUTE = 'GET /orders'
  const access = { 'GET /orders': { scopes: ['read'] }, 'POST /orders': { scopes: ['write'] } }

  interface Sent {
    readonly headers?: Record<string, string>
    readonly query?: Record<string, string>
    readonly cookies?: string[]
  }

  const send = (token: string, sent: Sent, change: object = {}) => {
    const shown = { token, path: '/orders', resource: '/orders', ...sent }
    return ask((onEvent) => createAuthorizer(verifier, { response: 'simple', access, onEvent }), {
      ...createAuthorizerEvent('http-2.0', shown),
      identitySource: [`Bearer ${token}`, ROUTE],
      ...change,
    })
  }

  const SPOILT: [string, Sent, object?][] = [
    ['a header', { headers: { 'User-Agent': ROUTE } }],
    ['a part of a header', { headers: { 'X-Any': `a, ${ROUTE}/1` } }],
    ['a query parameter', { query: { q: ROUTE } }],
    ['a cookie', { cookies: [`a=${ROUTE}`] }],
    ['a path parameter', {}, { pathParameters: { id: ROUTE } }],
  ]

  test.each(SPOILT)(
    'rejects a forged token as ever if %s has the route key',
    async (_, sent, change) => {
      const { got, reported } = await send('a.b.c', sent, change)

      expect(got).toEqual(DENY)
      expect(reported).toEqual(['refused ERR_TOKEN_MALFORMED'])
    },
  )

  test.each(SPOILT)(
    'rejects a good token if %s has the route key, and API Gateway caches nothing',
    async (_, sent, change) => {
      const { got, reported } = await send(good, sent, change)

      expect(got).toBe('The authorizer could not decide (ERR_ACCESS_DENIED)')
      expect(reported).toEqual(['refused ERR_ACCESS_DENIED'])
    },
  )

  test('control: the same requests without the route key', async () => {
    expect(await send('a.b.c', {})).toMatchObject({ got: DENY })
    expect(await send(good, { headers: { 'User-Agent': 'GET /order' } })).toMatchObject({
      got: { isAuthorized: true },
      reported: [],
    })
  })

  test.each<[string, string[], object?]>([
    ['the route key is no identity source', [`Bearer ${good}`]],
    ['another token is one', ['Bearer a.b.c', ROUTE]],
    [
      'a stage variable has the route key',
      [`Bearer ${good}`, ROUTE],
      { stageVariables: { a: `${ROUTE};` } },
    ],
  ])(
    'control: it is a mistake in the set-up if %s, whatever else is sent',
    async (_, identitySource, change) => {
      for (const sent of [{}, { headers: { 'User-Agent': ROUTE } }]) {
        const { reported } = await send(good, sent, { ...change, identitySource })

        expect(reported).toEqual([CONFIG])
      }
    },
  )
})

describe('an authorizer of the type TOKEN', async () => {
  const { verifier, issuer, token: bound } = await createBound()
  const plain = await issuer.accessToken()

  const send = (authorizationToken: string) =>
    ask((onEvent) => createAuthorizer(verifier, { onEvent }), {
      ...createAuthorizerEvent('rest-token'),
      authorizationToken,
    })

  test.each([
    ['a forged token', 'a.b.c', 'ERR_TOKEN_MALFORMED'],
    ['a token with another signature', `${bound.slice(0, -8)}AAAAAAAA`, 'ERR_TOKEN_SIGNATURE'],
    ['a token that is not bound', plain, 'ERR_CLAIM_MISSING'],
  ])('responds with 401 to %s under DPoP', async (_, token, code) => {
    expect(await send(`DPoP ${token}`)).toEqual({
      got: 'Unauthorized',
      reported: [`refused ${code}`],
    })
  })

  test('control: only a verified token that is bound shows a mistake in the set-up', async () => {
    expect(await send(`DPoP ${bound}`)).toEqual({
      got: 'The authorizer could not decide (ERR_CONFIG_INVALID)',
      reported: [CONFIG],
    })
    expect(await send(`Bearer ${bound}`)).toMatchObject({ got: 'Unauthorized' })
    expect(await send(`Bearer ${plain}`)).toMatchObject({ reported: [] })
  })
})
