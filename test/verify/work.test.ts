/**
 * What one token costs, counted: SHA-256 digests, JSON documents, look-ups of a key, signatures, fetches, and promises. The first
 * request with a token is verified, the second one is verified and cached, and all others come from the cache.
 */
import { cognito, createVerifier, type Verifier } from 'jwt-gate'
import { requireJwt, verifyRequest } from 'jwt-gate/express'
import { createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test, vi } from 'vitest'
import { countWork, type Work } from '../support/count-work.ts'
import { EXPRESS_VERSIONS } from '../support/express-versions.ts'
import { bearer, serve } from '../support/http.ts'

const issuer = await createTestIssuer({ algorithms: ['ES256'] })
const key = issuer.keyFor('ES256')
const trusted = { issuer: issuer.issuer, audience: null, jwks: issuer.jwks }
const claims = { iss: issuer.issuer, sub: 'alice', exp: 4_000_000_000, scope: 'a' }
let serial = 0
const mint = () => issuer.token({ ...claims, jti: String(serial++) }, { key })

type Send = (token: string) => unknown

interface Surface {
  /** The promises that a token from the cache costs before the call returns. */
  readonly promises: number
  readonly create: (verifier: Verifier) => Send
}

/** The ways to have a token verified. */
const SURFACES: Record<string, Surface> = {
  verify: { promises: 1, create: (verifier) => (token) => verifier.verify(token) },
  verifySync: { promises: 0, create: (verifier) => (token) => verifier.verifySync(token) },
  requireJwt: {
    promises: 0,
    create: (verifier) => {
      const middleware = requireJwt(verifier)
      return (token) => send(middleware, toRequest(token))
    },
  },
  verifyRequest: {
    promises: 3,
    create: (verifier) => (token) => verifyRequest(verifier, toRequest(token)),
  },
  createAuthorizer: {
    promises: 3,
    create: (verifier) => {
      const handler = createAuthorizer(verifier)
      return (token) => handler(createAuthorizerEvent('rest-request', { token }))
    },
  },
}

/** Calls middleware. Makes no promise if it calls `next` at once. */
function send(middleware: ReturnType<typeof requireJwt>, req: never): unknown {
  let isDone = false
  let end = (): void => {
    isDone = true
  }
  middleware(req, { locals: {} } as never, () => end())
  return isDone ? undefined : new Promise<void>((resolve) => (end = resolve))
}

function toRequest(token: string): never {
  const authorization = `Bearer ${token}`
  return { headers: { authorization }, rawHeaders: ['Authorization', authorization] } as never
}

const count = (call: () => unknown) => countWork(call, key.kid)

describe.each(Object.entries(SURFACES))('%s', (_name, { create, promises }) => {
  test('digests a token at most once a request, and looks its key up once', async () => {
    const ask = create(createVerifier(trusted))
    const token = await mint()
    // the header of this key is known from now on
    await ask(await mint())

    const requests: Work[] = []
    for (let n = 0; n < 4; n++) requests.push(await count(() => ask(token)))

    expect(requests).toMatchObject([
      { digests: 0, decodings: 1, keys: 1, signatures: 1 },
      { digests: 1, decodings: 1, keys: 1, signatures: 1 },
      { digests: 1, decodings: 0, keys: 1, signatures: 0, promises },
      { digests: 1, decodings: 0, keys: 1, signatures: 0, promises },
    ])
  })

  test('fetches nothing once the keys are there', async () => {
    const fetch = vi.fn(issuer.fetch)
    const { jwks: _, ...fetched } = trusted
    const verifier = createVerifier(fetched, { fetch })
    const ask = create(verifier)
    const token = await mint()
    await verifier.hydrate()
    // the discovery document, and the keys
    expect(fetch).toHaveBeenCalledTimes(2)

    const requests: Work[] = []
    for (let n = 0; n < 3; n++) requests.push(await countWork(() => ask(token), key.kid, fetch))

    expect(requests.map(({ fetches }) => fetches)).toEqual([0, 0, 0])
  })

  test('decodes a header that it has not seen, and digests nothing without a cache', async () => {
    const ask = create(createVerifier(trusted, { tokenCache: false }))
    const token = await mint()

    expect(await count(() => ask(token))).toMatchObject({
      digests: 0,
      decodings: 2,
      keys: 1,
      signatures: 1,
    })
    expect(await count(() => ask(token))).toMatchObject({ digests: 0, decodings: 1 })
  })
})

describe.each(EXPRESS_VERSIONS)('over HTTP, %s', (_version, express) => {
  test('digests a token from its second request on, once a request', async () => {
    const app = express()
    app.get('/', requireJwt(createVerifier(trusted)), (_req, res) => void res.end())
    const ask = await serve(app)
    const token = await mint()
    await ask('/', bearer(await mint()))

    const requests: Work[] = []
    for (let n = 0; n < 3; n++) requests.push(await count(() => ask('/', bearer(token))))

    expect(requests).toMatchObject([
      { digests: 0, signatures: 1 },
      { digests: 1, signatures: 1 },
      { digests: 1, signatures: 0 },
    ])
  })
})

describe('an authorizer with 60 routes', () => {
  const routes = Array.from({ length: 60 }, (_, n) => [
    `GET /r${n}`,
    n % 2 === 0 ? { scopes: ['a'] } : { groups: ['g'] },
  ])
  const create = (verifier: Verifier): Send => {
    const handler = createAuthorizer(verifier, { access: Object.fromEntries(routes) })
    return (token) => handler(createAuthorizerEvent('rest-request', { token, path: '/r0' }))
  }

  test('judges the rules once for a token in the cache, and writes its policy and context once', async () => {
    const ask = create(createVerifier(trusted))
    const token = await mint()

    const requests: Work[] = []
    for (let n = 0; n < 4; n++) requests.push(await count(() => ask(token)))

    // three are left for the request: the two forms of its route key, and the size of its principal
    expect(requests.map(({ encodings }) => encodings)).toEqual([6, 5, 3, 3])
    expect(requests.map(({ reads }) => reads > 120)).toEqual([true, true, false, false])
    expect(requests[3]?.reads).toBeLessThan(20)
  })

  test('writes one policy for tokens that may use the same routes', async () => {
    const ask = create(createVerifier(trusted))
    await ask(await mint())

    const token = await mint()
    expect(await count(() => ask(token))).toMatchObject({ encodings: 5 })
  })

  test('notes nothing about a token that a wrapped verifier returns', async () => {
    const verifier = createVerifier(trusted)
    const ask = create({ ...verifier, verify: (token) => verifier.verify(token) })
    const token = await mint()
    for (let n = 0; n < 3; n++) await ask(token)

    const { encodings, reads } = await count(() => ask(token))

    expect(encodings).toBe(5)
    expect(reads).toBeGreaterThan(120)
  })
})

describe('keys that are given', () => {
  const KEYS = issuer.jwks.keys.length
  const importsOf = async (call: () => unknown) => (await countWork(call)).imports

  test('are imported once for both issuer forms of a user pool', async () => {
    const { userPoolId, clientId, jwks } = issuer
    const pool = cognito({ userPoolId, clientId, tokenUse: 'access', jwks })

    // the key for ES256 cannot be one of a user pool
    expect(await importsOf(() => createVerifier(pool))).toBe(KEYS - 1)

    const verifier = createVerifier(pool)
    for (const iss of pool.map((form) => form.issuer)) {
      expect((await verifier.verify(await issuer.accessToken({ iss }))).issuer).toBe(iss)
    }
  })

  test('are imported once for all issuers with the same ones and the same algorithms', async () => {
    const toTenant = (n: number) => ({ ...trusted, issuer: `https://tenant-${n}.example` })
    const tenants = Array.from({ length: 20 }, (_, n) => toTenant(n))
    const others = [
      { ...toTenant(20), algorithms: ['ES256' as const] },
      { ...toTenant(21), jwks: { keys: [key.jwk] } },
    ]

    expect(await importsOf(() => createVerifier(tenants))).toBe(KEYS)
    expect(await importsOf(() => createVerifier([...tenants, ...others]))).toBe(KEYS + 2)
  })

  test('of another issuer do not verify', async () => {
    const other = await createTestIssuer()
    const iss = 'https://other.example'
    const verifier = createVerifier([trusted, { issuer: iss, audience: null, jwks: other.jwks }])
    const forged = await issuer.token({ ...claims, iss }, { key })

    await expect(verifier.verify(forged)).rejects.toMatchObject({ code: 'ERR_KEY_NOT_FOUND' })
  })
})

test('whether Node supports an algorithm is found out once, not for each issuer', async () => {
  const list = Array.from({ length: 20 }, (_, n) => ({
    issuer: `https://tenant-${n}.example`,
    audience: null,
  }))
  createVerifier(list)

  expect((await countWork(() => createVerifier(list))).imports).toBe(0)
})
