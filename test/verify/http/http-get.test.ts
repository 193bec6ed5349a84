/**
 * The default HTTP client, against real servers that misbehave.
 */
import { readFileSync } from 'node:fs'
import http, { type ServerResponse } from 'node:http'
import https from 'node:https'
import { type AddressInfo, createServer } from 'node:net'
import { createVerifier, type VerifierOptions } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createClock } from '../support/clock.ts'
import { connectionClosed, type Serve, startKeyServer } from '../support/key-server.ts'

const issuer = await createTestIssuer()
const token = await issuer.token({ iss: issuer.issuer, exp: 4_000_000_000 })
const KEYS = JSON.stringify(issuer.jwks)
const UNAVAILABLE = { name: 'KeysError', code: 'ERR_JWKS_UNAVAILABLE', status: 503 }
const INVALID = { name: 'KeysError', code: 'ERR_JWKS_INVALID', status: 503 }

const createFor = (jwksUri: string, options: VerifierOptions = {}) =>
  createVerifier({ issuer: issuer.issuer, audience: null, jwksUri }, options)
const good: Serve = (_, response) => response.end(KEYS)
const dropAfter = (response: ServerResponse, text: string): void => {
  response.write(text, () => response.destroy())
}

test('fetches keys with a plain GET', async () => {
  const { origin, asked } = await startKeyServer(good)
  const verifier = createFor(`${origin}/keys?v=1`)

  await expect(verifier.verify(token)).resolves.toBeDefined()

  expect(asked).toHaveLength(1)
  expect(asked[0]).toMatchObject({ method: 'GET', url: '/keys?v=1' })
  expect(asked[0]?.headers.accept).toBe('application/json, application/jwk-set+json')
  expect(asked[0]?.headers['accept-encoding']).toBe('identity')
  expect(asked[0]?.headers).not.toHaveProperty('authorization')
})

test('says who it is, in every request', async () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
  const { origin, asked } = await startKeyServer((request, response) => {
    if (request.headers['user-agent'] === undefined) return response.writeHead(403).end()
    const metadata = { issuer: origin, jwks_uri: `${origin}/keys` }
    return response.end(request.url === '/keys' ? KEYS : JSON.stringify(metadata))
  })
  const verifier = createVerifier({ issuer: origin, audience: null })

  await verifier.verify(await issuer.token({ iss: origin, exp: 4_000_000_000 }))

  const names = asked.map(({ headers }) => headers['user-agent'])
  expect(names).toEqual(Array(2).fill(`jwt-gate/${version}`))
})

describe('a get that was patched', () => {
  // as nock and msw patch it, before or after the verifier was created
  test.each(['before', 'after'])('%s the verifier was created is called', async (when) => {
    const { origin, asked } = await startKeyServer(good)
    const { get } = https
    onTestFinished(() => void Object.assign(https, { get }))
    const urls: string[] = []
    const patch = (): void => {
      https.get = ((url: URL, options: object, listen: () => void) => {
        urls.push(url.href)
        return http.get(`${origin}${url.pathname}`, options, listen)
      }) as never
    }
    if (when === 'before') patch()
    const verifier = createFor('https://idp.example/keys')
    if (when === 'after') patch()

    await expect(verifier.verify(token)).resolves.toBeDefined()
    expect(urls).toEqual(['https://idp.example/keys'])
    expect(asked).toHaveLength(1)
  })
})

test('uses TLS if the address is https', async () => {
  const heard: Buffer[] = []
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', (data) => {
      heard.push(data)
      socket.destroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const verifier = createFor(`https://127.0.0.1:${port}/keys`)

  await expect(verifier.verify(token)).rejects.toMatchObject(UNAVAILABLE)

  // the record type of a handshake (RFC 8446 s5.1)
  expect(heard[0]?.[0]).toBe(22)
})

test('discovers the keys of an issuer on a real server', async () => {
  await issuer.listen()
  onTestFinished(issuer.close)
  const verifier = createVerifier({ issuer: issuer.issuer, audience: null })

  const verified = await verifier.verify(await issuer.accessToken())

  expect(verified.issuer).toBe(issuer.issuer)
})

test('reads the lifetime from the response', async () => {
  const clock = createClock()
  const { origin, asked } = await startKeyServer((_, response) =>
    response.setHeader('cache-control', 'public, max-age=60').end(KEYS),
  )
  const verifier = createFor(origin, { now: clock.now })
  await verifier.verify(token)

  clock.advance(48_000)
  await verifier.verify(token)
  await verifier.settled()

  expect(asked).toHaveLength(2)
})

describe('a server', () => {
  test.each<[string, Serve, object]>([
    [
      'that responds with 500',
      (_, r) => r.writeHead(500).end('{}'),
      { ...UNAVAILABLE, reason: 'status' },
    ],
    [
      'that responds with 403',
      (_, r) => r.writeHead(403).end('{}'),
      { ...UNAVAILABLE, reason: 'status' },
    ],
    ['that sends HTML', (_, r) => r.end('<!doctype html>'), { ...INVALID, reason: 'not_json' }],
    ['that sends an empty response', (_, r) => r.end(), { ...INVALID, reason: 'not_json' }],
    ['that has no keys', (_, r) => r.end('{"keys":[]}'), { ...INVALID, reason: 'no_usable_key' }],
    [
      'that sends 60 MB',
      (_, r) => r.end(Buffer.alloc(60_000_000, ' ')),
      { ...INVALID, reason: 'too_large' },
    ],
    [
      'that closes the connection at once',
      (request) => request.destroy(),
      { ...UNAVAILABLE, reason: 'network' },
    ],
    [
      'that closes it half way',
      (_, r) => dropAfter(r, KEYS.slice(0, 50)),
      { ...UNAVAILABLE, reason: 'network' },
    ],
    [
      'that closes it before the announced length',
      (_, r) => dropAfter(r.setHeader('content-length', KEYS.length + 1), KEYS),
      { ...UNAVAILABLE, reason: 'network' },
    ],
    [
      'that does not speak HTTP',
      (request) => request.socket.end('220 mail.example ESMTP\r\n'),
      { ...UNAVAILABLE, reason: 'network' },
    ],
  ])('%s is an outage', async (_, serve, error) => {
    const { origin } = await startKeyServer(serve)

    await expect(createFor(origin).verify(token)).rejects.toMatchObject(error)
  })

  test('that redirects is not followed, not even to an address with keys', async () => {
    const target = await startKeyServer(good)
    const { origin } = await startKeyServer((_, response) =>
      response.writeHead(302, { location: `${target.origin}/keys` }).end(),
    )

    await expect(createFor(origin).verify(token)).rejects.toMatchObject({
      ...UNAVAILABLE,
      reason: 'redirect',
    })
    expect(target.asked).toHaveLength(0)
  })

  test.each<[string, Serve]>([
    ['that never responds', () => undefined],
    ['that hangs after the headers', (_, response) => response.flushHeaders()],
    ['that hangs half way', (_, response) => response.write(KEYS.slice(0, 50))],
    ['that drips', (_, response) => drip(response)],
  ])('%s is cancelled in time, and its connection is closed', async (_, serve) => {
    const { origin, asked } = await startKeyServer(serve)
    const verifier = createFor(origin, { jwks: { timeoutMs: 80 } })

    await expect(verifier.verify(token)).rejects.toMatchObject({
      ...UNAVAILABLE,
      reason: 'timeout',
    })

    expect(asked).toHaveLength(1)
    await connectionClosed(asked)
  })

  function drip(response: ServerResponse): void {
    const timer = setInterval(() => response.write(' '), 10)
    response.on('close', () => clearInterval(timer))
  }

  test('that sends an endless response is cut off', async () => {
    const { origin, asked } = await startKeyServer((_, response) => {
      const flood = (): boolean => response.write(' '.repeat(65_536))
      response.on('drain', flood)
      flood()
    })

    await expect(createFor(origin).verify(token)).rejects.toMatchObject({
      ...INVALID,
      reason: 'too_large',
    })
    await connectionClosed(asked)
  })

  test('that has one broken key beside the good ones is accepted', async () => {
    const body = JSON.stringify({ keys: [{ kty: 'RSA', n: '!' }, ...issuer.jwks.keys] })
    const { origin } = await startKeyServer((_, response) => response.end(body))

    await expect(createFor(origin).verify(token)).resolves.toBeDefined()
  })

  test('that drops the first request gets one retry', async () => {
    const { origin, asked } = await startKeyServer((request, response) =>
      asked.length === 1 ? request.destroy() : response.end(KEYS),
    )

    await expect(createFor(origin).verify(token)).resolves.toBeDefined()
    expect(asked).toHaveLength(2)
  })

  test('that drops a kept-alive connection gets one retry, over a new connection', async () => {
    const clock = createClock()
    const { origin, asked } = await startKeyServer((request, response) =>
      asked.length === 2 ? request.destroy() : response.end(KEYS),
    )
    const verifier = createFor(origin, { now: clock.now })
    await verifier.verify(token)

    clock.advance(1_200_000)
    await expect(verifier.verify(token)).resolves.toBeDefined()

    const [first, dropped, again] = asked.map(({ socket }) => socket)
    expect(asked).toHaveLength(3)
    expect(dropped).toBe(first)
    expect(again).not.toBe(first)
  })

  test('that was down is used again when it comes back', async () => {
    const clock = createClock()
    const gone = await startKeyServer(good)
    const verifier = createFor(gone.origin, { now: clock.now })
    await gone.close()
    await expect(verifier.verify(token)).rejects.toMatchObject({
      ...UNAVAILABLE,
      reason: 'network',
    })

    await startKeyServer(good, Number(new URL(gone.origin).port))
    clock.advance(1_200)

    await expect(verifier.verify(token)).resolves.toBeDefined()
  })
})

test('an https address is never requested over plain http', async () => {
  const { origin, asked } = await startKeyServer(good)

  const work = createFor(origin.replace('http:', 'https:')).verify(token)

  await expect(work).rejects.toMatchObject({ ...UNAVAILABLE, reason: 'network' })
  expect(asked).toHaveLength(0)
})

test('close() closes the connection', async () => {
  const { origin, asked } = await startKeyServer(() => verifier.close())
  const verifier = createFor(origin)

  await expect(verifier.verify(token)).rejects.toMatchObject({ ...UNAVAILABLE, reason: 'closed' })

  await connectionClosed(asked)
})
