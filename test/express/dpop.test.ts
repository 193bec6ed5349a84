/**
 * DPoP over real HTTP: what a client sends, and the answers of the middleware (RFC 9449 s7, s9).
 */
import express from 'express'
import {
  createVerifier,
  type DpopOptions,
  TokenError,
  type Verifier,
  type VerifierOptions,
} from 'jwt-gate'
import {
  authErrorHandler,
  getAuth,
  type RequireJwtOptions,
  requireAccess,
  requireJwt,
  verifyRequest,
} from 'jwt-gate/express'
import { describe, expect, test } from 'vitest'
import { EXPRESS_VERSIONS } from '../support/express-versions.ts'
import { type Ask, type Client, serve } from '../support/http.ts'
import { type Bound, createBound, SECRET } from '../verify/support/bound.ts'
import type { ProofParts } from '../verify/support/dpop-client.ts'

const ORIGIN = 'https://api.example'
const ALGS = { algorithms: ['ES256', 'PS256'] } as const

interface Served extends Bound {
  readonly ask: Client
  /** The headers of a request for a path, with a new proof. */
  readonly headersFor: (path: string, parts?: ProofParts) => Promise<Record<string, string>>
  /** Asks for a path, with a new proof. */
  readonly get: (path: string, parts?: ProofParts, ask?: Ask) => ReturnType<Client>
}

async function start(
  dpop: Partial<DpopOptions> = {},
  options: RequireJwtOptions = {},
  app = express(),
  verifierOptions: VerifierOptions = {},
): Promise<Served> {
  const bound = await createBound({ ...ALGS, ...dpop }, verifierOptions)
  app.use('/api', requireJwt(bound.verifier, { origin: ORIGIN, ...options }))
  app.get('/api/orders', (req, res) => void res.json(getAuth(req).claims))
  app.get('/api/admin', requireAccess({ groups: ['admin'] }), (_req, res) => void res.end())
  app.use(authErrorHandler())
  const ask = await serve(app)
  const headersFor: Served['headersFor'] = async (path, parts) => ({
    Authorization: `DPoP ${bound.token}`,
    DPoP: await bound.client.prove(bound.token, { url: `${ORIGIN}${path}`, ...parts }),
  })
  const get: Served['get'] = async (path, parts, extra) =>
    ask(path, { ...extra, headers: { ...(await headersFor(path, parts)), ...extra?.headers } })
  return { ...bound, ask, headersFor, get }
}

describe.each(EXPRESS_VERSIONS)('on %s', (_, version) => {
  test('a bound token passes with a new proof each time, and not without', async () => {
    const { ask, get, headersFor, token } = await start({}, {}, version())
    const headers = await headersFor('/api/orders')

    // from the third time on, the token is cached
    for (const _time of [1, 2, 3]) expect((await get('/api/orders?x=1')).status).toBe(200)
    expect((await ask('/api/orders', { headers })).status).toBe(200)
    const again = await ask('/api/orders', { headers })
    const stolen = await ask('/api/orders', { headers: { Authorization: `DPoP ${token}` } })
    const downgraded = await ask('/api/orders', { headers: { Authorization: `Bearer ${token}` } })

    expect([again, stolen, downgraded].map(({ status }) => status)).toEqual([401, 401, 401])
    expect(again.headers['www-authenticate']).toBe(
      'DPoP realm="api", error="invalid_dpop_proof", error_description="The DPoP proof was used before", algs="ES256 PS256", Bearer realm="api"',
    )
    expect(JSON.parse(again.body)).toMatchObject({ error: 'invalid_dpop_proof' })
    expect(JSON.parse(stolen.body)).toMatchObject({ error: 'invalid_token' })
  })

  test('the answer says which nonce to use, and the next one', async () => {
    const { get } = await start({ nonce: { secret: SECRET } }, {}, version())

    const first = await get('/api/orders')
    const nonce = String(first.headers['dpop-nonce'])
    const second = await get('/api/orders', { nonce })

    expect(first.status).toBe(401)
    expect(first.headers['www-authenticate']).toContain('error="use_dpop_nonce"')
    expect(JSON.parse(first.body)).toMatchObject({ error: 'use_dpop_nonce' })
    expect(second.status).toBe(200)
    expect(second.headers['dpop-nonce']).toBe(nonce)
  })

  test('an answer with a nonce is not cached, and one without is as its route says', async () => {
    const [noncing, plain] = [
      await start({ nonce: { secret: SECRET } }, {}, version()),
      await start({}, {}, version()),
    ]

    const first = await noncing.get('/api/orders')
    const second = await noncing.get('/api/orders', { nonce: String(first.headers['dpop-nonce']) })
    const other = await plain.get('/api/orders')

    expect([first, second, other].map(({ status }) => status)).toEqual([401, 200, 200])
    expect(first.headers['cache-control']).toBe('no-store')
    expect(second.headers['cache-control']).toBe('no-store')
    expect(other.headers['cache-control']).toBeUndefined()
  })

  test('Express answers by itself as authErrorHandler does', async () => {
    const bound = await createBound({ ...ALGS, nonce: { secret: SECRET } })
    const ask = await serve(version().use(requireJwt(bound.verifier, { origin: ORIGIN })))
    const DPoP = await bound.client.prove(bound.token, { url: `${ORIGIN}/` })

    const { status, headers } = await ask('/', {
      headers: { Authorization: `DPoP ${bound.token}`, DPoP },
    })

    expect(status).toBe(401)
    expect(headers['dpop-nonce']).toMatch(/^[\w-]{43}$/)
  })
})

describe('challenges', () => {
  test('name both schemes without an error, if nothing was sent', async () => {
    const { ask } = await start()

    const { status, headers } = await ask('/api/orders')

    expect(status).toBe(401)
    expect(headers['www-authenticate']).toBe(
      'DPoP realm="api", algs="ES256 PS256", Bearer realm="api"',
    )
  })

  test('name DPoP alone, if it is required', async () => {
    const { ask, issuer } = await start({ required: true })
    const Authorization = `Bearer ${await issuer.accessToken()}`

    const { status, headers } = await ask('/api/orders', { headers: { Authorization } })

    expect(status).toBe(401)
    expect(headers['www-authenticate']).toBe(
      'DPoP realm="api", error="invalid_token", error_description="The token has no cnf", algs="ES256 PS256"',
    )
  })

  test('have the error of the token in both', async () => {
    const { get, clock } = await start()
    clock.advance(36_000_000)

    const { headers } = await get('/api/orders')

    expect(headers['www-authenticate']).toMatch(
      /^DPoP realm="api", error="invalid_token",.* algs="ES256 PS256", Bearer realm="api", error="invalid_token",/,
    )
  })

  test('are for Bearer alone without "dpop"', async () => {
    const { issuer } = await createBound()
    const plain = createVerifier({ issuer: issuer.issuer, audience: null, jwks: issuer.jwks })
    const ask = await serve(express().use(requireJwt(plain)).use(authErrorHandler()))

    const { headers } = await ask('/', { headers: { Authorization: 'DPoP x', DPoP: 'x' } })

    expect(headers['www-authenticate']).toBe('Bearer realm="api"')
  })

  test('a rule that is not met is a 403, with the next nonce', async () => {
    const { get } = await start({ nonce: { secret: SECRET } })
    const nonce = String((await get('/api/admin')).headers['dpop-nonce'])

    const { status, headers } = await get('/api/admin', { nonce })

    expect(status).toBe(403)
    expect(headers['dpop-nonce']).toBe(nonce)
  })
})

describe('the URL', () => {
  test('is that of the request, also behind a mounted router', async () => {
    const { get } = await start()

    expect((await get('/api/orders', { url: `${ORIGIN}/orders` })).status).toBe(401)
    expect((await get('/api/orders', { url: `${ORIGIN}/api/orders` })).status).toBe(200)
  })

  test('may have a path that a proxy removes', async () => {
    const { get } = await start({}, { origin: `${ORIGIN}/v1/` })

    expect((await get('/api/orders')).status).toBe(401)
    expect((await get('/api/orders', { url: `${ORIGIN}/v1/api/orders` })).status).toBe(200)
  })

  test('can be decided for each request', async () => {
    const origin = (req: { headers: { 'x-tenant'?: string } }) =>
      `https://${req.headers['x-tenant'] === 'b' ? 'b' : 'a'}.example`
    const { get } = await start({}, { origin: origin as never })
    const parts = { url: 'https://b.example/api/orders' }

    expect((await get('/api/orders', parts)).status).toBe(401)
    expect((await get('/api/orders', parts, { headers: { 'X-Tenant': 'b' } })).status).toBe(200)
  })

  test.each([[undefined], [1], [''], ['api.example'], ['https://user@api.example']])(
    'a function that returns %j is a mistake of the configuration',
    async (value) => {
      const { get } = await start({}, { origin: (() => value) as never })

      const { status, body } = await get('/api/orders')

      expect([status, JSON.parse(body).error]).toEqual([500, 'server_error'])
    },
  )
})

describe('options', () => {
  test.each([
    [{}, '"origin" must be given with "dpop"'],
    [{ origin: 'api.example' }, '"origin"'],
    [{ origin: 'https://api.example/?x' }, '"origin"'],
    [{ origin: 'https://api.example/#x' }, '"origin"'],
    [{ origin: 1 }, '"origin"'],
    [{ origin: ORIGIN, trustedCertificateHeader: 'x-cert' }, '"trustedCertificateHeader"'],
  ])('%j is rejected at start-up', async (options, message) => {
    const { verifier } = await createBound()

    expect(() => requireJwt(verifier, options as never)).toThrow(message)
    await expect(verifyRequest(verifier, { headers: {} }, options as never)).rejects.toThrow(
      message,
    )
    expect(() => requireJwt({ ...verifier }, options as never)).toThrow(message)
  })

  test('"origin" without "dpop" is rejected', async () => {
    const { issuer } = await createBound()
    const plain = createVerifier({ issuer: issuer.issuer, audience: null, jwks: issuer.jwks })

    expect(() => requireJwt(plain, { origin: ORIGIN })).toThrow(
      '"origin" has no effect without "dpop"',
    )
  })
})

test('an optional mode does not let a bound token without its proof pass', async () => {
  const { ask, token } = await start({}, { optional: 'missing' })

  const { status } = await ask('/api/orders', { headers: { Authorization: `Bearer ${token}` } })

  expect(status).toBe(401)
})

test('an outage of the replay store is a 503, and no verdict', async () => {
  const claim = () => Promise.reject(new Error('down'))
  const { get } = await start({ replay: { claim } }, { optional: 'missing-or-invalid' })

  const { status, headers, body } = await get('/api/orders')

  expect([status, headers['retry-after']]).toEqual([503, '1'])
  expect(JSON.parse(body).error).toBe('temporarily_unavailable')
})

test('verifyRequest returns the next nonce, and its error has the header', async () => {
  const { verifier, token, client } = await createBound({ nonce: { secret: SECRET } })
  const request = async (nonce?: string) => ({
    ...{ method: 'GET', url: '/x?y=1' },
    headers: {
      authorization: `DPoP ${token}`,
      dpop: await client.prove(token, { url: `${ORIGIN}/x`, ...(nonce && { nonce }) }),
    },
  })

  const error = await verifyRequest(verifier, await request(), { origin: ORIGIN }).catch((e) => e)
  const nonce = error.headers['DPoP-Nonce']
  const verified = await verifyRequest(verifier, await request(nonce), { origin: ORIGIN })

  expect(error).toBeInstanceOf(TokenError)
  expect(error.nextNonce).toBe(nonce)
  expect(verified.nextNonce).toBe(nonce)
  expect(Object.keys(verified).sort()).toEqual(['claims', 'header', 'issuer', 'nextNonce'])
})

test('a token from getToken needs its proof too', async () => {
  const { ask, get } = await start({}, { getToken: (req) => String(req.headers['x-token'] ?? '') })
  const { token, client, ...rest } = await createBound()
  const app = express().use(
    requireJwt(rest.verifier, {
      ...{ origin: ORIGIN, getToken: (req) => req.headers['x-token'] as string },
    }),
  )
  const own = await serve(app.use((_req, res) => void res.end()).use(authErrorHandler()))
  const DPoP = await client.prove(token, { url: `${ORIGIN}/` })

  expect((await own('/', { headers: { 'X-Token': token } })).status).toBe(401)
  expect((await own('/', { headers: { 'X-Token': token, DPoP } })).status).toBe(200)
  expect([(await ask('/api/orders')).status, (await get('/api/orders')).status]).toEqual([401, 401])
})

describe('a wrapped verifier', () => {
  const wrap = (verifier: Verifier, verify: Verifier['verify']): Verifier => ({
    ...verifier,
    verify,
  })

  test('that passes both arguments on takes proofs', async () => {
    const { verifier, token, client } = await createBound()
    const wrapped = wrap(verifier, async (...all) => verifier.verify(...all))
    const headers = {
      authorization: `DPoP ${token}`,
      dpop: await client.prove(token, { url: `${ORIGIN}/` }),
    }
    const request = { method: 'GET', url: '/', headers }

    expect(() => requireJwt(wrapped)).toThrow('"origin"')
    await expect(verifyRequest(wrapped, request, { origin: ORIGIN })).resolves.toBeDefined()
    await expect(verifyRequest(wrapped, request, { origin: ORIGIN })).rejects.toMatchObject({
      code: 'ERR_PROOF_REPLAYED',
    })
  })

  test('that passes on the token alone accepts no bound token', async () => {
    const { verifier, token, client } = await createBound()
    const wrapped = wrap(verifier, async (one) => verifier.verify(one))
    const headers = {
      authorization: `DPoP ${token}`,
      dpop: await client.prove(token, { url: `${ORIGIN}/` }),
    }

    const work = verifyRequest(wrapped, { method: 'GET', url: '/', headers }, { origin: ORIGIN })

    await expect(work).rejects.toMatchObject({ code: 'ERR_PROOF_MISSING' })
  })
})
