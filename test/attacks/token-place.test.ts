/**
 * API Gateway caches a response by its identity sources only. So the response to one token must never be cached under a value
 * that requests with another token, or without one, also have. And another site must not be able to act with a visitor's cookie.
 */
import { createVerifier } from 'jwt-gate'
import {
  type AuthorizerEvent,
  type AuthorizerGateway,
  type AuthorizerOptions,
  createAuthorizer,
  type TokenSource,
} from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer, type TestRequest } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { claimsOf, now, trust } from './setup.ts'

const NAME = '__Host-access_token'
const APP = 'https://app.example.com'
const EVIL = 'https://evil.example'
const BASIC = 'Basic YTpi'
const issuer = await createTestIssuer({ now })
const verifier = createVerifier(trust(issuer), { now })
const token = await issuer.token(claimsOf(issuer))
const cookies = [`${NAME}=${token}`]
const cookieHeader = `a=1; ${NAME}=${token}`

const ALLOW = 'allowed'
const DENIED = 'refused ERR_ACCESS_DENIED'
const REQUEST = 'refused ERR_TOKEN_REQUEST'
const FAILED = 'failed ERR_CONFIG_INVALID'
const ANY_HEADER = ['rest-request', 'http-1.0', 'http-2.0', 'websocket'] as const

interface Asked {
  readonly gateway: AuthorizerGateway
  readonly source: TokenSource
  readonly request: TestRequest
  /** The values of the identity sources, if the event has them. */
  readonly identitySource?: unknown
  readonly options?: AuthorizerOptions
}

/** The outcome of a request: allowed, refused or failed, and why. */
async function ask({ gateway, source, request, identitySource, options }: Asked): Promise<string> {
  const events: AuthorizerEvent[] = []
  const handler = createAuthorizer(verifier, {
    ...options,
    token: source,
    onEvent: (event) => events.push(event),
  })
  const event = createAuthorizerEvent(gateway, request)
  const shown = identitySource === undefined ? event : { ...event, identitySource }
  const result = await handler(shown).catch(() => undefined)
  const [told] = events
  if (told === undefined) return isAllowed(result) ? ALLOW : 'not allowed, without an event'
  const { code } = (told as { error: { code: string } }).error
  return `${told.type.replace('authorizer.', '')} ${code}`
}

function isAllowed(result: object | undefined): boolean {
  if (result === undefined) return false
  if ('isAuthorized' in result) return result.isAuthorized === true
  return JSON.stringify(result).includes('"Allow"')
}

describe('a response is cached for the token that it was created for', () => {
  const HTTP = [
    ['http-2.0', 'policy', (values: string[]) => values],
    ['http-2.0', 'simple', (values: string[]) => values],
    ['http-1.0', 'policy', (values: string[]) => values.join(',')],
  ] as const

  describe.each(HTTP)('%s, %s', (gateway, response, show) => {
    const options = { response } as AuthorizerOptions
    const sent = { headers: { 'X-Tenant': 'acme', 'X-Token': token }, query: { token }, cookies }
    const good = `Bearer ${token}`

    test.each<[string, TokenSource, TestRequest, string[]]>([
      ['Authorization', { header: 'Authorization' }, { token }, [good]],
      ['another header', { header: 'X-Token' }, sent, [token]],
      ['one header among others', { header: 'X-Token' }, sent, ['acme', token, 'GET /']],
      ['the query', { query: 'token' }, sent, [token]],
      ['the Cookie header', { cookie: NAME }, sent, [cookieHeader]],
      ['one of several cookies', { cookie: NAME }, sent, cookies],
    ])('if the identity source is %s', async (_, source, request, values) => {
      const asked = { gateway, source, request, options }

      expect(await ask({ ...asked, identitySource: show(values) })).toBe(ALLOW)
    })

    test.each<[string, TokenSource, TestRequest, string[]]>([
      ['a tenant', { header: 'Authorization' }, { token }, ['acme']],
      ['another header', { header: 'X-Token' }, { ...sent, token: 'a.b.c' }, ['Bearer a.b.c']],
      ['a header beside the cookie', { cookie: NAME }, { ...sent, token: 'x' }, ['Bearer x']],
      ['Basic beside the cookie', { cookie: NAME }, sent, [BASIC]],
      ['another cookie', { cookie: NAME }, sent, ['a=1']],
      ['a part of the token', { cookie: NAME }, sent, [token.slice(0, -1)]],
      ['another token', { query: 'token' }, sent, [`${token.slice(0, -4)}AAAA`]],
      ['the route only', { query: 'token' }, sent, ['GET /']],
    ])('and is never cached by %s', async (_, source, request, values) => {
      const asked = { gateway, source, request, options }

      expect(await ask({ ...asked, identitySource: show(values) })).toBe(FAILED)
      expect(await ask({ ...asked, identitySource: show([...values, good]) })).toBe(ALLOW)
    })

    test('and the message says how to fix it', async () => {
      const events: AuthorizerEvent[] = []
      const onEvent = (event: AuthorizerEvent) => events.push(event)
      const handler = createAuthorizer(verifier, { ...options, token: { cookie: NAME }, onEvent })
      const event = createAuthorizerEvent(gateway, sent)

      const answer = handler({ ...event, identitySource: show([BASIC]) })

      await expect(answer).rejects.toThrow('The authorizer could not decide (ERR_CONFIG_INVALID)')
      expect(String((events[0] as { error: Error }).error)).toMatch(
        /"token" names a place that is no identity source.+Make that place an identity source/,
      )
    })

    test('nothing is cached without identity sources', async () => {
      const asked = { gateway, source: { cookie: NAME }, request: { cookies }, options }

      expect(await ask({ ...asked, identitySource: show([]) })).toBe(ALLOW)
    })

    test('a bad token is not even checked if its response would be cached for others', async () => {
      const asked = { gateway, source: { cookie: NAME }, options, identitySource: show(['acme']) }

      expect(await ask({ ...asked, request: { cookies: [`${NAME}=a.b.c`] } })).toBe(FAILED)
    })
  })
})

describe.each(ANY_HEADER)('with several token sources, on %s', (gateway) => {
  const source = { header: 'Authorization', cookie: NAME, query: 'token' }

  test.each<[string, TestRequest]>([
    ['the cookie', { cookies }],
    ['the query', { query: { token } }],
    ['the cookie and an empty header', { headers: { Authorization: '' }, cookies }],
  ])('%s is used', async (_, request) => {
    expect(await ask({ gateway, source, request })).toBe(ALLOW)
  })

  test.each([BASIC, 'Digest x', 'Bearerx', token, ' ', 'Negotiate'])(
    'no token is accepted beside Authorization: %s, which anybody can send',
    async (Authorization) => {
      for (const place of [{ cookies }, { query: { token } }]) {
        const request = { ...place, headers: { Authorization } }

        expect(await ask({ gateway, source, request, identitySource: [] })).toBe(REQUEST)
      }
    },
  )
})

test('the one value of a TOKEN event may come from any token source', async () => {
  const handler = createAuthorizer(verifier, { token: { header: 'Authorization', cookie: NAME } })
  const event = createAuthorizerEvent('rest-token')

  const result = await handler({ ...event, authorizationToken: cookieHeader })

  expect(isAllowed(result)).toBe(true)
})

describe.each(ANY_HEADER)('another site cannot act with a cookie on %s', (gateway) => {
  const source = { cookie: NAME, origins: [APP, 'http://localhost:3000'] }
  const send = (headers: Record<string, string | string[]>, method = 'POST') =>
    ask({ gateway, source, request: { cookies, headers, method } })
  const isSocket = gateway === 'websocket'

  test.each([APP, 'http://localhost:3000'])('a request from %s is accepted', async (Origin) => {
    expect(await send({ Origin })).toBe(ALLOW)
    expect(await send({ Origin, 'Sec-Fetch-Site': 'same-site' })).toBe(ALLOW)
    expect(await send({ origin: Origin }, 'GET')).toBe(ALLOW)
  })

  test.each([
    ...[
      EVIL,
      'null',
      '',
      `${APP}/`,
      `${APP}:443`,
      `${APP}.evil.example`,
      'https://APP.example.com',
    ],
    ...['http://app.example.com', 'app.example.com', ` ${APP}`, `${APP} ${EVIL}`, `${APP},${EVIL}`],
    ...[`${APP}\xa0`, '*', 'https://example.com', 'https://app-example.com'],
  ])('a request from %j is rejected', async (Origin) => {
    for (const method of ['POST', 'DELETE', 'GET', 'HEAD']) {
      expect(await send({ Origin }, method)).toBe(DENIED)
      expect(await send({ Origin, 'Sec-Fetch-Site': 'same-origin' }, method)).toBe(DENIED)
    }
  })

  test.each([[[APP, EVIL]], [[EVIL, APP]], [[APP, APP]]])(
    'a request with two origins is rejected: %j',
    async (Origin) => {
      expect(await send({ Origin })).toBe(DENIED)
    },
  )

  test.each(['GET', 'HEAD', 'OPTIONS'])(
    'a %s without an Origin is accepted, because it changes nothing',
    async (method) => {
      expect(await send({}, method)).toBe(isSocket ? DENIED : ALLOW)
      expect(await send({ 'Sec-Fetch-Site': 'none' }, method)).toBe(isSocket ? DENIED : ALLOW)
      const navigation = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' }
      expect(await send(navigation, method)).toBe(isSocket ? DENIED : ALLOW)
      const socket = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'websocket' }
      expect(await send(socket, method)).toBe(DENIED)
    },
  )

  test.each([
    ['image', ALLOW],
    ['script', DENIED],
  ])('a GET for a page of another site that gets a %s', async (destination, outcome) => {
    const headers = {
      'Sec-Fetch-Site': 'cross-site',
      'Sec-Fetch-Mode': 'no-cors',
      'Sec-Fetch-Dest': destination,
    }

    expect(await send(headers, 'GET')).toBe(isSocket ? DENIED : outcome)
  })

  test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'QUERY', 'get', 'CONNECT'])(
    'a %s without an Origin is rejected, because it may change something',
    async (method) => {
      expect(await send({}, method)).toBe(DENIED)
      expect(await send({ 'Sec-Fetch-Site': 'same-site' }, method)).toBe(DENIED)
      expect(await send({ 'Sec-Fetch-Site': 'cross-site' }, method)).toBe(DENIED)
      expect(await send({ 'Sec-Fetch-Site': 'none' }, method)).toBe(DENIED)
      expect(await send({ 'Sec-Fetch-Site': 'same-origin' }, method)).toBe(ALLOW)
    },
  )

  test('a token that browsers do not attach by themselves may come from any origin', async () => {
    const request = { token, headers: { Origin: EVIL }, method: 'POST' }

    expect(await ask({ gateway, source: { ...source, header: 'Authorization' }, request })).toBe(
      ALLOW,
    )
  })

  test('another site cannot learn whether a token is bad', async () => {
    const request = { cookies: [`${NAME}=a.b.c`], headers: { Origin: EVIL }, method: 'POST' }

    expect(await ask({ gateway, source, request })).toBe(DENIED)
  })
})

test('a $connect never counts as a GET, even if an emulator says that it is one', async () => {
  const source = { cookie: NAME, origins: APP }
  const handler = createAuthorizer(verifier, { token: source, unauthorized: 'deny' })
  const event = { ...createAuthorizerEvent('websocket', { cookies }), httpMethod: 'GET' }

  expect(isAllowed(await handler(event))).toBe(false)
})

test('a REST API shows no identity sources, whatever an emulator sends', async () => {
  const request = { token }

  expect(
    await ask({
      gateway: 'rest-request',
      source: { header: 'Authorization' },
      request,
      identitySource: ['other'],
    }),
  ).toBe(ALLOW)
})

describe('a response for one origin is not cached for another', () => {
  const source = { cookie: NAME, origins: APP }
  const sent = (headers: Record<string, string>, method = 'POST') => ({ cookies, headers, method })

  test.each<[AuthorizerGateway, (values: string[]) => unknown]>([
    ['http-2.0', (values) => values],
    ['http-1.0', (values) => values.join(',')],
  ])('%s', async (gateway, show) => {
    const of = (request: TestRequest, values: string[]) =>
      ask({ gateway, source, request, identitySource: show(values) })

    expect(await of(sent({ Origin: APP }), [cookieHeader, APP])).toBe(ALLOW)
    expect(await of(sent({ Origin: APP }), [APP, 'GET', cookieHeader])).toBe(ALLOW)
    expect(await of(sent({ Origin: EVIL }), [cookieHeader, EVIL])).toBe(DENIED)
    expect(await of(sent({}, 'GET'), [])).toBe(ALLOW)
    // otherwise a response to the visitor's own request would be cached for requests that other sites cause
    expect(await of(sent({ Origin: APP }), [cookieHeader])).toBe(FAILED)
    expect(await of(sent({}, 'GET'), [cookieHeader])).toBe(FAILED)
    expect(await of(sent({ Origin: EVIL }), [cookieHeader])).toBe(FAILED)
    expect(await of(sent({ Origin: APP }), [cookieHeader, `${APP}/`])).toBe(FAILED)
    expect(await of(sent({ Origin: EVIL }), [cookieHeader, APP])).toBe(FAILED)
  })

  test('and the message says what to change', async () => {
    const events: AuthorizerEvent[] = []
    const handler = createAuthorizer(verifier, {
      token: source,
      onEvent: (event) => events.push(event),
    })
    const event = createAuthorizerEvent('http-2.0', sent({ Origin: APP }))

    await handler({ ...event, identitySource: [cookieHeader] } as never).catch(() => undefined)

    expect(String((events[0] as { error: Error }).error)).toContain(
      'Origin is no identity source of the authorizer',
    )
  })

  test('and a TOKEN event, which has no origin, fails', async () => {
    const events: AuthorizerEvent[] = []
    const onEvent = (event: AuthorizerEvent) => events.push(event)
    const event = { ...createAuthorizerEvent('rest-token'), authorizationToken: cookieHeader }

    await expect(createAuthorizer(verifier, { token: source, onEvent })(event)).rejects.toThrow(
      'could not decide (ERR_CONFIG_INVALID)',
    )
    expect(String((events[0] as { error: Error }).error)).toContain('"token.origins" needs')
    expect(isAllowed(await createAuthorizer(verifier, { token: { cookie: NAME } })(event))).toBe(
      true,
    )
  })
})
