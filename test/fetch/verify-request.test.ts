/**
 * `verifyRequest` and `errorResponse` for web-standard requests: alone, in Hono, and in a server of Node behind Hono's adapter.
 */
import { Hono } from 'hono'
import { AccessError, cognito, createVerifier, TokenError } from 'jwt-gate'
import { authErrorHandler, verifyRequest as verifyNodeRequest } from 'jwt-gate/express'
import {
  cookieToken,
  errorResponse,
  headerToken,
  type RequestEvent,
  type VerifyRequestOptions,
  verifyRequest,
} from 'jwt-gate/fetch'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { EXPRESS_VERSIONS } from '../support/express-versions.ts'
import { serve } from '../support/http.ts'

const issuer = await createTestIssuer()
const { userPoolId, clientId } = issuer
const pool = cognito({ userPoolId, clientId, tokenUse: 'access' })
const verifier = createVerifier(pool, { fetch: issuer.fetch })
const good = await issuer.accessToken()
const authorization = `Bearer ${good}`
const URL_OF_API = 'https://api.example.com/profile'

function ask(headers: Record<string, string>, init: RequestInit = {}): Request {
  return new Request(URL_OF_API, { ...init, headers })
}

/** The handler of the documentation. */
async function respond(request: Request, options?: VerifyRequestOptions): Promise<Response> {
  try {
    const { claims } = await verifyRequest(verifier, request, options)
    return Response.json({ hello: claims.sub })
  } catch (error) {
    return errorResponse(error)
  }
}

const app = new Hono()
app.get('/profile', async (c) => {
  const { claims } = await verifyRequest(verifier, c.req.raw)
  return c.json({ hello: claims.sub })
})
app.onError((error) => errorResponse(error))

test.each<[string, (request: Request) => Promise<Response>]>([
  ['a handler alone', respond],
  ['a route of Hono', async (request) => app.fetch(request)],
])('a good token is accepted from %s', async (_title, handle) => {
  const response = await handle(ask({ authorization }))

  expect(response.status).toBe(200)
  expect(await response.json()).toEqual({ hello: '1d3f7a52-9b6c-4f0e-8a41-c2b5d7e90f13' })
})

test.each<[string, (request: Request) => Promise<Response>]>([
  ['a handler alone', respond],
  ['a route of Hono', async (request) => app.fetch(request)],
])('a request without a token gets a challenge from %s', async (_title, handle) => {
  const response = await handle(ask({}))

  expect(response.status).toBe(401)
  expect(response.headers.get('www-authenticate')).toBe('Bearer realm="api"')
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(response.headers.get('content-type')).toBe('application/json')
  expect(await response.json()).toEqual({
    error: 'missing_token',
    error_description: 'No token was sent',
  })
})

const REJECTED: [string, Record<string, string>][] = [
  ['no token', {}],
  ['another scheme', { authorization: 'Basic YTpi' }],
  ['no scheme', { authorization: good }],
  ['an empty header', { authorization: '' }],
  ['Bearer twice', { authorization: `Bearer ${authorization}` }],
  ['a quoted token', { authorization: `Bearer "${good}"` }],
  ['two tokens', { authorization: `${authorization}, ${authorization}` }],
  ['a forged token', { authorization: `${authorization.slice(0, -8)}AAAAAAAA` }],
  ['an ID token', { authorization: `Bearer ${await issuer.idToken()}` }],
  ['an expired token', { authorization: `Bearer ${await issuer.accessToken({ exp: 1 })}` }],
]

describe.each(EXPRESS_VERSIONS)('answers exactly as %s does', (_, express) => {
  test.each(REJECTED)('%s', async (_title, headers) => {
    const options = { realm: 'a "b"', resourceMetadataUrl: 'https://api.example.com/.well-known/x' }
    const server = express()
    server.use(async (req, _res, next) => {
      await verifyNodeRequest(verifier, req, options).then(() => next(), next)
    })
    const wanted = await (await serve(server.use(authErrorHandler())))('/', { headers })
    const nodeError = await verifyNodeRequest(verifier, { headers }, options).catch((one) => one)

    const response = await respond(ask(headers), options)

    expect(response.status).toBe(wanted.status)
    expect(await response.text()).toBe(wanted.body)
    expect(response.headers.get('www-authenticate')).toBe(nodeError.headers['WWW-Authenticate'])
  })
})

test.each<[object, string]>([
  [
    { scopes: ['a', 'b'] },
    'error="insufficient_scope", error_description="The token lacks a required scope", scope="a b"',
  ],
  [{ acr: ['gold'] }, 'error="insufficient_user_authentication"'],
])(
  'a token that does not meet the rule %j gets a challenge that says so',
  async (access, challenge) => {
    const response = await respond(ask({ authorization }), { access })

    expect(response.headers.get('www-authenticate')).toContain(challenge)
  },
)

test('an outage is a 503 with Retry-After, and nothing else', async () => {
  const down = await createTestIssuer()
  down.fail('down')
  const { fetch } = down
  const trusted = cognito({ userPoolId: down.userPoolId, clientId: down.clientId, tokenUse: null })
  const request = ask({ authorization: `Bearer ${await down.accessToken()}` })

  const error = await verifyRequest(createVerifier(trusted, { fetch }), request).catch((one) => one)
  const response = errorResponse(error)

  expect(response.status).toBe(503)
  expect(response.headers.get('retry-after')).toMatch(/^\d+$/)
  expect(response.headers.get('www-authenticate')).toBeNull()
})

test('the text of a mistake in the configuration is not sent', async () => {
  const error = await verifyRequest(verifier, ask({}), { relm: 'x' } as never).catch((one) => one)

  const response = errorResponse(error)

  expect(error).toMatchObject({
    code: 'ERR_CONFIG_INVALID',
    message: expect.stringContaining('"relm"'),
  })
  expect(response.status).toBe(500)
  expect(await response.text()).not.toContain('relm')
})

test('an error of something else is thrown again, for the framework', () => {
  for (const error of [new Error('x'), 'text', undefined, { status: 401 }]) {
    expect(() => errorResponse(error)).toThrow(error as Error)
  }
})

test('an error of this library that a handler throws gets the default challenge', () => {
  const response = errorResponse(new AccessError('ERR_ACCESS_SCOPE', { scopes: ['a'] }))

  expect(response.status).toBe(403)
  expect(response.headers.get('www-authenticate')).toContain(
    'realm="api", error="insufficient_scope"',
  )
})

test('headers that were set on an error are not sent', () => {
  const error = Object.assign(new TokenError('ERR_TOKEN_EXPIRED'), {
    headers: { 'X-Secret': 'a', 'WWW-Authenticate': 'Basic' },
  })

  const response = errorResponse(error)

  expect(response.headers.get('x-secret')).toBeNull()
  expect(response.headers.get('www-authenticate')).toContain(
    'Bearer realm="api", error="invalid_token"',
  )
})

describe('other places of the token', () => {
  test('a cookie', async () => {
    const options = { getToken: cookieToken('token') }

    const response = await respond(ask({ cookie: `a=b; token=${good}` }), options)

    expect(response.status).toBe(200)
  })

  test('another header', async () => {
    const options = { getToken: headerToken('X-Forwarded-Authorization') }
    const headers = { authorization: 'Basic YTpi', 'x-forwarded-authorization': authorization }

    expect((await respond(ask(headers), options)).status).toBe(200)
    expect((await respond(ask({ authorization }), options)).status).toBe(401)
  })

  test('a function of your own, which may be asynchronous', async () => {
    const getToken = async (request: Request) =>
      new URL(request.url).searchParams.get('t') ?? undefined
    const request = new Request(`${URL_OF_API}?t=${good}`)

    expect((await respond(request, { getToken })).status).toBe(200)
  })
})

describe('onEvent', () => {
  async function eventsOf(request: Request): Promise<readonly RequestEvent[]> {
    const events: RequestEvent[] = []
    await respond(request, { onEvent: (event) => events.push(event) })
    return events
  }

  test('tells of a rejected request, with nothing of its URL', async () => {
    const request = ask({ authorization: 'Bearer x' }, { method: 'POST' })

    expect(await eventsOf(request)).toEqual([
      {
        type: 'request.refused',
        method: 'POST',
        route: undefined,
        error: expect.objectContaining({ code: 'ERR_TOKEN_MALFORMED' }),
      },
    ])
  })

  test('tells nothing of a method that is made up, and of an accepted request', async () => {
    const [event] = await eventsOf(ask({}, { method: 'SECRET' }))

    expect(event).toMatchObject({ method: undefined })
    expect(await eventsOf(ask({ authorization }))).toEqual([])
  })
})

describe('an error says what to pass instead', () => {
  const request = ask({ authorization })

  test.each<[string, unknown, string]>([
    ["Hono's context", { req: { raw: request } }, 'pass its "req.raw"'],
    ["Hono's request", { raw: request }, 'pass its "raw"'],
    ["SvelteKit's event", { request, url: new URL(URL_OF_API) }, 'pass its "request"'],
    ['a request of Node', { method: 'GET', headers: { authorization } }, 'jwt-gate/express'],
    ['nothing', undefined, 'must be a web-standard Request'],
    ['a text', authorization, 'must be a web-standard Request'],
  ])('%s', async (_title, wrong, message) => {
    for (const getToken of [undefined, cookieToken('t'), headerToken('x')]) {
      const outcome = verifyRequest(verifier, wrong as Request, { getToken })

      await expect(outcome).rejects.toMatchObject({ code: 'ERR_CONFIG_INVALID' })
      await expect(outcome).rejects.toThrow(message)
    }
  })
})

test('a verifier that is none is named', async () => {
  await expect(verifyRequest(pool as never, ask({}))).rejects.toThrow('"verifier"')
})
