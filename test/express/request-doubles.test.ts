/**
 * Requests as they come: of adapters for Lambda, of test doubles, and plain objects, without Express. What is no request of Node gets
 * an error that says what to pass instead.
 */
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import type { RequestHandler } from 'express'
import { createVerifier } from 'jwt-gate'
import {
  cookieToken,
  getAuth,
  headerToken,
  type RequestLike,
  requireAccess,
  requireJwt,
  verifyRequest,
} from 'jwt-gate/express'
import { memoryReplayStore } from 'jwt-gate/stores'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'

const keys = await createTestIssuer()
const verifier = createVerifier({
  issuer: 'https://idp.example.com',
  audience: 'https://api.example.com',
  jwks: keys.jwks,
})
const token = await keys.token({
  iss: 'https://idp.example.com',
  aud: 'https://api.example.com',
  sub: 'alice',
  scope: 'orders/read',
  exp: Math.floor(Date.now() / 1_000) + 600,
})
const authorization = `Bearer ${token}`

/** Runs middleware as a unit test does. Resolves with what `next` gets. */
function run(middleware: RequestHandler, req: object, res: object = {}): Promise<unknown> {
  return new Promise((resolve) => void middleware(req as never, res as never, resolve))
}

async function outcomeOf(req: unknown, options = {}): Promise<unknown> {
  try {
    return (await verifyRequest(verifier, req as RequestLike, options)).claims.sub
  } catch (error) {
    const { code, status, message } = error as never
    return code === 'ERR_CONFIG_INVALID' ? message : status
  }
}

/** Headers with the methods of web headers, as `node-mocks-http` makes them. */
function mockHeaders(headers: Record<string, string>): object {
  const get = (name: string) => headers[name.toLowerCase()]
  return new Proxy(headers, {
    get: (own, name) => (name === 'get' ? get : Reflect.get(own, name)),
  })
}

/** A request that extends Node's, as adapters for Lambda make it. */
function adapt(headers: object, rawHeaders: string[] = []): IncomingMessage {
  return Object.assign(new IncomingMessage(new Socket()), { method: 'GET', headers, rawHeaders })
}

describe('middleware takes the objects of a unit test', () => {
  test.each<[string, object, object]>([
    ['a request and an empty response', { headers: { authorization } }, {}],
    ['a response with locals', { headers: { authorization } }, { locals: {} }],
    ['a response that the request knows', { headers: { authorization }, res: {} }, { locals: {} }],
    ['empty rawHeaders', { headers: { authorization }, rawHeaders: [] }, {}],
  ])('%s', async (_title, req, res) => {
    const outcomes = [
      await run(requireJwt(verifier), req, res),
      await run(requireAccess({ scopes: ['orders/read'] }), req, res),
      await run(requireAccess({ scopes: ['orders/write'] }), req, res),
    ]

    expect(outcomes).toEqual([
      undefined,
      undefined,
      expect.objectContaining({ code: 'ERR_ACCESS_SCOPE' }),
    ])
    expect(getAuth(req).claims.sub).toBe('alice')
  })
})

describe('the header is read', () => {
  test.each<[string, unknown]>([
    ['in lower case, of an object with nothing else', { headers: { authorization } }],
    ['with a capital', { headers: { Authorization: authorization } }],
    ['in capitals', { headers: { AUTHORIZATION: authorization } }],
    [
      'of an object without a prototype',
      { headers: Object.assign(Object.create(null), { authorization }) },
    ],
    ['of headers with methods', { headers: mockHeaders({ authorization }) }],
    ['as a list of one', { headers: { authorization: [authorization] } }],
    ['with a capital, of an adapter', adapt({ Authorization: authorization })],
    [
      'with a capital, of an adapter that fills rawHeaders',
      adapt({ Authorization: authorization }, ['Authorization', authorization]),
    ],
    [
      'beside one that is undefined',
      { headers: { authorization: undefined, Authorization: authorization } },
    ],
    [
      'of an object with the headers of a web Request',
      { headers: Object.fromEntries(new Headers({ authorization })) },
    ],
  ])('%s', async (_title, req) => {
    expect(await outcomeOf(req)).toBe('alice')
  })

  test.each<[string, unknown, number]>([
    ['an empty object', { headers: {} }, 401],
    ['headers with methods', { headers: mockHeaders({}) }, 401],
    ['null', { headers: { authorization: null } }, 401],
    ['an empty text', { headers: { Authorization: '' } }, 401],
    ['an empty list', { headers: { authorization: [] } }, 400],
    [
      'a second header in another spelling, with empty rawHeaders,',
      { headers: { authorization, Authorization: authorization }, rawHeaders: [] },
      400,
    ],
    ['a number', { headers: { authorization: 7 } }, 400],
  ])('%s has no token', async (_title, req, status) => {
    expect(await outcomeOf(req)).toBe(status)
  })

  test('as a list of two is repeated', async () => {
    const req = { headers: { authorization: [authorization, authorization] } }

    await expect(verifyRequest(verifier, req)).rejects.toMatchObject({
      code: 'ERR_TOKEN_REQUEST',
      reason: 'repeated',
    })
  })

  test('as a list, for the checks of a cookie', async () => {
    const getToken = cookieToken('token')
    const send = (mode: string[]): Promise<unknown> => {
      const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': mode }
      return outcomeOf(
        { method: 'GET', headers: { cookie: `token=${token}`, ...headers } },
        { getToken },
      )
    }

    expect([await send(['navigate']), await send(['navi', 'gate'])]).toEqual(['alice', 403])
  })

  test('of a cookie, in any case', async () => {
    const getToken = cookieToken('token')

    const outcomes = [
      await outcomeOf({ method: 'GET', headers: { Cookie: `token=${token}` } }, { getToken }),
      await outcomeOf(
        { method: 'GET', headers: { cookie: [`token=${token}`, 'a=b'] } },
        { getToken },
      ),
    ]

    expect(outcomes).toEqual(['alice', 'alice'])
  })

  test('by the name given to headerToken, in any case', async () => {
    const getToken = headerToken('X-Forwarded-Authorization')

    const outcome = await outcomeOf(
      { headers: { 'X-FORWARDED-authorization': authorization } },
      { getToken },
    )

    expect(outcome).toBe('alice')
  })
})

describe('an error says what to pass instead', () => {
  const headers = { authorization }
  const raw = { headers, rawHeaders: ['Authorization', authorization] }
  const web = new Request('https://api.example.com/', { headers })

  test.each<[string, unknown, string]>([
    ["Fastify's request", { headers, raw, id: 'req-1' }, 'pass its "raw"'],
    ["Koa's context", { headers, req: raw, request: { headers, req: raw } }, 'pass its "req"'],
    ["Hapi's request", { headers, raw: { req: raw, res: {} } }, 'pass its "raw.req"'],
    ["Socket.IO's socket", { id: 'x', request: raw, handshake: { headers } }, 'pass its "request"'],
    ['a web Request', web, 'is a web Request: use verifyRequest() of jwt-gate/fetch'],
    ["Hono's request", { raw: web }, 'is a web Request: use verifyRequest() of jwt-gate/fetch'],
    ["Hono's context", { req: { raw: web } }, '"headers"'],
    [
      'no request',
      { url: '/' },
      'must be a request of node:http or node:http2, or an object with "headers"',
    ],
    ['undefined', undefined, 'must be a request of node:http'],
    ['a text', authorization, 'must be a request of node:http'],
    ['headers that are a text', { headers: authorization }, 'must be a request of node:http'],
    ['headers that are null', { headers: null }, 'must be a request of node:http'],
    [
      'headers that are null, with rawHeaders',
      { headers: null, rawHeaders: ['Authorization', authorization] },
      'must be a request of node:http',
    ],
  ])('%s', async (_title, req, message) => {
    for (const options of [{}, { getToken: cookieToken('t') }, { getToken: headerToken('x') }]) {
      expect(await outcomeOf(req, options)).toContain(message)
    }
  })

  test('as middleware too, where a token is optional', async () => {
    const middleware = requireJwt(verifier, { optional: 'missing-or-invalid' })

    const error = await run(middleware, { headers, raw })

    expect(error).toMatchObject({ code: 'ERR_CONFIG_INVALID', status: 500, expose: false })
  })

  test.each<[string, unknown]>([
    ["Socket.IO's handshake", { headers, url: '/socket.io', auth: {}, query: {} }],
    ['a request with a raw body', { headers, raw: Buffer.from('{}') }],
    ['a request of Node with a member that is a request', { ...raw, request: raw }],
    ["Fastify's raw request", raw],
  ])('but %s is taken', async (_title, req) => {
    expect(await outcomeOf(req)).toBe('alice')
  })

  test('your own getToken may take anything', async () => {
    const getToken = (req: Request) => req.headers.get('authorization')?.slice('Bearer '.length)

    expect(await outcomeOf(web, { getToken })).toBe('alice')
  })
})

test('a request without a socket has no client certificate, and two in a header are none', async () => {
  const strict = createVerifier(
    { issuer: 'https://idp.example.com', audience: null, jwks: keys.jwks },
    { mtls: true },
  )
  const cnf = { 'x5t#S256': 'A'.repeat(43) }
  const bound = await keys.token({ iss: 'https://idp.example.com', exp: 4e9, cnf })

  const headers = { authorization: `Bearer ${bound}` }
  const verified = verifyRequest(strict, { headers })
  const withTwo = verifyRequest(
    strict,
    { headers: { ...headers, 'x-cert': 'a', 'X-Cert': 'b' } },
    { trustedCertificateHeader: 'X-Cert' },
  )

  await expect(verified).rejects.toMatchObject({ code: 'ERR_CERTIFICATE_MISMATCH' })
  await expect(withTwo).rejects.toMatchObject({ code: 'ERR_TOKEN_REQUEST', reason: 'repeated' })
})

test('two proofs under two spellings are two', async () => {
  const strict = createVerifier(
    { issuer: 'https://idp.example.com', audience: null, jwks: keys.jwks },
    { dpop: { replay: memoryReplayStore({ max: 10 }) } },
  )
  const cnf = { jkt: 'A'.repeat(43) }
  const bound = await keys.token({ iss: 'https://idp.example.com', exp: 4e9, cnf })
  const req = {
    method: 'GET',
    url: '/',
    headers: { authorization: `DPoP ${bound}`, dpop: 'a', DPoP: 'b' },
  }

  const verified = verifyRequest(strict, req, { origin: 'https://api.example.com' })

  await expect(verified).rejects.toMatchObject({ code: 'ERR_PROOF_INVALID', reason: 'repeated' })
})

test('what another package has put in req.auth is no verified token, and the error says so', async () => {
  const req = { headers: { authorization }, auth: undefined as unknown }
  await run(requireJwt(verifier), req)
  req.auth = { claims: { sub: 'mallory' } }

  const error = await run(requireAccess({}), req)

  expect(String(error)).toContain('"req.auth" was not set by requireJwt()')
})

test('a web server can build its response from the error', async () => {
  const { method, headers } = new Request('https://api.example.com/', {
    headers: { authorization },
  })
  const req = { method, headers: Object.fromEntries(headers) }

  const response = await verifyRequest(verifier, req, {
    access: { scopes: ['orders/write'] },
  }).then(
    () => Response.json('passed'),
    (error) => new Response(error.message, { status: error.statusCode, headers: error.headers }),
  )

  expect(response.status).toBe(403)
  expect(await response.text()).toBe('The token lacks a required scope')
  expect(response.headers.get('www-authenticate')).toContain('scope="orders/write"')
})
