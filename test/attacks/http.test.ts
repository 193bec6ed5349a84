/**
 * A request must not inject anything into a response, nor bring its token in more than one way (RFC 6750 s2, s3, s3.1; RFC 9110
 * s5.3, s11.1; RFC 9449 s7.2; RFC 9700 s4.3.2; CWE-113). Over real HTTP, with Express.
 */
import express from 'express'
import { createVerifier } from 'jwt-gate'
import { authErrorHandler, type RequireJwtOptions, requireJwt } from 'jwt-gate/express'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { type Ask, bearer, type Client, serve } from '../support/http.ts'
import { claimsOf, now, trust } from './setup.ts'

const issuer = await createTestIssuer({ now })
const claims = claimsOf(issuer)
const good = await issuer.token(claims)
const verifier = createVerifier(trust(issuer), { now })

function start(options?: RequireJwtOptions): Promise<Client> {
  const app = express()
  app.use(express.urlencoded())
  app.all(
    '/',
    requireJwt(verifier, options),
    (req, res) => void res.json({ sub: req.auth?.claims.sub }),
  )
  app.use(authErrorHandler())
  return serve(app)
}

test('the control: one good token in one header', async () => {
  const ask = await start()

  expect(await ask('/', bearer(good))).toMatchObject({ status: 200, body: '{"sub":"alice"}' })
})

const POISON = [
  'x", error="none',
  'x\r\nSet-Cookie: admin=1',
  'x\\',
  'x\0y',
  'Zo\u00eb \u{1f600}',
  '\u2028',
  '<script>alert(1)</script>',
  '%0d%0aX: y',
  'x'.repeat(2_000),
]

describe.each(POISON)('nothing of %j comes out again', (poison) => {
  test.each<[string, () => Promise<string>]>([
    ['alg', () => issuer.token(claims, { header: { alg: poison } })],
    ['typ', () => issuer.token(claims, { header: { typ: poison } })],
    ['kid', () => issuer.token(claims, { header: { kid: poison } })],
    ['crit', () => issuer.token(claims, { header: { crit: [poison] } })],
    ['iss', () => issuer.token({ ...claims, iss: poison })],
    ['aud', () => issuer.token({ ...claims, aud: poison })],
    ['exp', () => issuer.token({ ...claims, exp: poison })],
    ['a claim of that name', () => issuer.token({ ...claims, [poison]: poison, exp: 1 })],
  ])('from %s', async (_, mint) => {
    const ask = await start()

    const { status, headers, body } = await ask('/', bearer(await mint()))

    expect(status).toBe(401)
    expect(headers['www-authenticate']).toMatch(
      /^Bearer realm="api", error="invalid_token", error_description="[\x20\x21\x23-\x5b\x5d-\x7e]+"$/,
    )
    expect(Object.keys(headers)).not.toContain('set-cookie')
    expect(JSON.stringify(headers) + body).not.toContain(poison)
    expect(JSON.parse(body)).toEqual({
      error: 'invalid_token',
      error_description: expect.any(String),
    })
  })
})

describe('no token counts beside another one', () => {
  const bad = 'a.b.c'

  test.each<[string, Ask['headers']]>([
    ['a good header and a bad one', { authorization: [`Bearer ${good}`, `Bearer ${bad}`] }],
    ['a bad header and a good one', { authorization: [`Bearer ${bad}`, `Bearer ${good}`] }],
    ['the same header twice', { authorization: [`Bearer ${good}`, `Bearer ${good}`] }],
    ['Basic before it', { authorization: ['Basic YTpi', `Bearer ${good}`] }],
    ['Basic after it', { authorization: [`Bearer ${good}`, 'Basic YTpi'] }],
    ['an empty header before it', { authorization: ['', `Bearer ${good}`] }],
    ['two tokens in one header', { authorization: `Bearer ${good}, Bearer ${good}` }],
    ['a second word after it', { authorization: `Bearer ${good} ${good}` }],
    ['a parameter after it', { authorization: `Bearer ${good}, x="y"` }],
    ['the token as a parameter', { authorization: `Bearer token="${good}"` }],
    ['quotes around it', { authorization: `Bearer "${good}"` }],
    ['a tab before it', { authorization: `Bearer\t${good}` }],
    ['no space before it', { authorization: `Bearer:${good}` }],
    ['nothing', { authorization: 'Bearer' }],
  ])('%s', async (_, headers) => {
    const ask = await start()

    const answer = await ask('/', { headers: headers ?? {} })

    expect(answer.status).toBe(400)
    expect(answer.headers['www-authenticate']).toContain('error="invalid_request"')
  })
})

describe('no token is read from', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' }

  test.each<[string, string, Ask]>([
    ['the query', `/?access_token=${good}`, {}],
    ['the body', '/', { method: 'POST', headers: form, body: `access_token=${good}` }],
    [
      'a cookie',
      '/',
      { headers: { cookie: `access_token=${good}; authorization=Bearer ${good}` } },
    ],
    [
      'X-Forwarded-Authorization',
      '/',
      { headers: { 'x-forwarded-authorization': `Bearer ${good}` } },
    ],
    ['Proxy-Authorization', '/', { headers: { 'proxy-authorization': `Bearer ${good}` } }],
    ['X-Access-Token', '/', { headers: { 'x-access-token': good } }],
    ['the scheme DPoP', '/', { headers: { authorization: `DPoP ${good}` } }],
    ['the scheme Token', '/', { headers: { authorization: `Token ${good}` } }],
    ['the scheme Basic', '/', { headers: { authorization: `Basic ${good}` } }],
    ['no scheme', '/', { headers: { authorization: good } }],
    ['a HEAD', '/', { method: 'HEAD' }],
    [
      'an OPTIONS request that asks for the header',
      '/',
      { method: 'OPTIONS', headers: { 'access-control-request-headers': 'authorization' } },
    ],
  ])('%s', async (_, path, ask) => {
    const client = await start()

    const answer = await client(path, ask)

    expect(answer.status).toBe(401)
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="api"')
    expect(answer.headers['cache-control']).toBe('no-store')
  })
})

test('if the token is optional, a bad token is still rejected', async () => {
  const ask = await start({ optional: 'missing' })

  expect(await ask('/')).toMatchObject({ status: 200, body: '{}' })
  expect(await ask('/', bearer(`${good.slice(0, -4)}AAAA`))).toMatchObject({ status: 401 })
})
