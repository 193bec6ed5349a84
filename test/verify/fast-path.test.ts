/**
 * The fast path for adapters: it returns or throws what `verify` does, at once if nothing has to be waited for.
 */
import { createVerifier, type TrustedIssuer, type Verifier, type VerifierOptions } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test, vi } from 'vitest'
import { fastPathOf } from '../../src/verify/fast-path.ts'
import { createClock } from './support/clock.ts'
import { remember } from './support/remember.ts'

const issuer = await createTestIssuer()
const verifyNow = (verifier: Verifier, token: string) => fastPathOf(verifier)?.(token)
const ONLINE = { jwks: undefined, jwksUri: issuer.jwksUri }

function createOne(trusted: Partial<TrustedIssuer> = {}, options: VerifierOptions = {}) {
  const clock = createClock()
  const { now } = clock
  const base = { issuer: issuer.issuer, audience: null, jwks: issuer.jwks, ...trusted }
  const claims = { iss: issuer.issuer, exp: clock.seconds() + 3_600 }
  return {
    clock,
    verifier: createVerifier(base, { now, clockToleranceSeconds: 0, ...options }),
    token: issuer.token(claims),
  }
}

describe('a cached token', () => {
  test('is returned at once, as the same object', async () => {
    const { verifier, token } = createOne()
    const verified = await remember(verifier, await token)

    expect(verifyNow(verifier, await token)).toBe(verified)
  })

  test('is rejected when it has expired', async () => {
    const { verifier, token, clock } = createOne()
    await remember(verifier, await token)
    const expired = await token

    clock.advance(3_600_000)

    expect(() => verifyNow(verifier, expired)).toThrow(
      expect.objectContaining({ code: 'ERR_TOKEN_EXPIRED' }),
    )
  })

  test('goes through a check that is synchronous at once', async () => {
    const check = vi.fn()
    const { verifier, token } = createOne({}, { check })
    const verified = await remember(verifier, await token)
    const before = check.mock.calls.length

    expect(verifyNow(verifier, await token)).toBe(verified)
    expect(check.mock.calls.length - before).toBe(1)
  })

  test('is a promise if its check is asynchronous', async () => {
    const { verifier, token } = createOne({}, { check: async () => undefined })
    const verified = await remember(verifier, await token)

    const outcome = verifyNow(verifier, await token)

    expect(outcome).toBeInstanceOf(Promise)
    expect(await outcome).toBe(verified)
  })

  test('is a promise if its keys have to be fetched first', async () => {
    const { verifier, token, clock } = createOne(ONLINE, { fetch: issuer.fetch })
    const verified = await remember(verifier, await token)
    const before = issuer.requests

    clock.advance(1_200_000)
    const outcome = verifyNow(verifier, await token)

    expect(outcome).toBeInstanceOf(Promise)
    expect(await outcome).toBe(verified)
    expect(issuer.requests - before).toBe(1)
    expect(verifyNow(verifier, await token)).toBe(verified)
  })

  test('is rejected if its keys cannot be fetched any more', async () => {
    let fetch: typeof globalThis.fetch = issuer.fetch
    const options = { fetch: (url: string) => fetch(url), jwks: { maxStaleMs: 60_000 } }
    const { verifier, token, clock } = createOne(ONLINE, options as VerifierOptions)
    await remember(verifier, await token)

    fetch = () => Promise.reject(new Error('down'))
    clock.advance(1_200_000)

    await expect(verifyNow(verifier, await token)).rejects.toMatchObject({
      code: 'ERR_JWKS_UNAVAILABLE',
    })
  })

  test('triggers a refresh of its keys in the background', async () => {
    const { verifier, token, clock } = createOne(ONLINE, { fetch: issuer.fetch })
    await remember(verifier, await token)
    const before = issuer.requests

    clock.advance(600_000)
    verifyNow(verifier, await token)
    await verifier.settled()

    expect(issuer.requests - before).toBe(1)
  })

  test('is rejected if its issuer is looked up again and not trusted any more', async () => {
    const clock = createClock()
    let isKnown = true
    const tenants = vi.fn(async (name: string) =>
      isKnown ? { issuer: name, audience: null, jwks: issuer.jwks } : undefined,
    )
    const verifier = createVerifier(tenants, { now: clock.now })
    const token = await issuer.token({ iss: issuer.issuer, exp: clock.seconds() + 3_600 })
    await remember(verifier, token)
    const before = tenants.mock.calls.length

    isKnown = false
    clock.advance(60_000)

    await expect(verifyNow(verifier, token)).rejects.toMatchObject({ code: 'ERR_CLAIM_ISSUER' })
    expect(tenants.mock.calls.length - before).toBe(1)
  })

  test('is returned if its issuer is looked up again and still trusted', async () => {
    const clock = createClock()
    const tenants = async (name: string) => ({
      issuer: name,
      audience: null,
      jwks: issuer.jwks,
    })
    const verifier = createVerifier(tenants, { now: clock.now })
    const token = await issuer.token({ iss: issuer.issuer, exp: clock.seconds() + 3_600 })
    const verified = await remember(verifier, token)

    clock.advance(60_000)
    const outcome = verifyNow(verifier, token)

    expect(outcome).toBeInstanceOf(Promise)
    expect(await outcome).toEqual(verified)
  })
})

describe('a token that is not cached', () => {
  test.each([{}, { tokenCache: false }] as const)(
    'is verified at once with %j',
    async (options) => {
      const { verifier, token } = createOne({}, options)

      const verified = verifyNow(verifier, await token)

      expect(verified).toEqual(await verifier.verify(await token))
    },
  )

  test.each([
    [undefined, 'ERR_TOKEN_MISSING'],
    ['abc', 'ERR_TOKEN_MALFORMED'],
    ['a'.repeat(16_385), 'ERR_TOKEN_TOO_LARGE'],
  ])('is rejected at once: %#', (token, code) => {
    const { verifier } = createOne()

    expect(() => verifyNow(verifier, token as string)).toThrow(expect.objectContaining({ code }))
  })
})

describe('a function that replaces verify()', () => {
  test.each<[string, (verifier: ReturnType<typeof createOne>['verifier']) => object]>([
    ['in a copy', (verifier) => ({ ...verifier, verify: () => Promise.reject(new Error('no')) })],
    ['on the verifier', (verifier) => Object.assign(verifier, { verify: async () => undefined })],
    ['on an heir', (verifier) => Object.create(verifier, { verify: { value: async () => 1 } })],
  ])('is never bypassed: %s', async (_name, wrap) => {
    const { verifier, token } = createOne()
    await remember(verifier, await token)

    expect(fastPathOf(wrap(verifier) as never)).toBeUndefined()
  })
})
