/**
 * Access rules for requests with a valid token, over real HTTP, on both versions of Express.
 */
import type { ErrorRequestHandler } from 'express'
import { AccessError, type AccessRule, authorize, cognito, createVerifier } from 'jwt-gate'
import { authErrorHandler, getAuth, requireAccess, requireJwt } from 'jwt-gate/express'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { EXPRESS_VERSIONS } from '../support/express-versions.ts'
import { bearer, serve } from '../support/http.ts'

const issuer = await createTestIssuer()
const { userPoolId, clientId } = issuer
const verifier = createVerifier(cognito({ userPoolId, clientId, tokenUse: 'access' }), {
  fetch: issuer.fetch,
})
const reader = await issuer.machineToken({ scope: 'orders/read' })
const writer = await issuer.machineToken({ scope: 'orders/read orders/write' })
const admin = await issuer.accessToken({ 'cognito:groups': ['admin', 'staff'] })
const almostAdmin = await issuer.accessToken({ 'cognito:groups': ['not-admin', 'admin2'] })

describe.each(EXPRESS_VERSIONS)('requireAccess on %s', (_, express) => {
  function startApp() {
    const app = express()
    app.use(requireJwt(verifier, { realm: 'orders' }))
    app.get('/write', requireAccess({ scopes: ['orders/write'] }), (_req, res) => {
      res.sendStatus(200)
    })
    const staffOnly = requireAccess({ groups: ['admin'] })
    app.get('/both', staffOnly, requireAccess({ allGroups: ['staff'] }), (_req, res) => {
      res.sendStatus(200)
    })
    app.get('/by-hand', (req, res) => {
      authorize(getAuth(req), { anyScope: ['orders/write', 'orders/all'] })
      res.sendStatus(200)
    })
    app.use(authErrorHandler({ onError: null }))
    return serve(app)
  }

  test('lets a token with the scope pass, and names the scope that another lacks', async () => {
    const ask = await startApp()

    const answers = await Promise.all([
      ask('/write', bearer(writer)),
      ask('/write', bearer(reader)),
    ])

    expect(answers.map((one) => one.status)).toEqual([200, 403])
    expect(answers[1].headers['www-authenticate']).toBe(
      'Bearer realm="orders", error="insufficient_scope", error_description="The token lacks a required scope", scope="orders/write"',
    )
    expect(JSON.parse(answers[1].body)).toEqual({
      error: 'insufficient_scope',
      error_description: 'The token lacks a required scope',
    })
  })

  test.each<[AccessRule, string]>([
    [{ acr: ['mfa', 'phr'] }, ', acr_values="mfa phr"'],
    [{ maxAuthAgeSeconds: 300 }, ', max_age="300"'],
    [{ acr: ['mfa'], maxAuthAgeSeconds: 60 }, ', acr_values="mfa", max_age="60"'],
  ])('asks for an authentication that meets %j (RFC 9470)', async (rule, parameters) => {
    const app = express()
    app.use(requireJwt(verifier, { realm: 'orders' }))
    app.get('/pay', requireAccess(rule), (_req, res) => {
      res.sendStatus(200)
    })
    app.use(authErrorHandler())
    const ask = await serve(app)
    const auth_time = Math.floor(Date.now() / 1_000)
    const weak = await issuer.accessToken({ acr: 'pwd', auth_time: auth_time - 1_000 })
    const strong = await issuer.accessToken({ acr: 'mfa', auth_time })

    const answers = await Promise.all([ask('/pay', bearer(weak)), ask('/pay', bearer(strong))])

    expect(answers.map((one) => one.status)).toEqual([401, 200])
    expect(answers[0].headers['www-authenticate']).toBe(
      `Bearer realm="orders", error="insufficient_user_authentication", error_description="The user must authenticate again, in a stronger way or more recently"${parameters}`,
    )
    expect(JSON.parse(answers[0].body)).toMatchObject({ error: 'insufficient_user_authentication' })
  })

  test('compares groups by their exact names, and can be chained', async () => {
    const ask = await startApp()

    const answers = await Promise.all([
      ask('/both', bearer(admin)),
      ask('/both', bearer(almostAdmin)),
    ])

    expect(answers.map((one) => one.status)).toEqual([200, 403])
    expect(answers[1].headers['www-authenticate']).not.toContain('scope=')
  })

  test('an error of authorize() in a handler gets the same response', async () => {
    const ask = await startApp()

    const answer = await ask('/by-hand', bearer(reader))

    expect(answer.status).toBe(403)
    expect(answer.headers['www-authenticate']).toBe(
      'Bearer realm="orders", error="insufficient_scope", error_description="The token lacks a required scope", scope="orders/write orders/all"',
    )
  })

  test('without requireJwt before it, it is a mistake of the developer: status 500, and no request passes', async () => {
    const app = express()
    app.get('/', requireAccess({}), (_req, res) => {
      res.sendStatus(200)
    })
    app.use(authErrorHandler({ onError: null }))
    const ask = await serve(app)

    const answer = await ask('/', bearer(admin))

    expect(answer.status).toBe(500)
    expect(JSON.parse(answer.body)).toEqual({
      error: 'server_error',
      error_description: 'The service is misconfigured',
    })
    expect(answer.headers['www-authenticate']).toBeUndefined()
  })

  test('after an optional requireJwt, it requires a token', async () => {
    const app = express()
    app.use(requireJwt(verifier, { optional: 'missing' }))
    app.get('/', requireAccess({}), (_req, res) => {
      res.sendStatus(200)
    })
    app.use(authErrorHandler({ onError: null }))
    const ask = await serve(app)

    const answers = await Promise.all([ask('/'), ask('/', bearer(reader))])

    expect(answers.map((one) => one.status)).toEqual([401, 200])
  })

  test('the errors of a rule cannot break the header that contains them', async () => {
    const app = express()
    const rude = Object.freeze(
      Object.assign(new AccessError('ERR_ACCESS_DENIED', { scopes: ['a"b', 'c\r\nd'] }), {
        message: 'x"\r\nSet-Cookie: y',
      }),
    )
    app.use(requireJwt(verifier))
    app.use(
      requireAccess({
        check: () => {
          throw rude
        },
      }),
    )
    app.use(authErrorHandler({ onError: null }))
    const ask = await serve(app)

    const answer = await ask('/', bearer(reader))

    expect(answer.status).toBe(403)
    expect(answer.headers['www-authenticate']).toBe(
      'Bearer realm="api", error="insufficient_scope"',
    )
    expect(answer.headers['set-cookie']).toBeUndefined()
  })

  test('leaves a response that has already started to Express', async () => {
    const app = express()
    app.get('/', (_req, res) => {
      res.status(200).write('half')
      throw new AccessError('ERR_ACCESS_DENIED')
    })
    app.use(authErrorHandler({ onError: null }))
    const ask = await serve(app)

    await expect(ask('/')).rejects.toThrow()
  })

  test('passes the error on if the response has already started', async () => {
    const errors: unknown[] = []
    const app = express()
    app.get('/', (_req, res) => {
      res.status(200).write('half')
      throw new AccessError('ERR_ACCESS_DENIED')
    })
    app.use(authErrorHandler({ onError: null }))
    app.use(((error, _req, res, _next) => {
      errors.push(error)
      res.end()
    }) as ErrorRequestHandler)
    const ask = await serve(app)

    const answer = await ask('/')

    expect(answer).toMatchObject({ status: 200, body: 'half' })
    expect(errors).toMatchObject([{ code: 'ERR_ACCESS_DENIED', status: 403 }])
  })
})

test.each([
  [{ scopes: [] }, '"scopes"'],
  [{ scopes: ['two words'] }, '"scopes"'],
  [{ anyScope: 'quote"d' }, '"anyScope"'],
  [{ groups: [1] }, '"groups"'],
  [{ check: true }, '"check"'],
  [{ scope: ['a'] }, '"scope"'],
  [undefined, '"rule"'],
])('the rule %j is rejected at start-up, and the error names the member', (rule, name) => {
  const make = () => requireAccess(rule as never)

  expect(make).toThrow(expect.objectContaining({ code: 'ERR_CONFIG_INVALID' }))
  expect(make).toThrow(name)
})
