/**
 * Headers that come in any case must not hide a second token or a second opinion on where a request comes from.
 */
import { createVerifier } from 'jwt-gate'
import {
  authErrorHandler,
  cookieToken,
  headerToken,
  type RequestLike,
  requireJwt,
  verifyRequest,
} from 'jwt-gate/express'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { EXPRESS_VERSIONS } from '../support/express-versions.ts'
import { serve } from '../support/http.ts'
import { claimsOf, now, trust } from './setup.ts'

const issuer = await createTestIssuer({ now })
const verifier = createVerifier(trust(issuer), { now })
const token = await issuer.token(claimsOf(issuer))
const good = `Bearer ${token}`
const other = 'Bearer a.b.c'

async function statusOf(req: object, options = {}): Promise<number> {
  try {
    await verifyRequest(verifier, req as RequestLike, options)
    return 200
  } catch (error) {
    return (error as { status: number }).status
  }
}

describe('a request with two tokens is rejected', () => {
  test.each<[string, object]>([
    ['in two spellings', { headers: { authorization: good, Authorization: other } }],
    [
      'in two spellings, the other first',
      { headers: { Authorization: other, authorization: good } },
    ],
    ['in two spellings, the same token', { headers: { AUTHORIZATION: good, Authorization: good } }],
    ['in a list', { headers: { authorization: [good, other] } }],
    ['in a list, the other one empty', { headers: { authorization: [good, ''] } }],
    ['in nested lists', { headers: { Authorization: [[good]] } }],
    [
      'joined with a comma, as web headers do',
      {
        headers: Object.fromEntries(
          new Headers([
            ['authorization', good],
            ['authorization', other],
          ]),
        ),
      },
    ],
    [
      'in rawHeaders alone',
      {
        headers: { authorization: good },
        rawHeaders: ['Authorization', good, 'authorization', other],
      },
    ],
    [
      'in rawHeaders, beside a capital',
      {
        headers: { Authorization: good },
        rawHeaders: ['Authorization', good, 'AUTHORIZATION', other],
      },
    ],
  ])('%s', async (_title, req) => {
    expect(await statusOf(req)).toBe(400)
  })

  test('a cookie with a capital beside a bearer token', async () => {
    const headers = { Cookie: `t=${token}`, Authorization: good }

    expect(await statusOf({ method: 'GET', headers }, { getToken: cookieToken('t') })).toBe(400)
  })

  test('two cookies in two spellings of the header', async () => {
    const headers = { Cookie: `t=${token}`, cookie: 't=a.b.c' }

    expect(await statusOf({ method: 'GET', headers }, { getToken: cookieToken('t') })).toBe(400)
  })
})

test('what the header inherits does not count', async () => {
  const headers = Object.create({ Authorization: good })

  expect(await statusOf({ headers })).toBe(401)
})

describe('another site cannot use a cookie because its headers have capitals', () => {
  const getToken = cookieToken('t')
  const Cookie = `t=${token}`

  test.each<[string, string | undefined, object]>([
    [
      'a form',
      'POST',
      { 'Sec-Fetch-Site': 'cross-site', Host: 'a.example', Origin: 'https://a.example' },
    ],
    [
      'a form of a browser without Sec-Fetch-Site',
      'POST',
      { Host: 'a.example', Origin: 'https://b.example' },
    ],
    [
      'two opinions on the site',
      'POST',
      { 'Sec-Fetch-Site': 'cross-site', 'sec-fetch-site': 'same-origin' },
    ],
    [
      'a handshake',
      'GET',
      { Upgrade: 'websocket', Origin: 'https://b.example', Host: 'a.example' },
    ],
    [
      'a script',
      'GET',
      { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'script' },
    ],
    ['a request without a method', undefined, {}],
  ])('%s', async (_title, method, headers) => {
    expect(await statusOf({ method, headers: { Cookie, ...headers } }, { getToken })).toBe(403)
  })

  test('the control: this site can', async () => {
    const headers = { Cookie, Host: 'a.example', Origin: 'https://a.example' }

    expect(await statusOf({ method: 'POST', headers }, { getToken })).toBe(200)
  })
})

describe.each(EXPRESS_VERSIONS)('headerToken on %s', (_, express) => {
  function start() {
    const app = express()
    app.use(
      requireJwt(verifier, { getToken: headerToken('X-User-Authorization') }),
      (_req, res) => {
        res.sendStatus(200)
      },
    )
    return serve(app.use(authErrorHandler()))
  }

  test.each<[string, Record<string, string | string[]>, number]>([
    ['the control', { 'x-user-authorization': good }, 200],
    [
      'the control, in capitals',
      { 'X-USER-AUTHORIZATION': good.replace('Bearer ', 'BEARER  ') },
      200,
    ],
    [
      'the control, beside credentials of the gateway',
      { 'x-user-authorization': good, authorization: other },
      200,
    ],
    ['the token of the gateway', { authorization: good }, 401],
    ['a token without a scheme', { 'x-user-authorization': token }, 401],
    ['another scheme', { 'x-user-authorization': `Basic ${token}` }, 401],
    ['no token after the scheme', { 'x-user-authorization': 'Bearer' }, 400],
    ['a repeated header', { 'x-user-authorization': [good, good] }, 400],
    ['two tokens in one header', { 'x-user-authorization': `${good}, ${good}` }, 400],
    ['text after the token', { 'x-user-authorization': `${good} x` }, 400],
    ['quotes', { 'x-user-authorization': `Bearer "${token}"` }, 400],
    ['a forged token', { 'x-user-authorization': `${good.slice(0, -8)}AAAAAAAA` }, 401],
  ])('%s', async (_title, headers, status) => {
    const ask = await start()

    const answer = await ask('/', { headers })

    expect(answer.status).toBe(status)
  })
})

test.each([undefined, '', 'x token', 'x:', 7])('headerToken rejects the name %j', (name) => {
  const make = () => headerToken(name as string)

  expect(make).toThrow(expect.objectContaining({ code: 'ERR_CONFIG_INVALID' }))
  expect(make).toThrow('"name"')
})
