/**
 * Another web site must not act with a visitor's cookie: not by a method that changes something, and not by a connection that
 * it can read and write (cross-site WebSocket hijacking), whose request is a GET.
 */
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http'
import { connect, createServer as createHttp2Server } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { createVerifier, type JwtGateError } from 'jwt-gate'
import { cookieToken, requireJwt, verifyRequest } from 'jwt-gate/express'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type BrowserRequest, isFromSite } from '../../src/verify/request-origin.ts'
import { claimsOf, now, trust } from './setup.ts'

const issuer = await createTestIssuer({ now })
const verifier = createVerifier(trust(issuer), { now })
const cookie = `__Host-t=${await issuer.token(claimsOf(issuer))}`
const getToken = cookieToken('__Host-t')

type Headers = Record<string, string>
const WEBSOCKET = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' }
const EVIL = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
const MODE = { 'sec-fetch-mode': 'websocket' }

/** What each surface says of a request that a real server got. */
async function statusOf(req: IncomingMessage): Promise<readonly [number, number]> {
  const byRequest = verifyRequest(verifier, req, { getToken }).then(
    () => 200,
    (error: JwtGateError) => error.status,
  )
  const byMiddleware = new Promise<number>((resolve) => {
    const next = (error?: unknown) => resolve(error ? (error as JwtGateError).status : 200)
    requireJwt(verifier, { getToken })(req as never, { locals: {} } as never, next)
  })
  return Promise.all([byRequest, byMiddleware])
}

/** Sends a request to a server that upgrades, or answers, as it is asked. */
async function ask(method: string, headers: Headers): Promise<readonly [number, number]> {
  let decide: (value: readonly [number, number]) => void = () => undefined
  const decided = new Promise<readonly [number, number]>((resolve) => {
    decide = resolve
  })
  const judge = (req: IncomingMessage) => void statusOf(req).then(decide)
  const server = createServer((req, res) => {
    judge(req)
    res.end()
  })
  for (const event of ['upgrade', 'connect'] as const) {
    server.on(event, (req, socket) => {
      judge(req)
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')
    })
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const sent = httpRequest({ port, host: '127.0.0.1', method, path: '/', headers })
  sent.on('error', () => undefined).on('response', (res) => res.resume())
  sent.end()
  return decided
}

describe('an upgrade', () => {
  test.each<[string, Headers]>([
    ['of another site', { ...WEBSOCKET, ...EVIL, ...MODE }],
    ['of another site, without the mode', { ...WEBSOCKET, ...EVIL }],
    ['of a sibling domain', { ...WEBSOCKET, ...MODE, 'sec-fetch-site': 'same-site' }],
    ['of a browser that says no site', { ...WEBSOCKET, origin: 'https://evil.example' }],
    ['of a sandboxed frame', { ...WEBSOCKET, origin: 'null' }],
    ['that says nothing', WEBSOCKET],
    ['to another protocol', { connection: 'upgrade', upgrade: 'h2c', ...EVIL }],
    ['that a proxy has made plainer', { upgrade: 'websocket', ...EVIL }],
    ['that lists more', { ...WEBSOCKET, connection: 'keep-alive, Upgrade', ...EVIL }],
    ['with the site said twice', { ...WEBSOCKET, 'sec-fetch-site': 'same-origin, cross-site' }],
  ])('%s is rejected', async (_name, headers) => {
    expect(await ask('GET', { host: 'app.example', cookie, ...headers })).toEqual([403, 403])
  })

  test.each<[string, Headers]>([
    ['by what the browser says', { 'sec-fetch-site': 'same-origin', ...MODE }],
    ['by its origin', { origin: 'https://app.example' }],
  ])('of a page of this site is accepted, %s', async (_name, headers) => {
    const all = { host: 'app.example', cookie, ...WEBSOCKET, ...headers }

    expect(await ask('GET', all)).toEqual([200, 200])
  })

  test('by CONNECT is held to the same', async () => {
    const headers = { host: 'app.example', cookie }

    expect(await ask('CONNECT', { ...headers, ...EVIL })).toEqual([403, 403])
    expect(await ask('CONNECT', { ...headers, origin: 'https://app.example' })).toEqual([200, 200])
  })
})

describe('a safe method', () => {
  test.each<[string, Headers]>([
    ['a link', { 'sec-fetch-mode': 'navigate' }],
    ['an image', { 'sec-fetch-mode': 'no-cors' }],
    ['a fetch, whose answer CORS keeps from it', { 'sec-fetch-mode': 'cors', ...EVIL }],
  ])('passes for %s on another site', async (_name, headers) => {
    const all = { host: 'app.example', cookie, 'sec-fetch-site': 'cross-site', ...headers }

    expect(await ask('GET', all)).toEqual([200, 200])
  })

  test.each(['websocket', 'webtransport', 'a mode of tomorrow'])(
    'is rejected for the mode %s of another site',
    async (mode) => {
      const headers = { host: 'app.example', cookie, ...EVIL, 'sec-fetch-mode': mode }

      expect(await ask('GET', headers)).toEqual([403, 403])
    },
  )
})

test('over HTTP/2, the host is :authority, whatever Host says', async () => {
  const answers: (readonly [number, number])[] = []
  const server = createHttp2Server({ settings: { enableConnectProtocol: true } })
  for (const event of ['request', 'connect'] as const) {
    server.on(event as 'request', (req, res) => {
      void statusOf(req as never).then((one) => {
        answers.push(one)
        res.end()
      })
    })
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const session = connect(`http://127.0.0.1:${port}`)
  onTestFinished(() => {
    session.destroy()
    server.close()
  })
  await new Promise((resolve) => session.once('remoteSettings', resolve))
  const send = (headers: Headers) =>
    new Promise((resolve) => {
      const stream = session.request({ ':authority': 'app.example', cookie, ...headers })
      stream.on('close', resolve).resume()
      stream.end()
    })
  const origin = 'https://app.example'

  await send({ ':method': 'POST', origin })
  await send({ ':method': 'POST', origin: 'https://evil.example', host: 'evil.example' })
  await send({ ':method': 'POST', origin, host: 'evil.example' })
  await send({
    ':method': 'CONNECT',
    ':protocol': 'websocket',
    ':scheme': 'http',
    ':path': '/',
    ...EVIL,
  })

  expect(answers).toEqual([
    [200, 200],
    [403, 403],
    [200, 200],
    [403, 403],
  ])
})

describe('a check of the user that is no plain true', () => {
  test.each([
    ['a promise', async () => true],
    ['a text', () => 'true'],
    ['nothing', () => undefined],
  ])('rejects: it returns %s', async (_name, csrf) => {
    const read = cookieToken('__Host-t', { csrf: csrf as never })
    const req = { method: 'GET', headers: { cookie }, rawHeaders: [] } as never

    expect(() => read(req)).toThrow(expect.objectContaining({ code: 'ERR_ACCESS_DENIED' }))
  })
})

test('the decision itself, case by case', () => {
  const base = { method: 'GET', isUpgrade: false, host: 'a.example' }
  const absent = { origin: undefined, secFetchSite: undefined, secFetchMode: undefined }
  const decide = (change: Partial<BrowserRequest>) => isFromSite({ ...base, ...absent, ...change })

  expect(decide({})).toBe(true)
  expect(decide({ secFetchSite: 'none', secFetchMode: 'navigate' })).toBe(true)
  expect(decide({ secFetchSite: 'same-origin', secFetchMode: 'websocket' })).toBe(true)
  expect(decide({ method: undefined })).toBe(false)
  expect(decide({ method: 'get' })).toBe(false)
  expect(decide({ method: 'POST', origin: 'https://a.example' })).toBe(true)
  expect(decide({ method: 'POST', origin: 'https://a.example:8443' })).toBe(false)
  expect(decide({ method: 'POST', origin: 'https://a.example', secFetchSite: 'cross-site' })).toBe(
    false,
  )
  expect(decide({ method: 'POST', origin: 'https://a.example', host: undefined })).toBe(false)
  expect(decide({ method: 'POST', origin: '' })).toBe(false)
})
