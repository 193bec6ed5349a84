/**
 * Functions of the user's that return what only looks like a promise, or like a verified token: nobody gets in by that, and
 * the process goes on for all others.
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

/** A thenable that resolves with itself, by way of as many others. */
function circle(length: number): object {
  const all: object[] = []
  for (let at = 0; at < length; at++)
    all.push(thenable((resolve) => resolve(all[(at + 1) % length])))
  return all[0] as object
}

/** One whose `then` is read once as a function, and as nothing from then on. */
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

/** What breaks the rules of promises, made of a good value. The first ones let it through, for there it is no harm. */
const CALLED_BACK: readonly [string, (value: unknown) => unknown][] = [
  ['is a promise', (value) => Promise.resolve(value)],
  ['calls back at once', (value) => thenable((resolve) => resolve(value))],
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
  ['calls back with a promise', (value) => thenable((resolve) => resolve(Promise.resolve(value)))],
  ['is a promise with a then of its own', (value) => withOwnThen(Promise.resolve(value))],
]

/** As some libraries for tracing do it; it returns nothing. */
function withOwnThen(promise: Promise<unknown>): Promise<unknown> {
  const then = promise.then.bind(promise)
  // biome-ignore lint/suspicious/noThenProperty: that is the attack
  return Object.assign(promise, { then: (...both: []) => void then(...both) })
}

const FAILING: readonly [string, () => unknown][] = [
  ['calls back with itself', () => circle(1)],
  ['calls back with another that calls back with it', () => circle(2)],
  ['calls back with one more, a hundred times', () => circle(100)],
  ['has a then that cannot be read', unreadable],
  ['rejects with nothing', () => thenable((_, reject) => reject(undefined))],
  ['rejects with a word that Express knows', () => Promise.reject('router')],
  [
    'throws a word that Express knows',
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

/** A verifier that a user has wrapped. */
function wrap(verify: (token: string) => unknown): Verifier {
  return { ...verifier, verify: verify as Verifier['verify'] }
}

describe.each(EXPRESS_VERSIONS)('requireJwt on %s', (_, express: Express) => {
  /** Past the guard, everybody is let in: what is answered with 200 got through. */
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

  test.each(CALLED_BACK)('a good token passes where getToken %s', async (_title, make) => {
    const ask = await withToken(() => make(token))

    expect(await ask('/')).toMatchObject({ status: 200, body: 'alice' })
  })

  test.each(CALLED_BACK)('a good token passes where verify %s', async (_title, make) => {
    const ask = await start(
      wrap(() => make(verified)),
      {},
    )

    expect(await ask('/', bearer(token))).toMatchObject({ status: 200, body: 'alice' })
  })

  describe.each<RequireJwtOptions>([
    {},
    { optional: 'missing' },
    { optional: 'missing-or-invalid' },
  ])('with %j', (options) => {
    test.each(FAILING)('nobody passes where getToken %s', async (_title, make) => {
      const ask = await withToken(make, options)

      expect((await ask('/')).status).toBe(500)
    })

    test.each(FAILING)('nobody passes where verify %s', async (_title, make) => {
      const ask = await start(wrap(make), options)

      expect((await ask('/', bearer(token))).status).toBe(500)
    })

    test.each(SILENT)(
      'one that never calls back holds up its own request alone, where it %s',
      async (_title, make) => {
        const byGetToken = await withToken(make, options)
        const byVerify = await start(wrap(make), options)
        const answered: string[] = []
        const waiting = [byGetToken('/'), byVerify('/', bearer(token))].map((answer) =>
          answer.then(({ body }) => answered.push(body)).catch(() => undefined),
        )

        const others = [await byGetToken('/open'), await byVerify('/open')]
        // an answer would be on its way by now
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
    ] as [unknown][])('nobody passes where verify returns no verified token: %#', async (value) => {
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
    })
  })

  test('a wrapper that returns a verified token without a promise is understood', async () => {
    const ask = await start(
      wrap(() => verified),
      {},
    )

    expect(await ask('/', bearer(token))).toMatchObject({ status: 200, body: 'alice' })
  })

  test.each<[string, () => unknown, number]>([
    ['a list', () => [token], 401],
    ['an object that reads as the token', () => ({ toString: () => token }), 401],
    ['a String', () => new String(token), 401],
    ['what looks like a verified token', () => verified, 401],
    ['a number', () => 7, 401],
    ['null', () => null, 401],
    ['a promise for nothing', async () => undefined, 401],
    ['a promise for a list', async () => [token], 401],
  ])('what getToken returns never reaches verify if it is %s', async (_title, make, status) => {
    const asked: unknown[] = []
    const by = wrap(async (one) => {
      asked.push(one)
      return verified
    })
    const ask = await start(by, { getToken: make as () => string })

    const answer = await ask('/')

    expect(answer.status).toBe(status)
    expect(asked).toEqual([])
  })

  test('a wrapper of verify is not asked for a token that is not there', async () => {
    const ask = await start(
      wrap(async () => verified),
      {},
    )

    expect((await ask('/')).status).toBe(401)
  })

  test('requireAccess takes nothing for a token that another package has put into the request', async () => {
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

  test.each(CALLED_BACK)('a verified token comes back where verify %s', async (_title, make) => {
    expect(await ask(() => make(verified))).toBe(verified)
  })

  test.each<[string, () => unknown]>([
    ...FAILING,
    ['has a then that is gone when it is called', fickle],
    ['returns nothing', () => undefined],
    ['resolves with nothing', async () => undefined],
    ['returns the token', () => token],
  ])('nothing comes back where verify %s', async (_title, make) => {
    const outcomes = await Promise.allSettled([ask(make), askForMcp(make)])

    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(Error) })
      expect((outcome as PromiseRejectedResult).reason).not.toBeInstanceOf(errors.InvalidTokenError)
    }
  })

  test('the mistake is named', async () => {
    const wanted = { code: 'ERR_CONFIG_INVALID', message: expect.stringContaining('"verifier"') }

    await expect(ask(() => undefined)).rejects.toMatchObject(wanted)
    await expect(ask(() => circle(1))).rejects.toMatchObject(wanted)
    await expect(askForMcp(async () => ({}))).rejects.toMatchObject(wanted)
  })
})
