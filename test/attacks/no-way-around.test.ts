/**
 * Nothing but a verified token leads to `next()`: not a `getToken` or a `verify` of the user's that is no promise as the
 * language has them, not a wrapper of `verify`, and not an error that was made by hand.
 */
import { AccessError, createVerifier, TokenError, type Verifier } from 'jwt-gate'
import {
  authErrorHandler,
  mcpTokenVerifier,
  requireAccess,
  requireJwt,
  verifyRequest,
} from 'jwt-gate/express'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { EXPRESS_VERSIONS } from '../support/express-versions.ts'
import { serve } from '../support/http.ts'
import { claimsOf, haveRemembered, now, trust } from './setup.ts'

const issuer = await createTestIssuer({ now })
const verifier = createVerifier(trust(issuer), { now })
const token = await issuer.token(claimsOf(issuer))
const authorization = `Bearer ${token}`
const request = () => ({ headers: { authorization }, rawHeaders: [], method: 'GET' }) as never

type Then = (resolve: (value?: unknown) => void, reject: (error: unknown) => void) => unknown
const thenable = (then: Then) => ({ then }) as never

/** What middleware does with a request, as far as that happens within a few turns. */
async function pass(of: Verifier, options: object = {}): Promise<unknown> {
  const calls: unknown[] = []
  const req = request() as { auth?: unknown }
  requireJwt(of, options)(req as never, { locals: {} } as never, (error?: unknown) => {
    calls.push(error ?? (req.auth === undefined ? 'passed without a token' : 'passed'))
  })
  for (let n = 0; n < 5; n++) await new Promise((resolve) => setImmediate(resolve))
  expect(calls.length).toBeLessThanOrEqual(1)
  const [said = 'nothing'] = calls
  return (said as { code?: string }).code ?? said
}

describe('a getToken that returns a thenable', () => {
  test.each<[string, Then, unknown]>([
    ['that never calls back and returns nothing', () => undefined, 'nothing'],
    ['that never calls back and returns something', () => 'yes', 'nothing'],
    ['that calls back with nothing', (resolve) => resolve(), 'ERR_TOKEN_MISSING'],
    [
      'that calls back with no text',
      (resolve) => resolve({ toString: () => token }),
      'ERR_TOKEN_MALFORMED',
    ],
    ['that rejects with nothing', (_, reject) => reject(undefined), expect.any(Error)],
    [
      'that throws',
      () => {
        throw new Error('broken')
      },
      expect.any(Error),
    ],
    [
      'the control: that calls back with the token, twice',
      (resolve) => {
        resolve(token)
        resolve('x')
      },
      'passed',
    ],
  ])('%s', async (_name, then, said) => {
    expect(await pass(verifier, { getToken: () => thenable(then) })).toEqual(said)
  })

  test('that returns itself from its then', async () => {
    const one = thenable(() => one)

    expect(await pass(verifier, { getToken: () => one })).toBe('nothing')
  })

  test('whose then cannot be read', async () => {
    const one = Object.defineProperty({}, 'then', {
      get: () => {
        throw new Error('broken')
      },
    })

    expect(await pass(verifier, { getToken: () => one as never })).toEqual(new Error('broken'))
  })

  test('passes in the optional mode only if it calls back with nothing', async () => {
    const optional = 'missing'

    expect(await pass(verifier, { optional, getToken: () => thenable(() => undefined) })).toBe(
      'nothing',
    )
    expect(
      await pass(verifier, { optional, getToken: () => thenable((resolve) => resolve()) }),
    ).toBe('passed without a token')
  })
})

describe('a verify of the user that returns', () => {
  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', token],
    ['true', true],
    ['an empty object', {}],
    ['plain claims', { sub: 'alice' }],
    ['claims and no issuer', { claims: {}, header: {} }],
    ['an issuer and no claims', { issuer: 'https://a.example', header: {} }],
    ['a list', [1]],
  ])('%s lets nobody pass', async (_name, value) => {
    for (const made of [value, Promise.resolve(value), thenable((resolve) => resolve(value))]) {
      const wrapped = { ...verifier, verify: () => made } as never
      const errors = { InvalidTokenError: Error, InsufficientScopeError: Error }

      expect(await pass(wrapped)).toBe('ERR_CONFIG_INVALID')
      expect(await pass(wrapped, { optional: 'missing-or-invalid' })).toBe('ERR_CONFIG_INVALID')
      await expect(verifyRequest(wrapped, request())).rejects.toMatchObject({
        code: 'ERR_CONFIG_INVALID',
      })
      const mcp = mcpTokenVerifier(wrapped, { resource: 'https://mcp.example', errors })
      await expect(mcp.verifyAccessToken(token)).rejects.toMatchObject({
        code: 'ERR_CONFIG_INVALID',
      })
    }
  })

  test('the control: a thenable with a verified token', async () => {
    const verified = await verifier.verify(token)
    const verify = () => thenable((resolve) => void resolve({ ...verified }))

    expect(await pass({ ...verifier, verify })).toBe('passed')
  })
})

describe('a wrapper of verify that refuses', () => {
  const refuse = () => Promise.reject(new TokenError('ERR_TOKEN_CHECK'))
  type Verify = Verifier['verify']
  const symbols = (from: object) => Object.getOwnPropertyDescriptors(from)
  const wrappers: [string, (verify: Verify) => Verify][] = [
    ['a function', () => refuse],
    ['a proxy', (verify) => new Proxy(verify, { apply: refuse })],
    ['a function that inherits', (verify) => Object.setPrototypeOf(() => refuse(), verify)],
    [
      'a function with its properties',
      (verify) => Object.defineProperties(() => refuse(), symbols(verify)),
    ],
    [
      'a bound function with its properties',
      (verify) =>
        Object.defineProperties(refuse.bind(null), { ...symbols(verify), name: {}, length: {} }),
    ],
  ]

  test.each(wrappers)('is never passed by: %s', async (_name, wrap) => {
    await haveRemembered(verifier, token)
    const wrapped = { ...verifier, verify: wrap(verifier.verify) }

    expect(await pass(wrapped)).toBe('ERR_TOKEN_CHECK')
    await expect(verifyRequest(wrapped, request())).rejects.toMatchObject({
      code: 'ERR_TOKEN_CHECK',
    })
  })

  test('is never passed by: a proxy of the verifier, and an object that inherits from it', async () => {
    await haveRemembered(verifier, token)
    const get = (target: Verifier, name: keyof Verifier) =>
      name === 'verify' ? refuse : target[name]
    const proxy = new Proxy(verifier, { get: get as never })
    const heir = Object.create(verifier, { verify: { value: refuse } })

    expect(await pass(proxy)).toBe('ERR_TOKEN_CHECK')
    expect(await pass(heir)).toBe('ERR_TOKEN_CHECK')
  })

  test('the control: an object that inherits everything', async () => {
    expect(await pass(Object.create(verifier))).toBe('passed')
  })
})

/** Errors of this library that somebody made or changed by hand. */
const odd: [string, () => Error, number][] = [
  [
    'scopes that are a text',
    () => new AccessError('ERR_ACCESS_SCOPE', { scopes: 'text' as never }),
    403,
  ],
  [
    'scopes that are no texts',
    () => new AccessError('ERR_ACCESS_SCOPE', { scopes: [{}] as never }),
    403,
  ],
  [
    'scopes that break the header',
    () => new AccessError('ERR_ACCESS_SCOPE', { scopes: ['a"\r\nb'] }),
    403,
  ],
  ['status 200', () => Object.assign(new TokenError('ERR_TOKEN_CHECK'), { status: 200 }), 500],
  ['status 99999', () => Object.assign(new TokenError('ERR_TOKEN_CHECK'), { status: 99_999 }), 500],
  [
    'a status that is a text',
    () => Object.assign(new TokenError('ERR_TOKEN_CHECK'), { status: '401' }),
    500,
  ],
  [
    'no message',
    () => Object.assign(new TokenError('ERR_TOKEN_CHECK'), { message: undefined }),
    401,
  ],
  [
    'a message that breaks the header',
    () => Object.assign(new TokenError('ERR_TOKEN_CHECK'), { message: 'a"\r\nb' }),
    401,
  ],
  ['a code of nobody', () => Object.assign(new TokenError('ERR_TOKEN_CHECK'), { code: {} }), 500],
  [
    'getters that throw',
    () => {
      const error = new TokenError('ERR_TOKEN_CHECK')
      const get = () => {
        throw new Error('broken')
      }
      for (const name of ['scopes', 'retryAfterSeconds', 'code'])
        Object.defineProperty(error, name, { get })
      return error
    },
    500,
  ],
  [
    'frozen members',
    () =>
      Object.freeze(
        Object.assign(new TokenError('ERR_TOKEN_CHECK'), { headers: {}, statusCode: 200 }),
      ),
    401,
  ],
]

describe.each(EXPRESS_VERSIONS)('on %s, an error by hand', (_version, express) => {
  test.each(odd)('with %s ends no process, and is answered', async (_name, make, status) => {
    const rules = [
      async () => {
        throw make()
      },
      () => {
        throw make()
      },
    ]
    for (const check of rules) {
      const app = express()
      app.use(requireJwt(createVerifier(trust(issuer), { now, check })))
      app.use((_req, res) => void res.sendStatus(200))
      app.use(authErrorHandler())
      const ask = await serve(app)
      const answer = await ask('/', { headers: { authorization } })
      expect(answer.status).toBe(status)
    }
  })

  test.each(odd)('with %s is answered for a rule of requireAccess', async (_name, make, status) => {
    const app = express()
    app.use(requireJwt(verifier))
    app.use(
      requireAccess({
        check: () => {
          throw make()
        },
      }),
    )
    app.use((_req, res) => void res.sendStatus(200))
    app.use(authErrorHandler())
    const ask = await serve(app)

    expect((await ask('/', { headers: { authorization } })).status).toBe(status)
  })
})

test('one error for many requests is not changed, and each gets its own challenge', async () => {
  const shared = new TokenError('ERR_TOKEN_CHECK')
  const members = Reflect.ownKeys(shared)
  const found = createVerifier(() => Promise.reject(shared), { now })
  const askAs = async (realm: string) =>
    verifyRequest(found, request(), { realm }).catch((error: unknown) => error)

  const [first, second] = (await Promise.all([askAs('first'), askAs('second')])) as TokenError[]

  expect([first, second]).toMatchObject([
    { headers: { 'WWW-Authenticate': expect.stringContaining('realm="first"') } },
    { headers: { 'WWW-Authenticate': expect.stringContaining('realm="second"') } },
  ])
  expect(Reflect.ownKeys(shared)).toEqual(members)
  expect(first).toBeInstanceOf(TokenError)
  expect(first?.stack).toBe(shared.stack)
  expect(JSON.stringify(first)).toBe(JSON.stringify(shared))
})
