/**
 * The short way of the surfaces: for a token that is remembered, it answers what `verify` answers, and at once where it can.
 */
import { createVerifier, type TrustedIssuer, type VerifierOptions } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test, vi } from 'vitest'
import { recall } from '../../../src/verify/cache/recall.ts'
import { createClock } from '../support/clock.ts'
import { remember } from '../support/remember.ts'

const issuer = await createTestIssuer()
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

describe('a token that is remembered', () => {
  test('is answered at once, with the same object', async () => {
    const { verifier, token } = createOne()
    const verified = await remember(verifier, await token)

    expect(recall(verifier, await token)).toBe(verified)
  })

  test('is refused when it has expired', async () => {
    const { verifier, token, clock } = createOne()
    await remember(verifier, await token)
    const expired = await token

    clock.advance(3_600_000)

    expect(() => recall(verifier, expired)).toThrow(
      expect.objectContaining({ code: 'ERR_TOKEN_EXPIRED' }),
    )
  })

  test('is left to verify() where there is no cache', async () => {
    const { verifier, token } = createOne({}, { tokenCache: false })
    await remember(verifier, await token)

    expect(recall(verifier, await token)).toBeUndefined()
  })

  test('has to be waited for where a check has to be asked', async () => {
    const check = vi.fn()
    const { verifier, token } = createOne({}, { check })
    const verified = await remember(verifier, await token)
    const before = check.mock.calls.length

    const answer = recall(verifier, await token)

    expect(answer).toBeInstanceOf(Promise)
    expect(await answer).toBe(verified)
    expect(check.mock.calls.length - before).toBe(1)
  })

  test('has to be waited for where its keys have to be fetched first', async () => {
    const { verifier, token, clock } = createOne(ONLINE, { fetch: issuer.fetch })
    const verified = await remember(verifier, await token)
    const before = issuer.requests

    clock.advance(1_200_000)
    const answer = recall(verifier, await token)

    expect(answer).toBeInstanceOf(Promise)
    expect(await answer).toBe(verified)
    expect(issuer.requests - before).toBe(1)
    expect(recall(verifier, await token)).toBe(verified)
  })

  test('is refused where its keys cannot be had any more', async () => {
    let fetch: typeof globalThis.fetch = issuer.fetch
    const options = { fetch: (url: string) => fetch(url), jwks: { maxStaleMs: 60_000 } }
    const { verifier, token, clock } = createOne(ONLINE, options as VerifierOptions)
    await remember(verifier, await token)

    fetch = () => Promise.reject(new Error('down'))
    clock.advance(1_200_000)

    await expect(recall(verifier, await token)).rejects.toMatchObject({
      code: 'ERR_JWKS_UNAVAILABLE',
    })
  })

  test('has its keys refreshed in the background', async () => {
    const { verifier, token, clock } = createOne(ONLINE, { fetch: issuer.fetch })
    await remember(verifier, await token)
    const before = issuer.requests

    clock.advance(600_000)
    recall(verifier, await token)
    await verifier.settled()

    expect(issuer.requests - before).toBe(1)
  })

  test('is refused where its issuer is asked for again, and not trusted any more', async () => {
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

    await expect(recall(verifier, token)).rejects.toMatchObject({ code: 'ERR_CLAIM_ISSUER' })
    expect(tenants.mock.calls.length - before).toBe(1)
  })

  test('is answered where its issuer is asked for again, and trusted still', async () => {
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
    const answer = recall(verifier, token)

    expect(answer).toBeInstanceOf(Promise)
    expect(await answer).toEqual(verified)
  })
})

describe('other tokens', () => {
  test('are left to verify()', async () => {
    const { verifier, token } = createOne()

    expect(recall(verifier, await token)).toBeUndefined()
    expect(recall(verifier, 'abc')).toBeUndefined()
  })

  test.each([
    [undefined, 'ERR_TOKEN_MISSING'],
    ['a'.repeat(16_385), 'ERR_TOKEN_TOO_LARGE'],
  ])('are refused at once where nothing has to be looked at: %#', (token, code) => {
    const { verifier } = createOne()

    expect(() => recall(verifier, token)).toThrow(expect.objectContaining({ code }))
  })
})

describe('a function that stands before verify()', () => {
  test.each<[string, (verifier: ReturnType<typeof createOne>['verifier']) => object]>([
    ['in a copy', (verifier) => ({ ...verifier, verify: () => Promise.reject(new Error('no')) })],
    ['on the verifier', (verifier) => Object.assign(verifier, { verify: async () => undefined })],
    ['on an heir', (verifier) => Object.create(verifier, { verify: { value: async () => 1 } })],
  ])('is never passed by: %s', async (_name, wrap) => {
    const { verifier, token } = createOne()
    await remember(verifier, await token)

    expect(recall(wrap(verifier) as never, await token)).toBeUndefined()
  })
})
