/**
 * The verified-token cache: a verifier with a cache returns exactly what one without a cache returns.
 */
import { createVerifier, type TrustedIssuer, type VerifierOptions } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test, vi } from 'vitest'
import { createClock } from '../support/clock.ts'
import { firstKey } from '../support/raw-token.ts'
import { remember } from '../support/remember.ts'

const issuer = await createTestIssuer()
const base = { issuer: issuer.issuer, audience: null }

/** A verifier with its own clock, set to the time of the tokens. */
function createOne(trusted: Partial<TrustedIssuer> = {}, options: VerifierOptions = {}) {
  const clock = createClock()
  const verifier = createVerifier(
    { ...base, jwks: issuer.jwks, ...trusted },
    { now: clock.now, clockToleranceSeconds: 0, ...options },
  )
  const at = clock.seconds()
  return { clock, verifier, claims: { iss: issuer.issuer, iat: at, nbf: at, exp: at + 3_600 } }
}

describe('a cache hit', () => {
  test('returns the same frozen object', async () => {
    const { verifier, claims } = createOne()
    const token = await issuer.token(claims)

    const first = await remember(verifier, token)

    expect(await verifier.verify(token)).toBe(first)
    expect(verifier.verifySync(token)).toBe(first)
    expect(await verifier.verify(token.split('').join(''))).toBe(first)
  })

  test('does not run the schema again', async () => {
    const validate = vi.fn((value: unknown) => ({ value }))
    const { verifier, claims } = createOne({
      claims: { '~standard': { version: 1, vendor: 'test', validate } },
    })
    const token = await issuer.token(claims)

    await remember(verifier, token)
    const before = validate.mock.calls.length
    await verifier.verify(token)

    expect([before, validate.mock.calls.length]).toEqual([2, 2])
  })

  test('does not happen after close()', async () => {
    const { verifier, claims } = createOne()
    const token = await issuer.token(claims)
    const first = await remember(verifier, token)

    verifier.close()
    const again = [await verifier.verify(token), await verifier.verify(token)]

    expect(again).not.toContain(first)
  })

  test('does not happen with tokenCache: false', async () => {
    const { verifier, claims } = createOne({}, { tokenCache: false })
    const token = await issuer.token(claims)

    await remember(verifier, token)
    const first = await verifier.verify(token)
    const second = await verifier.verify(token)

    expect(second).not.toBe(first)
    expect(second).toEqual(first)
  })
})

describe('a cache hit checks again', () => {
  const both = (verifier: ReturnType<typeof createOne>['verifier'], token: string) => ({
    async refuse(error: object): Promise<void> {
      await expect(verifier.verify(token)).rejects.toMatchObject(error)
      expect(() => verifier.verifySync(token)).toThrow(expect.objectContaining(error))
    },
    async accept(): Promise<void> {
      await expect(verifier.verify(token)).resolves.toBeDefined()
      expect(verifier.verifySync(token)).toBeDefined()
    },
  })

  test('exp', async () => {
    const { clock, verifier, claims } = createOne()
    const say = both(verifier, await issuer.token(claims))

    await say.accept()
    clock.advance(3_599_999)
    await say.accept()
    clock.advance(1)
    await say.refuse({ code: 'ERR_TOKEN_EXPIRED' })
    clock.advance(-1)
    await say.accept()
  })

  test('nbf, because the clock may go back', async () => {
    const { clock, verifier, claims } = createOne()
    const say = both(verifier, await issuer.token(claims))

    await say.accept()
    clock.advance(-1)
    await say.refuse({ code: 'ERR_TOKEN_NOT_ACTIVE', claim: 'nbf' })
  })

  test('the maximum age', async () => {
    const { clock, verifier, claims } = createOne({ maxTokenAgeSeconds: 60 })
    const say = both(verifier, await issuer.token({ ...claims, nbf: undefined }))

    await say.accept()
    clock.advance(60_000)
    await say.accept()
    clock.advance(1)
    await say.refuse({ code: 'ERR_TOKEN_TOO_OLD' })
    clock.advance(-60_002)
    await say.refuse({ code: 'ERR_TOKEN_NOT_ACTIVE', claim: 'iat' })
  })
})

describe('the key of a cached token', () => {
  /** A verifier whose issuer serves the keys that a test puts into `keys`. */
  function createOnline() {
    const served: { keys: readonly unknown[] } = { keys: issuer.jwks.keys }
    const clock = createClock()
    const { now } = clock
    const verifier = createVerifier(
      { ...base, jwksUri: issuer.jwksUri },
      { now, fetch: async () => Response.json(served) },
    )
    const refresh = async () => {
      clock.advance(600_000)
      await verifier.hydrate()
    }
    return { served, verifier, refresh }
  }
  const claims = { iss: issuer.issuer, exp: 4_000_000_000 }

  test('keeps its tokens in the cache while it stays in the set', async () => {
    const { verifier, refresh } = createOnline()
    const token = await issuer.token(claims)
    const first = await remember(verifier, token)

    await refresh()

    expect(await verifier.verify(token)).toBe(first)
  })

  test('invalidates its tokens when it leaves the set', async () => {
    const { served, verifier, refresh } = createOnline()
    const token = await issuer.token(claims)
    await remember(verifier, token)

    served.keys = issuer.jwks.keys.slice(1)
    await refresh()

    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'ERR_KEY_NOT_FOUND' })
  })

  test('invalidates its tokens when another key has its kid', async () => {
    const { served, verifier, refresh } = createOnline()
    const { kid } = firstKey(issuer)
    const token = await issuer.token(claims)
    await remember(verifier, token)

    served.keys = [{ ...issuer.jwks.keys[1], kid }]
    await refresh()

    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'ERR_TOKEN_SIGNATURE' })
    expect(() => verifier.verifySync(token)).toThrow(
      expect.objectContaining({ code: 'ERR_TOKEN_SIGNATURE' }),
    )
  })

  test('invalidates its tokens when it becomes unusable', async () => {
    const { served, verifier, refresh } = createOnline()
    const token = await issuer.token(claims)
    await remember(verifier, token)

    served.keys = issuer.jwks.keys.map((key, index) => (index ? key : { ...key, use: 'enc' }))
    await refresh()

    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'ERR_KEY_UNUSABLE' })
  })

  test('makes its tokens valid again when it comes back', async () => {
    const { served, verifier, refresh } = createOnline()
    const token = await issuer.token(claims)
    await remember(verifier, token)
    served.keys = issuer.jwks.keys.slice(1)
    await refresh()

    served.keys = issuer.jwks.keys
    await refresh()

    await expect(verifier.verify(token)).resolves.toBeDefined()
  })

  test('is not kept after close()', async () => {
    const { served, verifier } = createOnline()
    const token = await issuer.token(claims)
    await remember(verifier, token)

    served.keys = issuer.jwks.keys.slice(1)
    verifier.close()

    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'ERR_KEY_NOT_FOUND' })
  })
})
