/**
 * The test issuer's server, and requests that no normal client would send: none of them ends the process or the server.
 */
import { connect } from 'node:net'
import { createTestIssuer } from 'jwt-gate/testing'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { talk } from '../express/raw-socket.ts'

const issuer = await createTestIssuer({ now: () => 1_784_514_532_999 })
let port = 0
beforeAll(async () => {
  port = Number(new URL(await issuer.listen()).port)
})
afterAll(issuer.close)
// an unhandled rejection would end the process; the runner reports it as an error of this file
afterEach(async () => {
  const answer = await fetch(issuer.jwksUri)
  expect(await answer.json()).toEqual(issuer.jwks)
})

const PATH = '/eu-west-1_TestPool1/.well-known/jwks.json'

/** The status of the response to these bytes, or 0 if the connection was closed without one. */
async function statusOf(text: string): Promise<number> {
  const answer = await talk(port, { pieces: [Buffer.from(text, 'latin1')], half: false })
  return Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0)
}

const get = (target: string, host: string, method = 'GET') =>
  statusOf(`${method} ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)

test('a good request gets the keys, even with an absolute URL as its target', async () => {
  expect(await get(PATH, `127.0.0.1:${port}`)).toBe(200)
  expect(await get(`http://127.0.0.1:${port}${PATH}`, `127.0.0.1:${port}`)).toBe(200)
})

test.each([
  ...[
    '',
    'a b',
    '[',
    '[::1',
    'a:b',
    'a:99999',
    'a<b',
    '%',
    '%zz',
    'a/b',
    'a?b',
    'a#b',
    'a@b',
    'a\\b',
  ],
  ...['127.0.0.1:80:80', '1.2.3.4.5.6.', '\xa0', '\xff\xfe', '999.999.999.999', '^', 'a|b', ':'],
])('the Host %j is rejected', async (host) => {
  expect(await get(PATH, host)).toBe(400)
})

test('a request without Host is rejected', async () => {
  expect(await statusOf(`GET ${PATH} HTTP/1.0\r\n\r\n`)).toBe(400)
  expect(await statusOf(`GET ${PATH} HTTP/1.1\r\nConnection: close\r\n\r\n`)).toBe(400)
})

describe('a target that the server does not have', () => {
  test.each<[string, number]>([
    ['*', 400],
    ['http://', 400],
    ['http://[', 400],
    ['https://127.0.0.1/', 400],
    ['file:///etc/passwd', 400],
    ['javascript:x', 400],
    ['127.0.0.1:80', 400],
    ['/%', 404],
    ['/%00', 404],
    ['/%ff%zz', 404],
    ['//', 404],
    ['//[', 404],
    ['/../..', 404],
    ['/?', 404],
    [`/${'a'.repeat(10_000)}`, 404],
    [`/${'a'.repeat(20_000)}`, 431],
    // another host is unknown
    ['http://evil.example/', 0],
  ])('%s gets status %i', async (target, status) => {
    expect(await get(target, `127.0.0.1:${port}`)).toBe(status)
  })

  test.each(['CONNECT', 'TRACE', 'OPTIONS', 'PUT'])(
    'a %s request for it does no harm',
    async (method) => {
      expect([0, 400, 404]).toContain(await get(`127.0.0.1:${port}`, `127.0.0.1:${port}`, method))
    },
  )
})

describe('a body', () => {
  const post = (head: string, body: string) =>
    statusOf(
      `POST /oauth2/token HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n${head}\r\n\r\n${body}`,
    )
  const form = 'grant_type=client_credentials'

  test('that is a form gets a token', async () => {
    expect(await post(`Content-Length: ${form.length}`, form)).toBe(200)
  })

  test.each(['%', '\xff\xfe', 'grant_type=%zz', '&&==', '__proto__=x'])(
    '%j is rejected as unknown',
    async (body) => {
      expect(await post(`Content-Length: ${body.length}`, body)).toBe(400)
    },
  )

  test('that is too large is rejected, and not stored', async () => {
    const body = `${form}&${'x'.repeat(1_000_000)}`

    expect(await post(`Content-Length: ${body.length}`, body)).toBe(413)
  })

  test('that is no valid chunk is rejected', async () => {
    expect(await post('Transfer-Encoding: chunked', 'zz\r\n')).toBe(400)
  })
})

test.each([
  [
    'in the middle of a body',
    'POST /oauth2/token HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc',
  ],
  [
    'in the middle of a chunk',
    'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab',
  ],
  ['in the middle of the head', 'GET / HTTP/1.1\r\nHost'],
  ['before the response', `GET ${PATH} HTTP/1.1\r\nHost: a\r\n\r\n`],
])('a client that disconnects %s does no harm', async (_, text) => {
  await new Promise<void>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(text, () => socket.resetAndDestroy())
    })
    socket.on('error', () => undefined).on('close', () => resolve())
  })
})
