/**
 * Optional tokens: which requests pass without one, and what the handler then finds in `req.auth`.
 */
import type { RequestHandler } from 'express'
import { authorize, cognito, createVerifier, TokenError } from 'jwt-gate'
import { authErrorHandler, type RequireJwtOptions, requireJwt } from 'jwt-gate/express'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { EXPRESS_VERSIONS, type Express } from '../support/express-versions.ts'
import { bearer, serve } from '../support/http.ts'

const issuer = await createTestIssuer()
const { userPoolId, clientId } = issuer
const pool = cognito({ userPoolId, clientId, tokenUse: 'access' })
const verifier = createVerifier(pool, { fetch: issuer.fetch })
const good = await issuer.accessToken()
const expired = await issuer.accessToken({ exp: 1_700_000_000 })
const forged = `${good.slice(0, -8)}AAAAAAAA`

const showSubject: RequestHandler = (req, res) => {
  res.json({ sub: req.auth?.claims.sub ?? null })
}

function start(express: Express, options: RequireJwtOptions, by = verifier) {
  const app = express()
  app.all('/', requireJwt(by, options), showSubject)
  return serve(app.use(authErrorHandler({ onError: null })))
}

describe.each(EXPRESS_VERSIONS)('an optional token on %s', (_, express) => {
  test('accepts only a missing token with "missing"', async () => {
    const ask = await start(express, { optional: 'missing' })

    const answers = await Promise.all([
      ask('/'),
      ask('/', bearer(expired)),
      ask('/', { headers: { authorization: 'Bearer' } }),
      ask('/', bearer(good)),
    ])

    expect(answers.map((one) => one.status)).toEqual([200, 401, 400, 200])
    expect(JSON.parse(answers[0].body)).toEqual({ sub: null })
  })

  test('treats a bad token as missing with "missing-or-invalid", but never an outage', async () => {
    const options = { optional: 'missing-or-invalid' } as const
    const ask = await start(express, options)
    const down = await createTestIssuer()
    down.fail('down')
    const askDown = await start(express, options, createVerifier(pool, { fetch: down.fetch }))

    const answers = await Promise.all([
      ask('/', bearer(forged)),
      ask('/', { headers: { authorization: 'Bearer' } }),
      ask('/', bearer(good)),
      askDown('/', bearer(good)),
    ])

    expect(answers.map((one) => one.status)).toEqual([200, 200, 200, 503])
    expect(answers.slice(0, 3).map((one) => JSON.parse(one.body).sub)).toEqual([
      null,
      null,
      '1d3f7a52-9b6c-4f0e-8a41-c2b5d7e90f13',
    ])
  })

  test('sends a caller who must authenticate again no response for strangers', async () => {
    const strict = createVerifier(pool, {
      fetch: issuer.fetch,
      check: (verified) => authorize(verified, { acr: ['mfa'] }),
    })
    const ask = await start(express, { optional: 'missing-or-invalid' }, strict)

    const answers = await Promise.all([ask('/', bearer(good)), ask('/', bearer(forged)), ask('/')])

    expect(answers.map((one) => one.status)).toEqual([401, 200, 200])
    expect(answers[0].headers['www-authenticate']).toContain('acr_values="mfa"')
  })

  test('clears the result of an earlier requireJwt if a later one finds no token', async () => {
    const app = express()
    app.use(requireJwt(verifier))
    app.use(requireJwt(verifier, { optional: 'missing', getToken: () => undefined }))
    app.get('/', showSubject)
    const ask = await serve(app)

    const answer = await ask('/', bearer(good))

    expect(JSON.parse(answer.body)).toEqual({ sub: null })
  })

  test('does not take a failure for a missing token, whatever its code is', async () => {
    const failure = Object.assign(new TokenError('ERR_TOKEN_MISSING'), { status: 503 })
    const getToken = () => {
      throw failure
    }
    const ask = await start(express, { optional: 'missing', getToken })

    expect((await ask('/')).status).toBe(503)
  })

  test('adds nothing to a request without a token', async () => {
    const app = express()
    app.use(requireJwt(verifier, { optional: 'missing' }), (req, res) => {
      res.json({ hasAuth: 'auth' in req })
    })
    const ask = await serve(app)

    const answer = await ask('/')

    expect(JSON.parse(answer.body)).toEqual({ hasAuth: false })
  })
})
