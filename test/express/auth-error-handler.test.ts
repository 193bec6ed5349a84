/**
 * `authErrorHandler` takes the place of Express's own handler, so it prints what that would print.
 */
import { inspect } from 'node:util'
import type { ErrorRequestHandler, RequestHandler } from 'express'
import { AccessError, createVerifier, KeysError } from 'jwt-gate'
import {
  type AuthErrorHandlerOptions,
  authErrorHandler,
  requireAccess,
  requireJwt,
} from 'jwt-gate/express'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import { EXPRESS_VERSIONS } from '../support/express-versions.ts'
import { bearer, serve } from '../support/http.ts'

const keys = await createTestIssuer()
const issuer = 'https://idp.example.com'
const fetch = () => Promise.reject(new TypeError('connect ECONNREFUSED 10.0.0.1:443'))
const down = requireJwt(createVerifier({ issuer, audience: null }, { fetch }))
const token = await keys.token({ iss: issuer, exp: Math.floor(Date.now() / 1_000) + 600 })

/** What is printed by `console.error` until the calling test ends. */
function capture(): unknown[][] {
  const printed: unknown[][] = []
  const { error } = console
  console.error = (...values) => void printed.push(values)
  onTestFinished(() => {
    console.error = error
  })
  return printed
}

describe.each(EXPRESS_VERSIONS)('on %s', (_, express) => {
  function start(handler: RequestHandler, options?: AuthErrorHandlerOptions) {
    // what is passed on, Express would print
    return serve(express().set('env', 'test').use(handler, authErrorHandler(options)))
  }

  test('an outage is printed by console.error, with its cause and without the token', async () => {
    const printed = capture()
    const ask = await start(down)

    const answer = await ask('/', bearer(token))

    expect(answer.status).toBe(503)
    expect(printed).toHaveLength(1)
    expect(printed[0]).toHaveLength(1)
    const text = inspect(printed[0]?.[0])
    expect(text).toMatch(
      /^KeysError: The keys of the issuer cannot be fetched at the moment: .*failed\n {4}at /,
    )
    expect(text).toContain('[cause]: TypeError: connect ECONNREFUSED 10.0.0.1:443')
    expect(text).not.toContain(token.split('.')[1])
  })

  test('so is a mistake of the developer, with its message', async () => {
    const printed = capture()
    const ask = await start(requireAccess({}))

    const answer = await ask('/')

    expect(answer.body).not.toContain('requireAccess')
    expect(inspect(printed)).toContain('"requireAccess" needs requireJwt() to run before it')
  })

  test.each<[string, RequestHandler]>([
    ['no token', down],
    [
      'a refusal of access',
      () => {
        throw new AccessError('ERR_ACCESS_DENIED')
      },
    ],
    [
      "an error of another's",
      () => {
        throw new RangeError('x')
      },
    ],
  ])('%s is not printed', async (_title, handler) => {
    const printed = capture()
    const ask = await start(handler)

    const answer = await ask('/')

    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(printed).toEqual([])
  })

  test('the filter of another framework can call it with the cause of an error', async () => {
    const respond = authErrorHandler()
    const wrapped: ErrorRequestHandler = (error, _req, _res, next) => {
      next(new Error('Unauthorized', { cause: error }))
    }
    const filter: ErrorRequestHandler = (error, req, res, next) => {
      respond(error.cause, req, res, next)
    }
    const ask = await serve(express().use(down, wrapped, filter))

    const answer = await ask('/')

    expect(answer.status).toBe(401)
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="api"')
    expect(JSON.parse(answer.body).error).toBe('missing_token')
  })

  test('with onError, nothing is printed: it gets the error alone', async () => {
    const printed = capture()
    const seen: unknown[][] = []
    const ask = await start(down, { onError: (...values) => void seen.push(values) })

    await ask('/', bearer(token))

    expect(printed).toEqual([])
    expect(seen).toEqual([[expect.any(KeysError)]])
    expect(seen[0]?.[0]).toMatchObject({ code: 'ERR_JWKS_UNAVAILABLE', cause: expect.anything() })
  })

  test.each<[string, AuthErrorHandlerOptions]>([
    ['null', { onError: null }],
    [
      'an onError that throws',
      {
        onError: () => {
          throw new Error('the disk is full')
        },
      },
    ],
    ['an onError that rejects', { onError: (() => Promise.reject(new Error('x'))) as () => void }],
  ])('with %s, nothing is printed, and the response is the same', async (_title, options) => {
    const printed = capture()
    const ask = await start(down, options)

    const answer = await ask('/', bearer(token))

    expect(answer.status).toBe(503)
    expect(JSON.parse(answer.body).error).toBe('temporarily_unavailable')
    expect(printed).toEqual([])
  })
})

test.each<[unknown, string]>([
  [{ onError: 'log' }, '"onError"'],
  [{ onError: false }, '"onError"'],
  [{ onerror: null }, '"onerror"'],
  [null, '"options"'],
])('the options %j are rejected at start-up, and the error names the option', (options, name) => {
  const make = () => authErrorHandler(options as AuthErrorHandlerOptions)

  expect(make).toThrow(expect.objectContaining({ code: 'ERR_CONFIG_INVALID' }))
  expect(make).toThrow(name)
})
