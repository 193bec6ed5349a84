/**
 * API Gateway caches an answer by its identity sources alone. So the answer that one token got must never be cached by what
 * requests with another token, or with none, have as well; and another site must not be able to act with a visitor's cookie.
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
  /** The values of the identity sources, where the event shows them. */
  readonly identitySource?: unknown
  readonly options?: AuthorizerOptions
}

/** What an authorizer makes of a request: allowed, refused or failed, and why. */
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

describe('an answer is cached for the token that it was given for', () => {
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
      ['a header among others', { header: 'X-Token' }, sent, ['acme', token, 'GET /']],
      ['the query', { query: 'token' }, sent, [token]],
      ['the Cookie header', { cookie: NAME }, sent, [cookieHeader]],
      ['one of several cookies', { cookie: NAME }, sent, cookies],
    ])('by its place: %s', async (_, source, request, values) => {
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
      ['the route alone', { query: 'token' }, sent, ['GET /']],
    ])('never by %s', async (_, source, request, values) => {
      const asked = { gateway, source, request, options }

      expect(await ask({ ...asked, identitySource: show(values) })).toBe(FAILED)
      expect(await ask({ ...asked, identitySource: show([...values, good]) })).toBe(ALLOW)
    })

    test('and the message says what to do', async () => {
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

    test('a bad token is not looked at where the answer would be cached for others', async () => {
      const asked = { gateway, source: { cookie: NAME }, options, identitySource: show(['acme']) }

      expect(await ask({ ...asked, request: { cookies: [`${NAME}=a.b.c`] } })).toBe(FAILED)
    })
  })
})

describe.each(ANY_HEADER)('with several places, on %s', (gateway) => {
  const source = { header: 'Authorization', cookie: NAME, query: 'token' }

  test.each<[string, TestRequest]>([
    ['the cookie', { cookies }],
    ['the query', { query: { token } }],
    ['the cookie and an empty header', { headers: { Authorization: '' }, cookies }],
  ])('%s counts', async (_, request) => {
    expect(await ask({ gateway, source, request })).toBe(ALLOW)
  })

  test.each([BASIC, 'Digest x', 'Bearerx', token, ' ', 'Negotiate'])(
    'no token counts beside Authorization: %s, which anybody can send',
    async (Authorization) => {
      for (const place of [{ cookies }, { query: { token } }]) {
        const request = { ...place, headers: { Authorization } }

        expect(await ask({ gateway, source, request, identitySource: [] })).toBe(REQUEST)
      }
    },
  )
})

test('the one value of a TOKEN event stands for every place', async () => {
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

  test.each([APP, 'http://localhost:3000'])('a page of %s may', async (Origin) => {
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
  ])('a page of %j may not', async (Origin) => {
    for (const method of ['POST', 'DELETE', 'GET', 'HEAD']) {
      expect(await send({ Origin }, method)).toBe(DENIED)
      expect(await send({ Origin, 'Sec-Fetch-Site': 'same-origin' }, method)).toBe(DENIED)
    }
  })

  test.each([[[APP, EVIL]], [[EVIL, APP]], [[APP, APP]]])(
    'nor one with the origins %j',
    async (Origin) => {
      expect(await send({ Origin })).toBe(DENIED)
    },
  )

  test.each(['GET', 'HEAD', 'OPTIONS'])(
    'a %s without an origin reads, and changes nothing',
    async (method) => {
      expect(await send({}, method)).toBe(isSocket ? DENIED : ALLOW)
      expect(await send({ 'Sec-Fetch-Site': 'none' }, method)).toBe(isSocket ? DENIED : ALLOW)
      const navigation = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' }
      expect(await send(navigation, method)).toBe(isSocket ? DENIED : ALLOW)
      const socket = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'websocket' }
      expect(await send(socket, method)).toBe(DENIED)
    },
  )

  test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'QUERY', 'get', 'CONNECT'])(
    'a %s without an origin may change something',
    async (method) => {
      expect(await send({}, method)).toBe(DENIED)
      expect(await send({ 'Sec-Fetch-Site': 'same-site' }, method)).toBe(DENIED)
      expect(await send({ 'Sec-Fetch-Site': 'cross-site' }, method)).toBe(DENIED)
      expect(await send({ 'Sec-Fetch-Site': 'none' }, method)).toBe(DENIED)
      expect(await send({ 'Sec-Fetch-Site': 'same-origin' }, method)).toBe(ALLOW)
    },
  )

  test('a token that no browser attaches by itself may come from anywhere', async () => {
    const request = { token, headers: { Origin: EVIL }, method: 'POST' }

    expect(await ask({ gateway, source: { ...source, header: 'Authorization' }, request })).toBe(
      ALLOW,
    )
  })

  test('a page elsewhere learns nothing of a bad token', async () => {
    const request = { cookies: [`${NAME}=a.b.c`], headers: { Origin: EVIL }, method: 'POST' }

    expect(await ask({ gateway, source, request })).toBe(DENIED)
  })
})

describe('an answer for one origin is not cached for another', () => {
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
    // the first of a visitor's own requests would be cached for all that other sites cause
    expect(await of(sent({ Origin: APP }), [cookieHeader])).toBe(FAILED)
    expect(await of(sent({}, 'GET'), [cookieHeader])).toBe(FAILED)
    expect(await of(sent({ Origin: EVIL }), [cookieHeader])).toBe(FAILED)
    expect(await of(sent({ Origin: APP }), [cookieHeader, `${APP}/`])).toBe(FAILED)
    expect(await of(sent({ Origin: EVIL }), [cookieHeader, APP])).toBe(FAILED)
  })

  test('and a TOKEN event, which has no origin, is a failure', async () => {
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
