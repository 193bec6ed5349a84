/**
 * Requests with and without good tokens, over real HTTP, on both versions of Express.
 */
import type { RequestHandler } from 'express'
import { cognito, createVerifier, type Verifier } from 'jwt-gate'
import { authErrorHandler, getAuth, type RequireJwtOptions, requireJwt } from 'jwt-gate/express'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { EXPRESS_VERSIONS, type Express } from '../support/express-versions.ts'
import { type Ask, bearer, type Client, serve } from '../support/http.ts'

const issuer = await createTestIssuer()
const { userPoolId, clientId } = issuer
const pool = cognito({ userPoolId, clientId, tokenUse: 'access' })
const verifier = createVerifier(pool, { fetch: issuer.fetch })
const good = await issuer.accessToken()
const now = Math.floor(Date.now() / 1_000)
const expired = await issuer.accessToken({ exp: now - 60 })
const idToken = await issuer.idToken()
const forged = `${good.slice(0, -8)}AAAAAAAA`

const showSubject: RequestHandler = (req, res) => {
  res.json({ sub: req.auth?.claims.sub ?? null })
}

function start(
  express: Express,
  options?: RequireJwtOptions,
  by: Verifier<unknown> = verifier,
): Promise<Client> {
  const app = express()
  app.all('/', requireJwt(by, options), showSubject)
  app.use(authErrorHandler({ onError: null }))
  return serve(app)
}

describe.each(EXPRESS_VERSIONS)('requireJwt on %s', (_, express) => {
  test('lets a request with a good token pass, and gives its claims to the handler', async () => {
    const ask = await start(express)

    const answer = await ask('/', bearer(good))

    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.body)).toEqual({ sub: '1d3f7a52-9b6c-4f0e-8a41-c2b5d7e90f13' })
  })

  test.each<[string, Ask['headers'], number, string, string]>([
    ['no token', {}, 401, 'Bearer realm="api"', 'missing_token'],
    ['another scheme', { authorization: 'Basic YTpi' }, 401, 'Bearer realm="api"', 'missing_token'],
    [
      'an expired token',
      { authorization: `Bearer ${expired}` },
      401,
      'Bearer realm="api", error="invalid_token", error_description="The token has expired"',
      'invalid_token',
    ],
    [
      'a forged token',
      { authorization: `Bearer ${forged}` },
      401,
      'Bearer realm="api", error="invalid_token", error_description="The signature of the token is wrong"',
      'invalid_token',
    ],
    [
      'an ID token',
      { authorization: `Bearer ${idToken}` },
      401,
      'Bearer realm="api", error="invalid_token", error_description="The token is of the wrong kind: an ID token where an access token is wanted, or the reverse"',
      'invalid_token',
    ],
    [
      'a repeated header, both times with a good token',
      { authorization: [`Bearer ${good}`, `Bearer ${good}`] },
      400,
      'Bearer realm="api", error="invalid_request", error_description="The request has more than one token, or more than one header for it"',
      'invalid_request',
    ],
  ])('refuses %s with the right challenge', async (_title, headers, status, challenge, error) => {
    const ask = await start(express)

    const answer = await ask('/', { ...(headers && { headers }) })

    expect(answer.status).toBe(status)
    expect(answer.headers['www-authenticate']).toBe(challenge)
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(JSON.parse(answer.body)).toEqual({ error, error_description: expect.any(String) })
  })

  test.each(['bearer', 'BEARER', 'bEaReR'])('knows the scheme as %s', async (scheme) => {
    const ask = await start(express)

    const answer = await ask('/', { headers: { authorization: `${scheme}   ${good}` } })

    expect(answer.status).toBe(200)
  })

  test.each([
    'Bearer',
    'Bearer\t<token>',
    'Bearer <token> x',
    'Bearer <token>, Bearer <token>',
    'Bearer "<token>"',
    'Bearer token=<token>',
  ])('rejects the malformed header %j as a bad request', async (header) => {
    const ask = await start(express)

    const answer = await ask('/', {
      headers: { authorization: header.replaceAll('<token>', good) },
    })

    expect(answer.status).toBe(400)
    expect(answer.headers['www-authenticate']).toContain('error="invalid_request"')
  })

  test('reads no token from the query string or the body', async () => {
    const ask = await start(express)

    const answer = await ask(`/?access_token=${good}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `access_token=${good}`,
    })

    expect(answer.status).toBe(401)
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="api"')
  })

  test('responds to an outage of the issuer with 503, never as to a bad token', async () => {
    const down = await createTestIssuer()
    down.fail('down')
    const ask = await start(express, {}, createVerifier(pool, { fetch: down.fetch }))

    const answer = await ask('/', bearer(good))

    expect(answer.status).toBe(503)
    expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(1)
    expect(answer.headers['www-authenticate']).toBeUndefined()
    expect(JSON.parse(answer.body).error).toBe('temporarily_unavailable')
  })

  test("works with Express's own error handler, which sends the right headers", async () => {
    const app = express().set('env', 'production')
    app.get('/', requireJwt(verifier), showSubject)
    const ask = await serve(app)

    const answer = await ask('/', bearer(expired))

    expect(answer.status).toBe(401)
    expect(answer.headers['www-authenticate']).toContain('error="invalid_token"')
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(answer.body).not.toContain('at ')
  })

  test('rejects any value of getToken that is not a string', async () => {
    const getToken = (() => ({ token: good })) as unknown as () => string
    const ask = await start(express, { getToken })

    const answer = await ask('/')

    expect(answer.status).toBe(401)
    expect(answer.headers['www-authenticate']).toContain('not a well-formed JWT')
  })

  test('without requireJwt before it, getAuth is a mistake of the developer, whatever the request has', async () => {
    let seen: unknown
    const app = express()
    app.get('/', (req, res) => {
      res.json(getAuth(req).claims)
    })
    app.use(
      authErrorHandler({
        onError: (error) => {
          seen = error
        },
      }),
    )
    const ask = await serve(app)

    const answers = [await ask('/', bearer(good)), await ask('/')]

    expect(answers.map((one) => one.status)).toEqual([500, 500])
    expect(answers[0]?.headers['www-authenticate']).toBeUndefined()
    expect(seen).toMatchObject({
      code: 'ERR_CONFIG_INVALID',
      message: '"getAuth" needs requireJwt() to run before it on this route',
    })
  })

  test.each(['missing', 'missing-or-invalid'] as const)(
    'where a token is optional (%s), getAuth requires one',
    async (optional) => {
      const app = express()
      app.get('/', requireJwt(verifier, { optional, realm: 'feed' }), (req, res) => {
        res.json(getAuth(req).claims)
      })
      const ask = await serve(app.use(authErrorHandler({ onError: null })))

      const answer = await ask('/')

      expect(answer.status).toBe(401)
      expect(answer.headers['www-authenticate']).toBe('Bearer realm="feed"')
    },
  )

  test('responds to HEAD like to GET, without a body', async () => {
    const ask = await start(express)

    const answer = await ask('/', { method: 'HEAD' })

    expect(answer.status).toBe(401)
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="api"')
    expect(answer.body).toBe('')
  })
})
