/**
 * Errors that a user's functions throw, of this library's classes and of others. None of them ends the process, lets a request
 * pass, or affects more of the response than its own status.
 */
import { inspect } from 'node:util'
import { createVerifier, isJwtGateError, type Verifier } from 'jwt-gate'
import {
  authErrorHandler,
  cookieToken,
  mcpTokenVerifier,
  requireAccess,
  requireJwt,
  verifyRequest,
} from 'jwt-gate/express'
import { createTestIssuer } from 'jwt-gate/testing'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { EXPRESS_VERSIONS, type Express } from '../support/express-versions.ts'
import { bearer, serve } from '../support/http.ts'
import { errors } from '../support/mcp-sdk.ts'
import { FOREIGN, fail, OURS } from './hostile-errors.ts'
import { claimsOf, now, trust } from './setup.ts'

const issuer = await createTestIssuer({ now })
const verifier = createVerifier(trust(issuer), { now })
const token = await issuer.token(claimsOf(issuer))

const accidents: unknown[] = []
const record = (error: unknown): unknown => accidents.push(error)
beforeEach(() => {
  accidents.length = 0
  process.on('unhandledRejection', record).on('uncaughtException', record)
  // Express prints errors that it responds to with 500
  vi.spyOn(console, 'error').mockImplementation((...all) => void all.map((one) => inspect(one)))
})
afterEach(() => {
  process.off('unhandledRejection', record).off('uncaughtException', record)
  vi.restoreAllMocks()
  expect(accidents).toEqual([])
})

const ALL = [...OURS, ...FOREIGN]

/** The functions in which a user's code may throw. */
type Place = (make: () => unknown) => { by?: Verifier; options?: object; rule?: object }

const PLACES: readonly [string, Place][] = [
  ['getToken', (make) => ({ options: { getToken: () => fail(make) } })],
  ['an asynchronous getToken', (make) => ({ options: { getToken: async () => fail(make) } })],
  ['csrf', (make) => ({ options: { getToken: cookieToken('token', { csrf: () => fail(make) }) } })],
  ['a wrapper of verify', (make) => ({ by: { ...verifier, verify: () => fail(make) } })],
  ['an asynchronous wrapper', (make) => ({ by: { ...verifier, verify: async () => fail(make) } })],
  ['check', (make) => ({ by: createVerifier(trust(issuer), { now, check: () => fail(make) }) })],
  [
    'an asynchronous check',
    (make) => ({ by: createVerifier(trust(issuer), { now, check: async () => fail(make) }) }),
  ],
  ['a rule', (make) => ({ rule: { check: () => fail(make) } })],
]

/** The challenge for a denial of scopes `a` and `b`, without the parts that are invalid. */
function challengeOf(name: string): string {
  const isMessage = name.includes('message')
  const description = isMessage ? 'The request was rejected' : 'The token lacks a required scope'
  const scope = name.includes('scope') ? '' : ', scope="a b"'
  return `Bearer realm="api", error="insufficient_scope", error_description="${description}"${scope}`
}

describe.each(EXPRESS_VERSIONS)('on %s', (_, express: Express) => {
  /** An app with a part that is guarded by functions that throw. The thrown value can be changed. */
  function createApp({ by = verifier, options = {}, rule = {} }: ReturnType<Place>) {
    const app = express()
    const guarded = express.Router().use(requireJwt(by, options), requireAccess(rule))
    app.use(guarded.use((_req, res) => void res.send('in')))
    return app
  }

  test.each(PLACES)(
    'an error that %s throws gets a response, and does not end the process',
    async (title, place) => {
      let make = (): unknown => undefined
      const world = place(() => make())
      // Express's own error handler responds if there is no other
      const asks = [
        await serve(createApp(world).use(authErrorHandler())),
        await serve(createApp(world).use((_req, res) => void res.send('around'))),
      ]
      const isCookie = world.options !== undefined
      const headers = isCookie ? { headers: { cookie: `token=${token}` } } : bearer(token)
      const statuses: Record<string, unknown> = {}
      for (const [name, next] of ALL) {
        make = next
        const answers = await Promise.all(asks.map((ask) => ask('/', { ...headers })))
        statuses[name] = answers.map((one) => one.status)
      }

      const foreign = title === 'a rule' ? 403 : 500
      expect(statuses).toEqual(
        Object.fromEntries([
          ...OURS.map(([name, , status]) => [name, [status, status]]),
          ...FOREIGN.map(([name]) => [name, [foreign, foreign]]),
        ]),
      )
    },
  )

  test('a challenge and a Retry-After include only valid values', async () => {
    let make = (): unknown => undefined
    const check = () => fail(() => make())
    const app = createApp({ by: createVerifier(trust(issuer), { now, check }) })
    const ask = await serve(app.use(authErrorHandler()))

    for (const [name, next, status] of OURS) {
      make = next
      const { headers } = await ask('/', bearer(token))
      expect(headers['www-authenticate'], name).toBe(status === 403 ? challengeOf(name) : undefined)
      expect(headers['retry-after'], name).toBe(status === 503 ? '1' : undefined)
      expect(headers['x-y'], name).toBeUndefined()
    }
  })

  test('authErrorHandler responds to an error that a handler throws', async () => {
    let make = (): unknown => undefined
    const app = express().set('env', 'test')
    app.use(requireJwt(verifier), () => fail(() => make()))
    const ask = await serve(app.use(authErrorHandler()))
    const statuses: Record<string, number> = {}
    for (const [name, next] of OURS) {
      make = next
      statuses[name] = (await ask('/', bearer(token))).status
    }

    expect(statuses).toEqual(Object.fromEntries(OURS.map(([name, , status]) => [name, status])))
  })

  test('an error that the next handler throws does not end the process', async () => {
    const app = express().set('env', 'test')
    const thrown = new Error('x')
    let seen: unknown
    const token = await issuer.token({ ...claimsOf(issuer), jti: '2' })
    // as another kind of router might do
    app.use((req, res, next) => {
      const onward = (error?: unknown): void => {
        if (error === undefined) throw thrown
        seen = error
        next(error)
      }
      void requireJwt(verifier, { getToken: async () => token })(req, res, onward as typeof next)
    })
    const ask = await serve(app)

    const answer = await ask('/')

    expect(answer.status).toBe(500)
    expect(seen).toBe(thrown)
  })
})

describe('the headers of an error of others, which Express sends', () => {
  const pass = (headers: unknown): Promise<unknown> => {
    const thrown = Object.assign(new Error('x'), { headers })
    const getToken = () => {
      throw thrown
    }
    const req = { headers: {} } as never
    return new Promise((next) => {
      requireJwt(verifier, { getToken })(req, {} as never, (error: unknown) =>
        next(error === thrown ? 'as it is' : (error as Error).cause === thrown && 'wrapped'),
      )
    })
  }

  test.each<unknown>([
    { 'retry-after': '1' },
    { 'retry-after': 1 },
    { 'set-cookie': ['a=b', 'c=d'] },
    {},
    null,
    'text',
  ])('%j: the error stays as it is', async (headers) => {
    expect(await pass(headers)).toBe('as it is')
  })

  test.each<object>([
    { 'a b': 'c' },
    { a: 'b\r\nc' },
    { a: 'b', c: '\u20ac' },
    { a: ['b', 'c\n'] },
    { a: undefined },
    { a: ['b', undefined] },
    { '': 'a' },
  ])('%j: a new error, because Node would not send them', async (headers) => {
    expect(await pass(headers)).toBe('wrapped')
  })
})

describe('without Express', () => {
  const failing = (make: () => unknown): Verifier => ({
    ...verifier,
    verify: async () => fail(make),
  })

  test.each(ALL)('%s leads to an error that can be sent', async (_title, make, status) => {
    const request = { headers: { authorization: 'Bearer x' }, rawHeaders: [] } as never

    const error: unknown = await verifyRequest(failing(make), request).catch((one) => one)

    const isOurs = isJwtGateError(error)
    expect(error).toBeInstanceOf(Error)
    expect(isOurs ? (error as { statusCode?: number }).statusCode : 500).toBe(status)
    expect(inspect(error)).toEqual(expect.any(String))
  })

  test.each(ALL)('%s is handled by the MCP SDK', async (_title, make, status) => {
    const { verifyAccessToken } = mcpTokenVerifier(failing(make), {
      resource: 'https://mcp.example',
      errors,
    })

    const error: unknown = await verifyAccessToken('x').catch((one) => one)

    expect(error instanceof errors.InsufficientScopeError).toBe(status === 403)
    expect(error).not.toBeInstanceOf(errors.InvalidTokenError)
  })
})
