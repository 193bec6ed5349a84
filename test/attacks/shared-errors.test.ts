/**
 * A user's function may throw the same error object for many requests. Each request gets a copy with its own headers, and the
 * object does not change.
 */
import { inspect } from 'node:util'
import type { ErrorRequestHandler } from 'express'
import { AccessError, createVerifier, isJwtGateError, KeysError, TokenError } from 'jwt-gate'
import { requireJwt, verifyRequest } from 'jwt-gate/express'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { EXPRESS_VERSIONS } from '../support/express-versions.ts'
import { bearer, serve } from '../support/http.ts'
import { denied, fail, trap } from './hostile-errors.ts'
import { claimsOf, now, trust } from './setup.ts'

const issuer = await createTestIssuer({ now })
const verifier = createVerifier(trust(issuer), { now })
const token = await issuer.token(claimsOf(issuer))

describe.each(EXPRESS_VERSIONS)('on %s', (_, express) => {
  test('an error object that is thrown for two requests gets the headers of neither', async () => {
    const shared = denied()
    const before = inspect(shared, { showHidden: true })
    const check = () => fail(() => shared)
    const by = createVerifier(trust(issuer), { now, check })
    const app = express().set('env', 'test')
    const seen: unknown[] = []
    const handler: ErrorRequestHandler = (error, _req, _res, next) => {
      seen.push(error)
      next(error)
    }
    app.use('/a', requireJwt(by, { realm: 'a' }))
    app.use('/b', requireJwt(by, { realm: 'b' }))
    const ask = await serve(app.use(handler))

    const answers = await Promise.all([ask('/a', bearer(token)), ask('/b', bearer(token))])

    expect(answers.map((one) => one.headers['www-authenticate'])).toEqual(
      ['a', 'b'].map((realm) => expect.stringContaining(`Bearer realm="${realm}", error=`)),
    )
    expect(new Set([...seen, shared]).size).toBe(3)
    expect(inspect(shared, { showHidden: true })).toBe(before)
    expect(Object.keys(shared)).toEqual(['code', 'status', 'statusCode', 'expose', 'scopes'])
  })
})

test('an error that a resolver function throws once for fifty requests does not change', async () => {
  const failure = new TokenError('ERR_CLAIM_ISSUER', { claim: 'iss', reason: 'mismatch' })
  let calls = 0
  const by = createVerifier(
    async () => {
      calls++
      throw failure
    },
    { now },
  )
  const request = { headers: { authorization: `Bearer ${token}` }, rawHeaders: [] } as never
  const realms = Array.from({ length: 50 }, (_, at) => `realm-${at}`)

  const outcomes = await Promise.allSettled(
    realms.map((realm) => verifyRequest(by, request, { realm })),
  )

  const challenges = outcomes.map(
    (one) => (one as PromiseRejectedResult).reason.headers['WWW-Authenticate'],
  )
  expect(calls).toBe(1)
  expect(challenges).toEqual(
    realms.map((realm) => expect.stringContaining(`realm="${realm}", error="invalid_token"`)),
  )
  expect(Object.keys(failure)).toEqual([
    'code',
    'status',
    'statusCode',
    'expose',
    'claim',
    'reason',
  ])
})

describe('the copy of an error', () => {
  async function copyOf(thrown: object): Promise<Error & Record<string, unknown>> {
    const by = { ...verifier, verify: () => Promise.reject(thrown) }
    const request = { headers: { authorization: 'Bearer x' }, rawHeaders: [] } as never
    const outcome = verifyRequest(by, request, { realm: 'x' })
    return outcome.then(
      () => expect.unreachable(),
      (error) => error,
    )
  }

  test('has the class and the members of the error', async () => {
    const cause = new Error('down')
    const thrown = Object.assign(
      new KeysError('ERR_JWKS_UNAVAILABLE', { cause, retryAfterSeconds: 7, reason: 'network' }),
      { tenant: 'a' },
    )

    const copy = await copyOf(thrown)

    expect(copy).toBeInstanceOf(KeysError)
    expect(isJwtGateError(copy)).toBe(true)
    expect(copy).not.toBe(thrown)
    for (const name of ['name', 'message', 'stack', 'code', 'status', 'reason', 'tenant']) {
      expect(copy[name], name).toBe(Reflect.get(thrown, name))
    }
    expect(copy).toMatchObject({ cause, retryAfterSeconds: 7, statusCode: 503, expose: false })
    expect(JSON.stringify(copy)).toBe(JSON.stringify(thrown))
    expect(String(copy)).toBe(String(thrown))
    expect(inspect(copy)).toContain(thrown.stack?.split('\n')[1])
    for (const part of ["code: 'ERR_JWKS_UNAVAILABLE'", "reason: 'network'", 'Error: down']) {
      expect(inspect(copy)).toContain(part)
    }
  })

  test('can be copied again, even if the error is frozen', async () => {
    const thrown = Object.freeze(new AccessError('ERR_ACCESS_SCOPE', { scopes: ['a'] }))

    const copy = Object.freeze(await copyOf(Object.freeze(await copyOf(thrown))))

    expect(copy).toBeInstanceOf(AccessError)
    expect(copy).toMatchObject({ code: 'ERR_ACCESS_SCOPE', status: 403, scopes: ['a'] })
    expect(Object.keys(thrown)).toEqual(['code', 'status', 'statusCode', 'expose', 'scopes'])
  })

  test('includes only what can be copied', async () => {
    const thrown = await copyOf(trap('ownKeys'))

    expect(thrown).toBeInstanceOf(Error)
    expect(isJwtGateError(thrown)).toBe(false)
  })

  test('has a stack that can be changed, as some tools do', async () => {
    const thrown = denied()
    const { stack } = thrown

    const copy = await copyOf(thrown)
    copy.stack = 'elsewhere'

    expect(copy.stack).toBe('elsewhere')
    expect(thrown.stack).toBe(stack)
  })
})
