/**
 * Cookies, origins and several credentials, in web-standard requests and in events: the rules of Express hold there too.
 */
import { createVerifier } from 'jwt-gate'
import { cookieToken, verifyRequest } from 'jwt-gate/fetch'
import { verifyEvent } from 'jwt-gate/lambda'
import { createHandlerEvent, createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { ACCEPTED, claimsOf, now, sayOf, trust } from './setup.ts'

const issuer = await createTestIssuer({ now })
const verifier = createVerifier(trust(issuer), { now })
const token = await issuer.token(claimsOf(issuer))
const other = await issuer.token({ ...claimsOf(issuer), sub: 'mallory' })
const getToken = cookieToken('access_token')
const HOST = 'app.example'
const SITE = `https://${HOST}`
const EVIL = 'https://evil.example'
const DENIED = 'ERR_ACCESS_DENIED'
const REPEATED = 'ERR_TOKEN_REQUEST repeated'

interface Sent {
  readonly method?: string
  readonly headers: Readonly<Record<string, string>>
}

type Surface = (sent: Sent) => Promise<string>

const byFetch: Surface = ({ method = 'GET', headers }) => {
  const request = new Request(`${SITE}/orders`, { method, headers: { host: HOST, ...headers } })
  return sayOf(() => verifyRequest(verifier, request, { getToken }))
}

const byEvent: Surface = ({ method, headers: { cookie = '', ...headers } }) => {
  const cookies = cookie.split('; ')
  const event = createHandlerEvent('function-url', { method, cookies, headers })
  const sent = { ...event, headers: { ...event.headers, host: HOST } }
  return sayOf(() => verifyEvent(verifier, sent, { token: { cookie: 'access_token' } }))
}

describe.each<[string, Surface]>([
  ['a web-standard request', byFetch],
  ['the event of a function URL', byEvent],
])('with a cookie in %s', (_, say) => {
  const cookie = `access_token=${token}`

  test.each<[string, string, Record<string, string>, string]>([
    ['its own page may post', 'POST', { origin: SITE }, ACCEPTED],
    [
      'its own page may post, says the browser',
      'POST',
      { 'sec-fetch-site': 'same-origin' },
      ACCEPTED,
    ],
    [
      'a link of another site may navigate',
      'GET',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
      ACCEPTED,
    ],
    ['a client without a browser may read', 'GET', {}, ACCEPTED],
    ['another site cannot post', 'POST', { origin: EVIL }, DENIED],
    [
      'another site cannot post, says the browser',
      'POST',
      { origin: EVIL, 'sec-fetch-site': 'cross-site' },
      DENIED,
    ],
    [
      'a sibling site cannot post',
      'POST',
      { origin: `https://x.${HOST}`, 'sec-fetch-site': 'same-site' },
      DENIED,
    ],
    ['a page without an origin cannot post', 'POST', { origin: 'null' }, DENIED],
    ['a form without an origin cannot post', 'POST', {}, DENIED],
    ['two origins cannot post', 'POST', { origin: `${SITE}, ${EVIL}` }, DENIED],
    ['a made-up method counts as unsafe', 'PURGE', { origin: EVIL }, DENIED],
    [
      'another site cannot include it as a script',
      'GET',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' },
      DENIED,
    ],
    ['another site cannot open a WebSocket', 'GET', { upgrade: 'websocket', origin: EVIL }, DENIED],
    [
      'another site cannot open a WebSocket that only its key reveals',
      'GET',
      { 'sec-websocket-key': 'AQIDBAUGBwgJCgsMDQ4PEA==', origin: EVIL },
      DENIED,
    ],
  ])('%s', async (_title, method, headers, outcome) => {
    expect(await say({ method, headers: { cookie, ...headers } })).toBe(outcome)
  })

  test('a cookie that was sent twice is rejected', async () => {
    expect(await say({ headers: { cookie: `${cookie}; access_token=${other}` } })).toBe(REPEATED)
  })

  test('a cookie with another name is none', async () => {
    expect(await say({ headers: { cookie: `xaccess_token=${token}` } })).toBe('ERR_TOKEN_MISSING')
    expect(await say({ headers: { cookie: `Access_Token=${token}` } })).toBe('ERR_TOKEN_MISSING')
  })
})

test('in a web-standard request, a cookie beside a bearer token is rejected', async () => {
  const headers = { cookie: `access_token=${token}`, authorization: `Bearer ${other}` }

  expect(await byFetch({ headers })).toBe(REPEATED)
})

test.each(['function-url', 'rest', 'alb-multi-value'] as const)(
  'in an event of the kind %s, a cookie beside a bearer token is rejected',
  async (gateway) => {
    const event = createHandlerEvent(gateway, { token: other, cookies: [`access_token=${token}`] })
    const place = { header: 'Authorization', cookie: 'access_token' }

    expect(await sayOf(() => verifyEvent(verifier, event, { token: place }))).toBe(REPEATED)
  },
)

describe('two Authorization headers', () => {
  test.each<[string, string, string, string]>([
    ['two tokens', `Bearer ${token}`, `Bearer ${other}`, REPEATED],
    ['twice the same token', `Bearer ${token}`, `Bearer ${token}`, REPEATED],
    ['another scheme after it', `Bearer ${token}`, 'Basic YTpi', REPEATED],
    ['another scheme before it', 'Basic YTpi', `Bearer ${token}`, 'ERR_TOKEN_MISSING scheme'],
  ])('of a web-standard request: %s', async (_title, first, second, outcome) => {
    const headers = new Headers([
      ['authorization', first],
      ['authorization', second],
    ])

    expect(await sayOf(() => verifyRequest(verifier, new Request(SITE, { headers })))).toBe(outcome)
  })

  test.each([
    'function-url',
    'http-1.0',
    'http-2.0',
    'rest',
    'websocket',
    'alb-multi-value',
  ] as const)('of an event of the kind %s', async (gateway) => {
    const headers = { authorization: [`Bearer ${token}`, `Bearer ${other}`] }
    const spelled = { authorization: `Bearer ${token}`, Authorization: `Bearer ${other}` }

    for (const sent of [headers, spelled]) {
      const event = createHandlerEvent(gateway, { headers: sent })
      expect(await sayOf(() => verifyEvent(verifier, event))).toBe(REPEATED)
    }
  })
})

describe('the origins that an event may come from', () => {
  const cookies = [`access_token=${token}`]
  const place = { cookie: 'access_token', origins: SITE }
  const say = (gateway: 'rest' | 'websocket', headers: Record<string, string>, method = 'POST') =>
    sayOf(() =>
      verifyEvent(verifier, createHandlerEvent(gateway, { method, cookies, headers }), {
        token: place,
      }),
    )

  test.each(['rest', 'websocket'] as const)('are those of the list: %s', async (gateway) => {
    expect(await say(gateway, { Origin: SITE })).toBe(ACCEPTED)
    expect(await say(gateway, { Origin: EVIL })).toBe(DENIED)
    expect(await say(gateway, { Origin: EVIL, 'Sec-Fetch-Site': 'same-origin' })).toBe(DENIED)
    expect(await say(gateway, { Origin: `${SITE}.evil.example` })).toBe(DENIED)
    expect(await say(gateway, {})).toBe(DENIED)
  })

  test('a $connect never counts as a GET', async () => {
    expect(await say('rest', {}, 'GET')).toBe(ACCEPTED)
    expect(await say('websocket', {}, 'GET')).toBe(DENIED)
  })

  test('without a list, only the host of a $connect may open it', async () => {
    const event = (origin: string) =>
      createHandlerEvent('websocket', { cookies, headers: { Origin: origin } })
    const options = { token: { cookie: 'access_token' } }
    const host = 'https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com'

    expect(await sayOf(() => verifyEvent(verifier, event(host), options))).toBe(ACCEPTED)
    expect(await sayOf(() => verifyEvent(verifier, event(EVIL), options))).toBe(DENIED)
  })
})
