/**
 * A page of another site must not use a visitor's cookie in requests that are no upgrades or only look like upgrades, over
 * HTTP/1.1 and HTTP/2 (RFC 9113 s8.3.1, RFC 8441 s4).
 */
import { once } from 'node:events'
import {
  connect,
  createServer as createHttp2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type OutgoingHttpHeaders,
} from 'node:http2'
import type { AddressInfo } from 'node:net'
import { createVerifier } from 'jwt-gate'
import { authErrorHandler, cookieToken, requireJwt, verifyRequest } from 'jwt-gate/express'
import { createTestIssuer } from 'jwt-gate/testing'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { EXPRESS_VERSIONS } from '../support/express-versions.ts'
import { type Client, serve } from '../support/http.ts'
import { claimsOf, now, trust } from './setup.ts'

const issuer = await createTestIssuer({ now })
const verifier = createVerifier(trust(issuer), { now })
const cookie = `access_token=${await issuer.token(claimsOf(issuer))}`
const getToken = cookieToken('access_token')

const EVIL = 'https://evil.example'
const SITE = 'https://app.example'
const NO_CORS = { 'sec-fetch-mode': 'no-cors' }
const CROSS_SITE = { origin: EVIL, 'sec-fetch-site': 'cross-site' }

const accidents: unknown[] = []
const record = (error: unknown): unknown => accidents.push(error)
beforeEach(() => {
  accidents.length = 0
  process.on('unhandledRejection', record)
})
afterEach(() => {
  process.off('unhandledRejection', record)
  expect(accidents).toEqual([])
})

describe.each(EXPRESS_VERSIONS)('over HTTP/1.1, on %s', (_, express) => {
  function start(csrf?: () => unknown): Promise<Client> {
    const token = csrf ? cookieToken('access_token', { csrf: csrf as () => boolean }) : getToken
    const app = express()
    app.use(requireJwt(verifier, { getToken: token }), (_req, res) => {
      res.sendStatus(200)
    })
    return serve(app.use(authErrorHandler()))
  }

  test.each<[string, string, Record<string, string | string[]>]>([
    ['an upgrade to WebSocket', 'GET', { upgrade: 'websocket', connection: 'Upgrade' }],
    ['an upgrade without its Connection header', 'GET', { upgrade: 'websocket' }],
    [
      'a handshake without Connection and Upgrade',
      'GET',
      { 'sec-websocket-key': 'AQIDBAUGBwgJCgsMDQ4PEA==' },
    ],
    ['a handshake with its version header alone', 'GET', { 'sec-websocket-version': '13' }],
    ['a handshake that only Sec-Fetch-Mode reveals', 'GET', { 'sec-fetch-mode': 'websocket' }],
    ['an upgrade with the method HEAD', 'HEAD', { upgrade: 'h2c', connection: 'Upgrade' }],
    ['a form', 'POST', {}],
    ['a method that browsers do not use', 'PROPFIND', {}],
  ])('another site cannot send %s', async (_title, method, headers) => {
    const ask = await start()
    const send = (more: object) =>
      ask('/', { method, headers: { cookie, host: 'app.example', ...headers, ...more } })

    const answers = [
      await send({ origin: EVIL }),
      await send({ ...CROSS_SITE, 'sec-fetch-mode': headers['sec-fetch-mode'] ?? 'navigate' }),
      await send({ 'sec-fetch-site': 'same-origin' }),
    ]

    expect(answers.map((one) => one.status)).toEqual([403, 403, 200])
  })

  test.each(['none', 'cross-site'])(
    'a navigation (%s) is accepted behind a proxy that adds Connection: upgrade to every request',
    async (site) => {
      const ask = await start()
      const headers = {
        connection: 'upgrade',
        'sec-fetch-site': site,
        'sec-fetch-mode': 'navigate',
      }

      expect((await ask('/', { headers: { cookie, ...headers } })).status).toBe(200)
    },
  )

  test.each<[string, Record<string, string | string[]>, number]>([
    ['a link', { 'sec-fetch-mode': 'navigate' }, 200],
    ['an image', { 'sec-fetch-mode': 'no-cors' }, 200],
    ['a script, which a page can run (JSONP)', { ...NO_CORS, 'sec-fetch-dest': 'script' }, 403],
    ['an image, by its Sec-Fetch-Dest', { ...NO_CORS, 'sec-fetch-dest': 'image' }, 200],
    ['fetch(), whose response CORS does not let the page read', { 'sec-fetch-mode': 'cors' }, 200],
    ['an impossible mode', { 'sec-fetch-mode': 'same-origin' }, 403],
    ['an unknown mode', { 'sec-fetch-mode': 'webtransport' }, 403],
    // only a client that is no browser sends one of these headers without the other
    ['no mode', {}, 200],
    ['two modes', { 'sec-fetch-mode': ['navigate', 'websocket'] }, 403],
    ['two halves of a mode', { 'sec-fetch-mode': ['navi', 'gate'] }, 403],
  ])('a GET from another site by %s gets the right status', async (_, mode, status) => {
    const ask = await start()

    const answers = [
      await ask('/', { headers: { cookie, ...CROSS_SITE, ...mode } }),
      await ask('/', { headers: { cookie, ...mode, 'sec-fetch-site': 'same-site' } }),
    ]

    expect(answers.map((one) => one.status)).toEqual([status, status])
  })

  test.each<[string, () => unknown]>([
    ['resolves to true', () => Promise.resolve(true)],
    ['rejects', () => Promise.reject(new Error('the session store is down'))],
    // biome-ignore lint/suspicious/noThenProperty: that is the attack
    ['is a thenable that never settles', () => ({ then: () => undefined })],
    ['is a string', () => 'true'],
    ['is a number', () => 1],
    ['is an object', () => new Boolean(true)],
    ['is undefined', () => undefined],
  ])('a result of "csrf" that %s rejects the request', async (_title, csrf) => {
    const ask = await start(csrf)

    const answer = await ask('/', { headers: { cookie } })

    expect(answer.status).toBe(403)
  })

  test('a result of "csrf" that is true accepts the request', async () => {
    const ask = await start(() => true)

    const answer = await ask('/', { method: 'POST', headers: { cookie } })

    expect(answer.status).toBe(200)
  })
})

describe('over HTTP/2', () => {
  /** The status of one request to a server that accepts only verified requests, extended CONNECT included. */
  async function ask(headers: OutgoingHttpHeaders): Promise<number | undefined> {
    const server = createHttp2Server({ settings: { enableConnectProtocol: true } })
    const guard = async (req: Http2ServerRequest, res: Http2ServerResponse): Promise<void> => {
      try {
        await verifyRequest(verifier, req as never, { getToken })
        res.writeHead(200).end()
      } catch (error) {
        res.writeHead((error as { statusCode: number }).statusCode).end()
      }
    }
    server.on('request', guard).on('connect', guard)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    onTestFinished(() => {
      session.destroy()
      server.close()
    })
    // a client may send :protocol only after this
    await once(session, 'remoteSettings')
    const stream = session.request({ ':authority': 'app.example', cookie, ...headers })
    const [answer] = await once(stream.end(), 'response')
    return answer[':status']
  }

  const TUNNEL = { ':method': 'CONNECT', ':scheme': 'http', ':path': '/', ':protocol': 'websocket' }

  test.each<[string, OutgoingHttpHeaders, number]>([
    ['a page of this site', { origin: SITE }, 200],
    ['a page of this site, by Sec-Fetch-Site', { 'sec-fetch-site': 'same-origin' }, 200],
    ['a page of another site', { origin: EVIL }, 403],
    [
      'a page of another site that also sends its own host',
      { origin: EVIL, host: 'evil.example' },
      403,
    ],
    [
      'a page of this site, with a second host of another site',
      { origin: SITE, host: 'evil.example' },
      200,
    ],
    ['a page of another site, by Sec-Fetch-Site', CROSS_SITE, 403],
    ['an unknown origin', {}, 403],
  ])('a WebSocket and a form from %s get the right status', async (_title, headers, status) => {
    expect(await ask({ ...TUNNEL, ...headers })).toBe(status)
    expect(await ask({ ':method': 'POST', ...headers })).toBe(status)
  })

  test('a plain GET from another site is accepted', async () => {
    expect(await ask({ ...CROSS_SITE, 'sec-fetch-mode': 'navigate' })).toBe(200)
  })
})
