/**
 * A user's functions may return something that only looks like a promise, or like a verified token. No request is accepted
 * because of that, and the process keeps serving all others.
 */
import { createVerifier, type VerifiedToken, type Verifier } from 'jwt-gate'
import {
  authErrorHandler,
  mcpTokenVerifier,
  type RequireJwtOptions,
  requireAccess,
  requireJwt,
  verifyRequest,
} from 'jwt-gate/express'
import { createTestIssuer } from 'jwt-gate/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { EXPRESS_VERSIONS, type Express } from '../support/express-versions.ts'
import { bearer, type Client, serve } from '../support/http.ts'
import { errors } from '../support/mcp-sdk.ts'
import { claimsOf, now, trust } from './setup.ts'

const issuer = await createTestIssuer({ now })
const verifier = createVerifier(trust(issuer), { now })
const token = await issuer.token(claimsOf(issuer))
const verified = await verifier.verify(token)

const accidents: unknown[] = []
const record = (error: unknown): unknown => accidents.push(error)
beforeEach(() => {
  accidents.length = 0
  process.on('unhandledRejection', record).on('uncaughtException', record)
})
afterEach(() => {
  process.off('unhandledRejection', record).off('uncaughtException', record)
  expect(accidents).toEqual([])
})

type Then = (resolve: (value: unknown) => void, reject: (reason: unknown) => void) => unknown

const thenable = (then: Then): object => ({ then })

/** A thenable that resolves with itself, through this many others. */
function circle(length: number): object {
  const all: object[] = []
  for (let at = 0; at < length; at++)
    all.push(thenable((resolve) => resolve(all[(at + 1) % length])))
  return all[0] as object
}

/** A thenable whose `then` is a function when it is read first, and undefined after that. */
function fickle(): object {
  let reads = 0
  return Object.defineProperty({}, 'then', {
    get: () => (reads++ === 0 ? () => undefined : undefined),
  })
}

const unreadable = (): object =>
  Object.defineProperty({}, 'then', {
    get: () => {
      throw 'route'
    },
  })

/** Values that resolve with a good value. Some break the rules of promises in harmless ways: requests with them are accepted. */
const CALLED_BACK: readonly [string, (value: unknown) => unknown][] = [
  ['is a promise', (value) => Promise.resolve(value)],
  ['calls back synchronously', (value) => thenable((resolve) => resolve(value))],
  ['calls back later', (value) => thenable((resolve) => setImmediate(resolve, value))],
  [
    'calls back twice',
    (value) =>
      thenable((resolve, reject) => {
        resolve(value)
        resolve('x.y.z')
        reject(new Error('no'))
      }),
  ],
  [
    'throws after it has called back',
    (value) =>
      thenable((resolve) => {
        resolve(value)
        throw new Error('no')
      }),
  ],
  ['resolves with a promise', (value) => thenable((resolve) => resolve(Promise.resolve(value)))],
  ['is a promise with its own then method', (value) => withOwnThen(Promise.resolve(value))],
]

/** As some tracing libraries do it: it returns nothing. */
function withOwnThen(promise: Promise<unknown>): Promise<unknown> {
  const then = promise.then.bind(promise)
  // biome-ignore lint/suspicious/noThenProperty: that is the attack
  return Object.assign(promise, { then: (...both: []) => void then(...both) })
}

const FAILING: readonly [string, () => unknown][] = [
  ['resolves with itself', () => circle(1)],
  ['resolves with another one that resolves with it', () => circle(2)],
  ['resolves with one more, a hundred times', () => circle(100)],
  ['has a then that throws when read', unreadable],
  ['rejects with undefined', () => thenable((_, reject) => reject(undefined))],
  ['rejects with a string that has a meaning in Express', () => Promise.reject('router')],
  [
    'throws a string that has a meaning in Express',
    () =>
      thenable(() => {
        throw 'route'
      }),
  ],
]

const SILENT: readonly [string, () => unknown][] = [
  ['returns nothing', () => thenable(() => undefined)],
  [
    'returns itself',
    () =>
      thenable(function then(this: unknown) {
        return this
      } as Then),
  ],
  ['returns a promise', () => thenable(() => Promise.resolve(verified))],
  ['returns a verified token', () => thenable(() => verified)],
]

/** A verifier whose verify a user has wrapped. */
function wrap(verify: (token: string) => unknown): Verifier {
  return { ...verifier, verify: verify as Verifier['verify'] }
}

describe.each(EXPRESS_VERSIONS)('requireJwt on %s', (_, express: Express) => {
  /** Behind the guard, every request gets 200. So a response with 200 means that it was accepted. */
  function start(by: Verifier, options: RequireJwtOptions): Promise<Client> {
    const app = express().set('env', 'test')
    const guarded = express.Router()
    app.get('/open', (_req, res) => void res.sendStatus(200))
    guarded.use(requireJwt(by, options), (req, res) => void res.send(req.auth?.claims.sub ?? 'in'))
    app.use(guarded, authErrorHandler())
    app.use((_req, res) => void res.send('around'))
    return serve(app)
  }

  const withToken = (getToken: () => unknown, more: RequireJwtOptions = {}): Promise<Client> =>
    start(verifier, { ...more, getToken: getToken as () => string })

  test.each(CALLED_BACK)(
    'a good token is accepted if the result of getToken %s',
    async (_title, make) => {
      const ask = await withToken(() => make(token))

      expect(await ask('/')).toMatchObject({ status: 200, body: 'alice' })
    },
  )

  test.each(CALLED_BACK)(
    'a good token is accepted if the result of verify %s',
    async (_title, make) => {
      const ask = await start(
        wrap(() => make(verified)),
        {},
      )

      expect(await ask('/', bearer(token))).toMatchObject({ status: 200, body: 'alice' })
    },
  )

  describe.each<RequireJwtOptions>([
    {},
    { optional: 'missing' },
    { optional: 'missing-or-invalid' },
  ])('with %j', (options) => {
    test.each(FAILING)(
      'no request is accepted if the result of getToken %s',
      async (_title, make) => {
        const ask = await withToken(make, options)

        expect((await ask('/')).status).toBe(500)
      },
    )

    test.each(FAILING)(
      'no request is accepted if the result of verify %s',
      async (_title, make) => {
        const ask = await start(wrap(make), options)

        expect((await ask('/', bearer(token))).status).toBe(500)
      },
    )

    test.each(SILENT)(
      'a thenable that never calls back delays only its own request if it %s',
      async (_title, make) => {
        const byGetToken = await withToken(make, options)
        const byVerify = await start(wrap(make), options)
        const answered: string[] = []
        const waiting = [byGetToken('/'), byVerify('/', bearer(token))].map((answer) =>
          answer.then(({ body }) => answered.push(body)).catch(() => undefined),
        )

        const others = [await byGetToken('/open'), await byVerify('/open')]
        // a response would have arrived by now
        const later = [await byGetToken('/open'), await byVerify('/open')]

        expect([...others, ...later].map((one) => one.status)).toEqual([200, 200, 200, 200])
        expect(answered).toEqual([])
        expect(waiting).toHaveLength(2)
      },
    )

    const { claims, header } = verified
    test.each<[unknown]>([
      ...[[undefined], [null], [false], [true], [0], [''], ['route'], [token], [[]], [{}]],
      ...[[{ claims }], [{ claims, header }], [{ header, issuer: 'x' }], [Symbol('x')]],
      ...[[{ claims, header: null, issuer: 'x' }], [{ claims, header: 'x', issuer: 'x' }]],
      ...[[{ claims, header, issuer: 7 }], [() => verified], [[verified]]],
    ] as [unknown][])(
      'no request is accepted if verify returns no verified token: %#',
      async (value) => {
        const atOnce = await start(
          wrap(() => value),
          options,
        )
        const later = await start(
          wrap(async () => value),
          options,
        )

        const answers = [await atOnce('/', bearer(token)), await later('/', bearer(token))]

        expect(answers.map((one) => one.status)).toEqual([500, 500])
        expect(JSON.parse(answers[0]?.body ?? '')).toMatchObject({ error: 'server_error' })
      },
    )
  })

  test('a wrapper may return a verified token without a promise', async () => {
    const ask = await start(
      wrap(() => verified),
      {},
    )

    expect(await ask('/', bearer(token))).toMatchObject({ status: 200, body: 'alice' })
  })

  test.each<[string, () => unknown, number]>([
    ['a list', () => [token], 401],
    ['an object whose toString returns the token', () => ({ toString: () => token }), 401],
    ['a String object', () => new String(token), 401],
    ['a verified token', () => verified, 401],
    ['a number', () => 7, 401],
    ['null', () => null, 401],
    ['a promise of undefined', async () => undefined, 401],
    ['a promise of a list', async () => [token], 401],
  ])(
    'the value that getToken returns never reaches verify if it is %s',
    async (_title, make, status) => {
      const asked: unknown[] = []
      const by = wrap(async (one) => {
        asked.push(one)
        return verified
      })
      const ask = await start(by, { getToken: make as () => string })

      const answer = await ask('/')

      expect(answer.status).toBe(status)
      expect(asked).toEqual([])
    },
  )

  test('a wrapped verify is not called without a token', async () => {
    const ask = await start(
      wrap(async () => verified),
      {},
    )

    expect((await ask('/')).status).toBe(401)
  })

  test('requireAccess does not accept a req.auth that another package has set', async () => {
    const app = express()
    app.use(requireJwt(verifier, { optional: 'missing' }))
    app.use((req, _res, next) => {
      if (req.headers['x-basic']) Object.assign(req, { auth: { user: 'mallory', password: 'x' } })
      next()
    })
    app.use(requireAccess({}), (_req, res) => void res.sendStatus(200))
    const ask = await serve(app.use(authErrorHandler()))

    const answers = [await ask('/', { headers: { 'x-basic': '1' } }), await ask('/', bearer(token))]

    expect(answers.map((one) => one.status)).toEqual([500, 200])
  })
})

describe('without Express', () => {
  const request = { headers: { authorization: `Bearer ${token}` }, rawHeaders: [] }
  const ask = (make: () => unknown): Promise<VerifiedToken> =>
    verifyRequest(wrap(make), request as never)
  const askForMcp = (make: () => unknown): Promise<unknown> => {
    const options = { resource: 'https://mcp.example', errors }
    return mcpTokenVerifier(wrap(make), options).verifyAccessToken(token)
  }

  test.each(CALLED_BACK)(
    'a verified token is returned if the result of verify %s',
    async (_title, make) => {
      expect(await ask(() => make(verified))).toBe(verified)
    },
  )

  test.each<[string, () => unknown]>([
    ...FAILING,
    ['has a then that is undefined when it is called', fickle],
    ['returns undefined', () => undefined],
    ['resolves with undefined', async () => undefined],
    ['returns the token', () => token],
  ])('no token is returned if verify %s', async (_title, make) => {
    const outcomes = await Promise.allSettled([ask(make), askForMcp(make)])

    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(Error) })
      expect((outcome as PromiseRejectedResult).reason).not.toBeInstanceOf(errors.InvalidTokenError)
    }
  })

  test('the message names the "verifier"', async () => {
    const wanted = { code: 'ERR_CONFIG_INVALID', message: expect.stringContaining('"verifier"') }

    await expect(ask(() => undefined)).rejects.toMatchObject(wanted)
    await expect(ask(() => circle(1))).rejects.toMatchObject(wanted)
    await expect(askForMcp(async () => ({}))).rejects.toMatchObject(wanted)
  })
})
