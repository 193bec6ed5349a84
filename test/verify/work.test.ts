/**
 * What one token costs, counted: SHA-256 digests, JSON documents that are decoded, look-ups of a key, and signatures. The first
 * request with a token is verified, the second one is verified and cached, and all others come from the cache.
 */
import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { createVerifier, type Verifier } from 'jwt-gate'
import { requireJwt, verifyRequest } from 'jwt-gate/express'
import { createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test, vi } from 'vitest'

const issuer = await createTestIssuer({ algorithms: ['ES256'] })
const key = issuer.keyFor('ES256')
const trusted = { issuer: issuer.issuer, audience: null, jwks: issuer.jwks }
const claims = { iss: issuer.issuer, sub: 'alice', exp: 4_000_000_000 }
let serial = 0
const mint = () => issuer.token({ ...claims, jti: String(serial++) }, { key })

/** The ways to have a token verified. */
const SURFACES: Record<string, (verifier: Verifier, token: string) => unknown> = {
  verify: (verifier, token) => verifier.verify(token),
  verifySync: (verifier, token) => verifier.verifySync(token),
  requireJwt: (verifier, token) =>
    new Promise((resolve) => {
      requireJwt(verifier)(toRequest(token), { locals: {} } as never, resolve)
    }),
  verifyRequest: (verifier, token) => verifyRequest(verifier, toRequest(token)),
  createAuthorizer: (verifier, token) =>
    createAuthorizer(verifier)(createAuthorizerEvent('rest-request', { token })),
}

function toRequest(token: string): never {
  const authorization = `Bearer ${token}`
  return { headers: { authorization }, rawHeaders: ['Authorization', authorization] } as never
}

/** Does something and counts the work. Nothing is replaced: the real functions are called. */
async function count(work: () => unknown) {
  const spies = {
    digests: vi.spyOn(crypto, 'hash'),
    decodings: vi.spyOn(JSON, 'parse'),
    signatures: vi.spyOn(crypto, 'verify'),
    looks: vi.spyOn(Map.prototype, 'get'),
  }
  // named imports of node:crypto see it only then
  syncBuiltinESMExports()
  try {
    await work()
    const { digests, decodings, signatures, looks } = spies
    return {
      digests: digests.mock.calls.length,
      decodings: decodings.mock.calls.length,
      keys: looks.mock.calls.filter(([name]) => name === key.kid).length,
      signatures: signatures.mock.calls.length,
    }
  } finally {
    for (const spy of Object.values(spies)) spy.mockRestore()
    syncBuiltinESMExports()
  }
}

describe.each(Object.entries(SURFACES))('%s', (_name, send) => {
  test('digests a token at most once a request, and looks its key up once', async () => {
    const verifier = createVerifier(trusted)
    const token = await mint()
    // the header of this key is known from now on
    await send(verifier, await mint())

    const requests = []
    for (let n = 0; n < 4; n++) requests.push(await count(() => send(verifier, token)))

    expect(requests).toEqual([
      { digests: 0, decodings: 1, keys: 1, signatures: 1 },
      { digests: 1, decodings: 1, keys: 1, signatures: 1 },
      { digests: 1, decodings: 0, keys: 1, signatures: 0 },
      { digests: 1, decodings: 0, keys: 1, signatures: 0 },
    ])
  })

  test('decodes a header that it has not seen, and digests nothing without a cache', async () => {
    const verifier = createVerifier(trusted, { tokenCache: false })
    const token = await mint()

    expect(await count(() => send(verifier, token))).toEqual({
      digests: 0,
      decodings: 2,
      keys: 1,
      signatures: 1,
    })
    expect(await count(() => send(verifier, token))).toMatchObject({ digests: 0, decodings: 1 })
  })
})
