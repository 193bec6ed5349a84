/**
 * Tokens in cookies, and protection against requests of other sites.
 */
import { cognito, createVerifier } from 'jwt-gate'
import {
  authErrorHandler,
  type CookieTokenOptions,
  cookieToken,
  requireJwt,
} from 'jwt-gate/express'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { EXPRESS_VERSIONS } from '../../support/express-versions.ts'
import { serve } from '../../support/http.ts'

const issuer = await createTestIssuer()
const { userPoolId, clientId } = issuer
const verifier = createVerifier(cognito({ userPoolId, clientId, tokenUse: 'access' }), {
  fetch: issuer.fetch,
})
const token = await issuer.accessToken()
const cookie = `theme=dark; access_token=${token}; lang=en`

describe.each(EXPRESS_VERSIONS)('cookieToken on %s', (_, express) => {
  function startApp(options?: CookieTokenOptions) {
    const app = express()
    app.use(requireJwt(verifier, { getToken: cookieToken('access_token', options) }))
    app.all('/', (_req, res) => {
      res.sendStatus(200)
    })
    app.use(authErrorHandler())
    return serve(app)
  }

  test.each([
    ['its cookie among others', { cookie }, 200],
    ['its cookie in quotes', { cookie: `access_token="${token}"` }, 200],
    ['no cookie', {}, 401],
    ['a cookie whose name only has the same ending', { cookie: `x_access_token=${token}` }, 401],
    ['an empty cookie', { cookie: 'access_token=' }, 401],
    ['the token in the Authorization header', { authorization: `Bearer ${token}` }, 401],
    ['the cookie twice', { cookie: `${cookie}; access_token=${token}` }, 400],
    ['a bearer token beside the cookie', { cookie, authorization: `Bearer ${token}` }, 400],
  ])('responds to %s with the right status', async (_title, headers, status) => {
    const ask = await startApp()

    const answer = await ask('/', { headers })

    expect(answer.status).toBe(status)
  })

  test.each(['HEAD', 'OPTIONS'])(
    'a %s is accepted from any site, because it changes nothing',
    async (method) => {
      const ask = await startApp()

      const headers = { cookie, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }
      const answer = await ask('/', { method, headers })

      expect(answer.status).toBe(200)
    },
  )

  test.each([
    ['a page of this site', { 'sec-fetch-site': 'same-origin' }, 200],
    ['a page of another site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a page of a sibling domain', { 'sec-fetch-site': 'same-site' }, 403],
    ['an older browser on this site', { origin: 'https://app.example', host: 'app.example' }, 200],
    ['an older browser elsewhere', { origin: 'https://evil.example', host: 'app.example' }, 403],
    ['a page without an origin', { origin: 'null' }, 403],
    ['an unknown origin', {}, 403],
  ])('a POST from %s gets status %s', async (_title, headers, status) => {
    const ask = await startApp()

    const answer = await ask('/', { method: 'POST', headers: { ...headers, cookie } })

    expect(answer.status).toBe(status)
  })

  test('a page of another site gets an access error, which does not reveal whether the token is valid', async () => {
    const ask = await startApp()

    const answer = await ask('/', { method: 'POST', headers: { cookie } })

    expect(JSON.parse(answer.body)).toEqual({
      error: 'insufficient_scope',
      error_description: 'Access was denied by a rule of this service',
    })
  })

  test("the user's csrf function replaces the default check, and only true accepts the request", async () => {
    const byHeader = await startApp({ csrf: (req) => req.headers['x-csrf'] === '1' })
    const broken = await startApp({ csrf: (() => 'yes') as unknown as () => boolean })
    const off = await startApp({ csrf: false })
    const post = (headers: object) => ({ method: 'POST', headers: { ...headers, cookie } })

    const answers = await Promise.all([
      byHeader('/', post({ 'x-csrf': '1' })),
      byHeader('/', post({})),
      broken('/', post({})),
      off('/', post({ 'sec-fetch-site': 'cross-site' })),
    ])

    expect(answers.map((one) => one.status)).toEqual([200, 403, 403, 200])
  })
})

test.each([
  ['', {}, '"name"'],
  ['a b', {}, '"name"'],
  ['a;b', {}, '"name"'],
  ['ok', { csrf: true }, '"csrf"'],
  ['ok', { crsf: false }, '"crsf"'],
  ['ok', null, '"options"'],
])(
  'cookieToken(%j, %j) is rejected at start-up, and the error names the argument',
  (name, options, quoted) => {
    const make = () => cookieToken(name, options as CookieTokenOptions)

    expect(make).toThrow(expect.objectContaining({ code: 'ERR_CONFIG_INVALID' }))
    expect(make).toThrow(quoted)
  },
)
