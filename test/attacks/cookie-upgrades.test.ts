/**
 * A page of another site must not open a connection with a visitor's cookie: WebSocket upgrades, other upgrades, and CONNECT
 * (RFC 9110 s7.8, RFC 6455 s10.2, RFC 8441). CORS does not apply to any of them.
 */
import { createServer, type IncomingMessage, type RequestListener, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { createVerifier } from 'jwt-gate'
import { authErrorHandler, cookieToken, requireJwt, verifyRequest } from 'jwt-gate/express'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { talk } from '../express/raw-socket.ts'
import { EXPRESS_VERSIONS, type Express } from '../support/express-versions.ts'
import { claimsOf, now, trust } from './setup.ts'

const issuer = await createTestIssuer({ now })
const verifier = createVerifier(trust(issuer), { now })
const cookie = `access_token=${await issuer.token(claimsOf(issuer))}`
const getToken = cookieToken('access_token')

type Headers = Readonly<Record<string, string>>
type Guard = (req: IncomingMessage, socket: Duplex, accept: () => void) => void

/** As the docs recommend: the request is verified before the connection is upgraded. */
const byVerifyRequest: Guard = async (req, socket, accept) => {
  try {
    await verifyRequest(verifier, req, { getToken })
    accept()
  } catch (error) {
    socket.end(`HTTP/1.1 ${(error as { statusCode: number }).statusCode} No\r\n\r\n`)
  }
}

/** As packages do that pass upgrades through the routes of an app. */
function byRequireJwt(express: Express): Guard {
  return (req, socket, accept) => {
    const app = express()
    app.use(requireJwt(verifier, { getToken }), accept)
    app.use(authErrorHandler())
    const res = new ServerResponse(req)
    res.shouldKeepAlive = false
    res.assignSocket(socket as never)
    res.on('finish', () => socket.end())
    ;(app as RequestListener)(req, res)
  }
}

const GUARDS: readonly [string, Guard][] = [
  ['verifyRequest', byVerifyRequest],
  ...EXPRESS_VERSIONS.map(([version, express]): [string, Guard] => [
    `requireJwt on ${version}`,
    byRequireJwt(express),
  ]),
]

/** A server whose connections are for the site's own pages only. */
async function start(guard: Guard): Promise<number> {
  const sockets = new WebSocketServer({ noServer: true })
  const server = createServer((_req, res) => res.writeHead(426).end())
  server.on('upgrade', (req, socket, head) => {
    socket.on('error', () => socket.destroy())
    guard(req, socket, () => {
      if (req.headers['sec-websocket-key'] === undefined) {
        socket.end('HTTP/1.1 101 Open\r\n\r\nsecret')
      } else {
        sockets.handleUpgrade(req, socket, head, (ws) => ws.send('secret'))
      }
    })
  })
  server.on('connect', (req, socket) => {
    guard(req, socket, () => socket.end('HTTP/1.1 200 Open\r\n\r\nsecret'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const ws of sockets.clients) ws.terminate()
    server.close().closeAllConnections()
  })
  return (server.address() as AddressInfo).port
}

/** What a page sees of a WebSocket: the first message, or the status of the rejection. */
function openWebSocket(port: number, headers: Headers): Promise<string | number | undefined> {
  const ws = new WebSocket(`ws://127.0.0.1:${port}`, { headers: { cookie, ...headers } })
  onTestFinished(() => ws.terminate())
  return new Promise((resolve, reject) => {
    ws.once('message', (data) => resolve(String(data)))
    ws.once('unexpected-response', (_req, res) => resolve(res.resume().statusCode))
    ws.once('error', reject)
  })
}

/** The same with a hand-written request. */
async function send(port: number, line: string, headers: Headers): Promise<string> {
  const all = Object.entries({ host: 'app.example', cookie, ...headers })
  const text = all.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return await talk(port, { pieces: [Buffer.from(`${line}\r\n${text}\r\n`)], half: false })
}

const EVIL = 'https://evil.example'

describe.each(GUARDS)('%s', (_, guard) => {
  test.each<[string, Headers]>([
    [
      'another site, in a browser that sends Sec-Fetch-Site',
      { origin: EVIL, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'websocket' },
    ],
    [
      'another site, with headers of a plain read',
      { origin: EVIL, 'sec-fetch-site': 'cross-site' },
    ],
    [
      'another site, with headers of a navigation',
      { origin: EVIL, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
    ],
    ['a sibling domain', { origin: 'https://a.app.example', 'sec-fetch-site': 'same-site' }],
    ['no site, by Sec-Fetch-Site', { 'sec-fetch-site': 'none' }],
    ['another site, in an older browser', { origin: EVIL }],
    ['another port of this site', { origin: 'https://app.example:8443' }],
    ['a page without an origin', { origin: 'null' }],
    ['an unknown origin', {}],
    ['this site and another one', { origin: `https://app.example, ${EVIL}` }],
    ['this site with a path, and another one', { origin: `https://app.example/, ${EVIL}` }],
    [
      'another site with this site as its user name',
      { origin: 'https://evil.example@app.example' },
    ],
    ['another scheme', { origin: 'app://app.example' }],
    ['two values of Sec-Fetch-Site', { 'sec-fetch-site': 'same-origin, cross-site' }],
  ])('opens no WebSocket: %s', async (_title, headers) => {
    const port = await start(guard)

    const seen = await openWebSocket(port, { host: 'app.example', ...headers })

    expect(seen).toBe(403)
  })

  test.each<[string, Headers]>([
    [
      'in a browser that sends Sec-Fetch-Site',
      { origin: 'https://app.example', 'sec-fetch-site': 'same-origin' },
    ],
    ['in an older browser', { origin: 'https://app.example' }],
  ])('opens a WebSocket for a page of this site, %s', async (_title, headers) => {
    const port = await start(guard)

    const seen = await openWebSocket(port, { host: 'app.example', ...headers })

    expect(seen).toBe('secret')
  })

  test.each<[string, string, Headers]>([
    ['h2c', 'GET / HTTP/1.1', { upgrade: 'h2c', connection: 'Upgrade, HTTP2-Settings' }],
    ['any other protocol', 'GET / HTTP/1.1', { upgrade: 'x', connection: 'keep-alive, UPGRADE' }],
  ])('opens no connection with %s for another site', async (_title, line, headers) => {
    await expectClosed(await start(guard), line, headers)
  })
})

// Express has no route for the target of a CONNECT
test('verifyRequest opens no CONNECT tunnel for another site', async () => {
  await expectClosed(await start(byVerifyRequest), 'CONNECT app.example:443 HTTP/1.1', {})
})

async function expectClosed(port: number, line: string, headers: Headers): Promise<void> {
  const from = (origin: string) => ({ ...headers, origin })
  const crossSite = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }

  const answers = [
    await send(port, line, from(EVIL)),
    await send(port, line, { ...from(EVIL), ...crossSite }),
    await send(port, line, from('https://app.example')),
  ]

  expect(answers[0]).toMatch(/^HTTP\/1.1 403 /)
  expect(answers[1]).toMatch(/^HTTP\/1.1 403 /)
  expect(answers[2]).toMatch(/^HTTP\/1.1 (?:101|200) Open\r\n\r\nsecret$/)
}
