/**
 * Middleware that overrides the method, and a token in a cookie: another site must not turn a harmless method into another one.
 */
import type { RequestHandler } from 'express'
import { createVerifier } from 'jwt-gate'
import { authErrorHandler, cookieToken, requireJwt } from 'jwt-gate/express'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { EXPRESS_VERSIONS } from '../support/express-versions.ts'
import { serve } from '../support/http.ts'
import { claimsOf, now, trust } from './setup.ts'

const issuer = await createTestIssuer({ now })
const verifier = createVerifier(trust(issuer), { now })
const guard = requireJwt(verifier, { getToken: cookieToken('t') })
const cookie = `t=${await issuer.token(claimsOf(issuer))}`

/** As the package `method-override` does it, for all methods: the query names the method. */
const override: RequestHandler = (req, _res, next) => {
  const method = req.query['_method']
  if (typeof method === 'string') req.method = method
  next()
}

const CROSS_SITE = { cookie, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }
const SAME_SITE = { cookie, 'sec-fetch-site': 'same-origin' }

describe.each(EXPRESS_VERSIONS)('on %s', (_, express) => {
  function start(...before: RequestHandler[]) {
    const app = express().use(...before)
    app.get('/', (_req, res) => {
      res.send('read')
    })
    app.delete('/', (_req, res) => {
      res.send('deleted')
    })
    return serve(app.use(authErrorHandler()))
  }

  test.each<[string, string, object, string]>([
    ['a link of another site to a DELETE', 'GET', CROSS_SITE, 'DELETE'],
    ['a form of another site to a DELETE', 'POST', CROSS_SITE, 'DELETE'],
    ['a method in lower case', 'GET', CROSS_SITE, 'delete'],
    ['a safe method in lower case', 'POST', CROSS_SITE, 'get'],
    ['a method that does not exist', 'GET', CROSS_SITE, 'X'],
  ])(
    'before requireJwt, %s is rejected: the method that will run is judged',
    async (_title, method, headers, to) => {
      const ask = await start(override, guard)

      const answer = await ask(`/?_method=${to}`, { method, headers: { ...headers } })

      expect(answer.status).toBe(403)
    },
  )

  test('before requireJwt, a form of another site that becomes a GET can do what a GET can', async () => {
    const ask = await start(override, guard)

    const answer = await ask('/?_method=GET', { method: 'POST', headers: CROSS_SITE })

    expect(answer).toMatchObject({ status: 200, body: 'read' })
  })

  test("before requireJwt, this site's own form can delete", async () => {
    const ask = await start(override, guard)

    const answer = await ask('/?_method=DELETE', { method: 'POST', headers: SAME_SITE })

    expect(answer).toMatchObject({ status: 200, body: 'deleted' })
  })

  test('after requireJwt, a link of another site can delete: the documentation warns of it', async () => {
    const ask = await start(guard, override)

    const answer = await ask('/?_method=DELETE', { headers: CROSS_SITE })

    expect(answer).toMatchObject({ status: 200, body: 'deleted' })
  })
})
