/**
 * The development option `explain` of `authErrorHandler` and `createAuthorizer`.
 */
import { inspect } from 'node:util'
import type { ErrorRequestHandler, RequestHandler } from 'express'
import { ConfigError, cognito, createVerifier, type Verifier } from 'jwt-gate'
import { type ExplainerOptions, explain, explainer } from 'jwt-gate/explain'
import { authErrorHandler, cookieToken, getAuth, requireAccess, requireJwt } from 'jwt-gate/express'
import { createAppSyncAuthorizer, createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { afterAll, describe, expect, test } from 'vitest'
import { EXPRESS_VERSIONS } from '../support/express-versions.ts'
import { bearer, type Client, serve } from '../support/http.ts'
import { type Attempt, createSetUps, createWorld } from './set-ups.ts'

const issuer = await createTestIssuer()
const { userPoolId, clientId, fetch } = issuer
const verifier = createVerifier(cognito({ userPoolId, clientId, tokenUse: 'access' }), { fetch })
const good = await issuer.accessToken()
const id = await issuer.idToken()
const world = await createWorld()
afterAll(() => world.close())
const setUps = await createSetUps(world)
/** A gateway and Express let only text pass. */
const SENT = setUps.filter(
  ({ broken }) => typeof broken.token === 'string' && /^[\x20-\x7e]+$/.test(broken.token),
)

/** A stream that remembers. */
function createStream() {
  const written: string[] = []
  return { written, write: (text: string) => void written.push(text) }
}

type TokenReader = ReturnType<typeof cookieToken>

/** The machine may be busy. */
const PATIENTLY = { timeout: 20_000 }
const DEVELOPMENT: ExplainerOptions = { env: {}, color: false }

describe.each(EXPRESS_VERSIONS)('on %s', (_, express) => {
  function start(guards: RequestHandler[], ...handlers: ErrorRequestHandler[]): Promise<Client> {
    const app = express().set('env', 'test')
    app.get('/', ...guards, (_req, res) => void res.send('passed'))
    return serve(app.use(...handlers))
  }

  test.each([
    ['an ID token', bearer(id), 'An ID token was sent where an access token is wanted'],
    ['no token', {}, 'No token was sent'],
    ['the scheme twice', bearer(`Bearer ${good}`), 'The word Bearer is part of the token'],
    [
      'another scheme',
      { headers: { authorization: 'Basic YTpi' } },
      'The Authorization header has another scheme',
    ],
    [
      'nothing after the scheme',
      { headers: { authorization: 'Bearer ' } },
      'A variable without a value was sent as the token',
    ],
    ['no scheme', { headers: { authorization: good } }, 'The scheme Bearer is missing'],
    [
      'two headers',
      { headers: { authorization: [`Bearer ${good}`, 'Bearer x'] } },
      'More than one token was sent',
    ],
    ['a missing scope', bearer(good), 'InitiateAuth never grants this scope'],
  ])('%s is explained, and the response stays the same', async (_name, ask, title) => {
    const stream = createStream()
    const guards = [requireJwt(verifier), requireAccess({ scopes: ['orders/read'] })]
    const explain = explainer(verifier, { ...DEVELOPMENT, stream })
    const plain = await (await start(guards, authErrorHandler()))('/', ask)

    const answer = await (await start(guards, authErrorHandler({ explain })))('/', ask)

    await expect.poll(() => stream.written.length, PATIENTLY).toBe(1)
    expect(stream.written[0]).toContain(`1. ${title}\n`)
    // only the truth: the request had a token, or something in its place
    if (title !== 'No token was sent') expect(stream.written[0]).not.toContain('No token was sent')
    expect(stream.written[0]).not.toMatch(/✗ request .*\n +actual/)
    expect(withoutDate(answer)).toEqual(withoutDate(plain))
    for (const token of [good, id]) {
      expect(stream.written[0]).not.toContain(token.split('.')[2]?.slice(0, 12))
    }
  })

  test('the token is found where the request had it', async () => {
    const stream = createStream()
    const guard = requireJwt(verifier, { getToken: cookieToken('session') })
    const explain = explainer(verifier, { ...DEVELOPMENT, stream })
    const ask = await start([guard], authErrorHandler({ explain }))

    await ask('/', { headers: { cookie: `session=${id}` } })

    await expect.poll(() => stream.written.join(), PATIENTLY).toContain('An ID token was sent')
  })

  test.each<[string, string, object, TokenReader | undefined, string, string]>([
    [
      'in the query',
      `/?access_token=${good}`,
      {},
      undefined,
      'The token is in the query string, which is not read',
      'The parameter "access_token" has it: such URLs end up in logs and histories (RFC 6750 s2.3, RFC 9700). Send "Authorization: Bearer <token>".',
    ],
    [
      'in a cookie',
      '/',
      { headers: { cookie: `theme=dark; session=${good}` } },
      undefined,
      'The token is in a cookie that is not read',
      'The cookie "session" has it. Read it with getToken: cookieToken("session") in requireJwt, or with token: { cookie: "session" } in the authorizer.',
    ],
    [
      'in another header',
      '/',
      { headers: { 'x-access-token': `Bearer ${good}` } },
      undefined,
      'The token is in a header that is not read',
      'The header "x-access-token" has it. Send "Authorization: Bearer <token>".',
    ],
    [
      'in Authorization in place of a cookie',
      '/',
      bearer(good),
      cookieToken('session'),
      'The token is in the Authorization header, and another place is configured',
      'Leave getToken (requireJwt) or "token" (authorizer) out.',
    ],
  ])('a token %s, which is not read', async (_name, path, ask, getToken, title, advice) => {
    const stream = createStream()
    const explain = explainer(verifier, { ...DEVELOPMENT, stream })
    const client = await start([requireJwt(verifier, { getToken })], authErrorHandler({ explain }))

    const { body } = await client(path, ask)

    expect(body).not.toContain('query')
    await expect.poll(() => stream.written.length, PATIENTLY).toBe(1)
    expect(stream.written[0]).toContain(`1. ${title}\n   ${advice}`)
    expect(stream.written[0]).not.toContain(good.slice(0, 12))
  })

  test.each([
    ['a text that is no token', '/?access_token=abc', { headers: { cookie: 'a=b' } }],
    ['a DPoP proof', '/', { headers: { dpop: good } }],
  ])('%s elsewhere is none', async (_name, path, ask) => {
    const stream = createStream()
    const explain = explainer(verifier, { ...DEVELOPMENT, stream })
    const client = await start([requireJwt(verifier)], authErrorHandler({ explain }))

    await client(path, ask)

    await expect.poll(() => stream.written.join(), PATIENTLY).toContain('1. No token was sent\n')
  })

  test('a route without requireJwt', async () => {
    const stream = createStream()
    const explain = explainer(verifier, { ...DEVELOPMENT, stream })
    const handler: RequestHandler = (req, res) => void res.json(getAuth(req))
    const ask = await start([handler], authErrorHandler({ explain, onError: null }))

    expect((await ask('/', bearer(good))).status).toBe(500)

    await expect.poll(() => stream.written.length, PATIENTLY).toBe(1)
    expect(stream.written[0]).toContain(
      '1. requireJwt() does not run before getAuth() on this route\n   Put app.use(requireJwt(verifier)) before the route.\n',
    )
  })

  test('the error that handlers get does not carry the token', async () => {
    const errors: unknown[] = []
    const explain = explainer(verifier, { ...DEVELOPMENT, stream: createStream() })
    const record: ErrorRequestHandler = (error, _req, _res, next) => {
      errors.push(error)
      next(error)
    }
    const ask = await start([requireJwt(verifier)], record, authErrorHandler({ explain }))

    await ask('/', bearer(id))

    expect(errors).toHaveLength(1)
    const text = inspect(errors[0], { showHidden: true, depth: 9, getters: true })
    expect(text).not.toContain(id.split('.')[1]?.slice(0, 20))
  })

  test('a request that passes prints nothing', async () => {
    const stream = createStream()
    const explain = explainer(verifier, { ...DEVELOPMENT, stream })
    const ask = await start([requireJwt(verifier)], authErrorHandler({ explain }))

    expect((await ask('/', bearer(good))).body).toBe('passed')
    expect(stream.written).toEqual([])
  })

  test.each([
    ['the stream', explainer(verifier, { ...DEVELOPMENT, stream: { write: fail } })],
    ['the explainer', fail],
    ['its promise', () => Promise.reject(new Error('x'))],
  ])('if %s fails, the response stays the same', async (_name, explain) => {
    const ask = await start([requireJwt(verifier)], authErrorHandler({ explain }))

    expect((await ask('/', bearer(id))).status).toBe(401)
  })

  test('every set-up is explained where the request is rejected', async () => {
    const found = SENT.map(async ({ name, broken }) => {
      const stream = createStream()
      const one = create(broken)
      const explain = explainer(one, { ...DEVELOPMENT, stream })
      const guards = [requireJwt(one), ...(broken.access ? [requireAccess(broken.access)] : [])]
      const ask = await start(guards, authErrorHandler({ explain, onError: null }))

      await ask('/', bearer(broken.token as string))

      await expect.poll(() => stream.written.length, { ...PATIENTLY, message: name }).toBe(1)
      return [name, firstCauseOf(stream.written)]
    })

    expect(await Promise.all(found)).toEqual(SENT.map(({ name, cause }) => [name, cause]))
  })
})

describe('an authorizer', () => {
  const event = (token: string) => createAuthorizerEvent('http-2.0', { token })

  test('explains before it returns, and returns the same', async () => {
    const stream = createStream()
    const explain = explainer(verifier, { ...DEVELOPMENT, stream })

    const answer = await createAuthorizer(verifier, { explain })(event(id))

    expect(stream.written).toHaveLength(1)
    expect(stream.written[0]).toContain('1. An ID token was sent where an access token is wanted\n')
    expect(answer).toEqual(await createAuthorizer(verifier)(event(id)))
    expect(JSON.stringify(answer)).not.toContain('ID token')
  })

  test.each([
    ['a group', { 'GET /orders': { groups: ['admin'] } }, 'The user is in no group'],
    ['a scope', { 'GET /orders': { scopes: ['a'] } }, 'InitiateAuth never grants this scope'],
    ['its route in the map', { 'GET /o': {} }, 'No route of "access" matches the request'],
  ])('explains a request that lacks %s, and returns the same', async (_, access, title) => {
    const ask = createAuthorizerEvent('http-2.0', { token: good, path: '/orders' })
    for (const mode of [{ policy: 'stage' }, { policy: 'request' }]) {
      const stream = createStream()
      const explain = explainer(verifier, { ...DEVELOPMENT, stream })
      const options = { access, ...mode } as object

      const answer = await createAuthorizer(verifier, { explain, ...options })(ask)

      expect(stream.written).toHaveLength(1)
      expect(stream.written[0]).toContain(`1. ${title}\n`)
      expect(answer).toEqual(await createAuthorizer(verifier, options)(ask))
    }
  })

  test('explains a request that contains the key of its route', async () => {
    const stream = createStream()
    const explain = explainer(verifier, { ...DEVELOPMENT, stream })
    const route = { path: '/o', resource: '/o', headers: { 'X-Any': 'GET /o' } }
    const ask = createAuthorizerEvent('http-2.0', { token: good, ...route })
    const handler = createAuthorizer(verifier, {
      ...{ explain, response: 'simple' },
      access: { 'GET /o': {} },
    })

    const answer = handler({ ...ask, identitySource: [`Bearer ${good}`, 'GET /o'] })

    await expect(answer).rejects.toThrow('could not decide (ERR_ACCESS_DENIED)')
    expect(stream.written[0]).toContain('1. The request contains the key of its route\n')
  })

  test.each([
    ['the query string', 'rest-request', { query: { access_token: good } }],
    ['the query string', 'http-2.0', { query: { access_token: good } }],
    ['a cookie', 'http-2.0', { cookies: [`session=${good}`] }],
    ['a cookie', 'rest-request', { headers: { Cookie: `session=${good}` } }],
  ] as const)('explains a token in %s of %s, which is not read', async (place, gateway, sent) => {
    const stream = createStream()
    const explain = explainer(verifier, { ...DEVELOPMENT, stream })
    const ask = createAuthorizerEvent(gateway, sent)

    await createAuthorizer(verifier, { explain, unauthorized: 'deny' })(ask)

    expect(firstCauseOf(stream.written)).toMatch(`The token is in ${place}`)
  })

  test.each([
    ['the stream', explainer(verifier, { ...DEVELOPMENT, stream: { write: fail } })],
    ['the explainer', fail],
    ['its promise', () => Promise.reject(new Error('x'))],
  ])('returns the same if %s fails', async (_, explain) => {
    const answer = await createAuthorizer(verifier, { explain })(event(id))

    expect(answer).toEqual(await createAuthorizer(verifier)(event(id)))
  })

  test('does not wait for an explanation beyond the time limit of the function', async () => {
    const explain = () => new Promise<void>(() => undefined)
    const context = { getRemainingTimeInMillis: () => 600 }

    const answer = await createAuthorizer(verifier, { explain })(event(id), context as never)

    expect(answer).toEqual(await createAuthorizer(verifier)(event(id)))
  })

  test('explains every set-up', async () => {
    const found = SENT.map(async ({ name, broken }) => {
      const stream = createStream()
      const one = create(broken)
      const explain = explainer(one, { ...DEVELOPMENT, stream })
      const access = broken.access && { 'GET /orders': broken.access }
      const handler = createAuthorizer(one, { explain, access, policy: 'request' } as object)
      const { token } = broken as { token: string }

      await handler(createAuthorizerEvent('http-2.0', { token, path: '/orders' })).catch(() => {})

      return [name, firstCauseOf(stream.written)]
    })
    // such text is not read at all
    const characters = 'The token contains characters that no token has'
    const json = 'JSON was sent instead of a token'
    const unread = new Map([
      ['plain base64', characters],
      ['URL-encoded', characters],
      ['the text of a promise', json],
      ['the text of an object', json],
      ['the name of the header', 'The token contains a space'],
    ])

    expect(await Promise.all(found)).toEqual(
      SENT.map(({ name, cause }) => [name, unread.get(name) ?? cause]),
    )
  })
})

describe('the environment', () => {
  const refusal = { error: new ConfigError('x'), token: id }
  const lambda = { AWS_LAMBDA_FUNCTION_NAME: 'f', AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' }

  test.each([
    ['NODE_ENV', { NODE_ENV: 'production' }],
    ['Lambda', { AWS_LAMBDA_FUNCTION_NAME: 'f' }],
    ["Lambda's runtime", { AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' }],
    ['NODE_ENV in an emulator', { NODE_ENV: 'production', AWS_SAM_LOCAL: 'true', ...lambda }],
  ])('production, by %s: it says once that it does nothing', async (_, env) => {
    const stream = createStream()
    const explain = explainer(verifier, { env, stream })

    await explain(refusal)
    await explain(refusal)

    expect(stream.written).toEqual(['jwt-gate: explain is off in production\n'])
  })

  test.each([
    ['nothing', {}],
    ['NODE_ENV', { NODE_ENV: 'development' }],
    ["SAM's emulator", { AWS_SAM_LOCAL: 'true', ...lambda }],
  ])('development, by %s', async (_, env) => {
    const stream = createStream()

    await explainer(verifier, { env, stream })(refusal)

    expect(stream.written).toHaveLength(1)
  })

  test.each([
    [{}, true, true],
    [{}, false, false],
    [{ NO_COLOR: '1' }, true, false],
    [{ FORCE_COLOR: '1' }, false, true],
    [{ FORCE_COLOR: '0' }, true, false],
    [{ FORCE_COLOR: '' }, false, true],
    [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false, true],
    [{ TERM: 'dumb' }, true, false],
    [{ NO_COLOR: '', FORCE_COLOR: 'false' }, true, false],
  ])('with %o and a terminal: %s, colours: %s', async (env, isTTY, isColored) => {
    const stream = { ...createStream(), isTTY }

    await explainer(verifier, { env, stream })(refusal)

    expect(stream.written.join().includes('\u001b[')).toBe(isColored)
  })

  test('the stream and the environment are those of the process, unless others are given', () => {
    expect(explainer(verifier)).toBeTypeOf('function')
  })

  test.each([
    ['verifier', () => explainer({} as Verifier)],
    ['colour', () => explainer(verifier, { colour: true } as never)],
    ['explain', () => authErrorHandler({ explain: {} as never })],
    ['explain', () => createAuthorizer(verifier, { explain: {} as never })],
  ])('an invalid option is a ConfigError that names "%s"', (name, call) => {
    expect(call).toThrow(ConfigError)
    expect(call).toThrow(`"${name}"`)
  })

  test.each([
    ['authErrorHandler', (given: never) => authErrorHandler({ explain: given })],
    ['createAuthorizer', (given: never) => createAuthorizer(verifier, { explain: given })],
    [
      'createAppSyncAuthorizer',
      (given: never) => createAppSyncAuthorizer(verifier, { explain: given }),
    ],
  ])(
    '%s takes explainer(verifier), and not the function explain, which would print nothing',
    (_name, create) => {
      expect(() => create(explain as never)).toThrow('explainer(verifier)')
      expect(() => create(explainer(verifier) as never)).not.toThrow()
      expect(() =>
        create(
          explainer(verifier, { env: { NODE_ENV: 'production' }, stream: createStream() }) as never,
        ),
      ).not.toThrow()
    },
  )
})

/** The title of the first cause in what was printed once. */
function firstCauseOf([text, ...others]: readonly string[]): string | undefined {
  expect(others).toEqual([])
  return /^1\. (.+)$/m.exec(text ?? '')?.[1]
}

function create({ trusted, options }: Attempt): Verifier<unknown> {
  return createVerifier(trusted, options)
}

function fail(): never {
  throw new Error('x')
}

function withoutDate<T extends { headers: object }>(answer: T): T {
  return { ...answer, headers: { ...answer.headers, date: undefined } }
}
