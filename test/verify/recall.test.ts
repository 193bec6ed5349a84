/**
 * The short way of the surfaces: it answers at once what `verify` would answer, and leaves all else to it.
 */
import { createVerifier, type TrustedIssuer, type VerifierOptions } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import { recall } from '../../src/verify/recall.ts'
import { createClock } from './support/clock.ts'
import { remember } from './support/remember.ts'

const issuer = await createTestIssuer()

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

  test.each<[string, object, object]>([
    ['a check has to be asked', {}, { check: () => undefined }],
    ['there is no cache', {}, { tokenCache: false }],
  ])('is left to verify() where %s', async (_name, trusted, options) => {
    const { verifier, token } = createOne(trusted, options)
    await remember(verifier, await token)

    expect(recall(verifier, await token)).toBeUndefined()
  })

  test('is left to verify() where its keys have to be fetched first', async () => {
    const online = { jwks: undefined, jwksUri: issuer.jwksUri }
    const { verifier, token, clock } = createOne(online, { fetch: issuer.fetch })
    const verified = await remember(verifier, await token)

    clock.advance(1_200_000)
    const answer = recall(verifier, await token)
    await verifier.settled()

    expect(answer).toBeUndefined()
    expect(recall(verifier, await token)).toBe(verified)
  })

  test('has its keys refreshed in the background', async () => {
    const online = { jwks: undefined, jwksUri: issuer.jwksUri }
    const { verifier, token, clock } = createOne(online, { fetch: issuer.fetch })
    await remember(verifier, await token)
    const before = issuer.requests

    clock.advance(600_000)
    recall(verifier, await token)
    await verifier.settled()

    expect(issuer.requests - before).toBe(1)
  })

  test('is left to verify() where its issuer has to be asked for again', async () => {
    const clock = createClock()
    let isKnown = true
    const tenants = async (name: string) =>
      isKnown ? { issuer: name, audience: null, jwks: issuer.jwks } : undefined
    const verifier = createVerifier(tenants, { now: clock.now })
    const token = await issuer.token({ iss: issuer.issuer, exp: clock.seconds() + 3_600 })
    await remember(verifier, token)

    isKnown = false
    clock.advance(60_000)
    const answer = recall(verifier, token)
    await verifier.settled()

    expect(answer).toBeUndefined()
    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'ERR_CLAIM_ISSUER' })
    expect(recall(verifier, token)).toBeUndefined()
  })
})

describe('what fails where nobody waits for it', () => {
  /** What was rejected and handled by nobody, which would end the process. */
  function recordAccidents(): unknown[] {
    const accidents: unknown[] = []
    const record = (error: unknown) => accidents.push(error)
    process.on('unhandledRejection', record)
    onTestFinished(() => void process.off('unhandledRejection', record))
    return accidents
  }
  /** Unhandled rejections are told after the microtasks. */
  const nextTurn = () => new Promise((resolve) => setImmediate(resolve))
  const down = () => Promise.reject(new Error('down'))

  test('ends no process: the keys', async () => {
    let fetch: typeof globalThis.fetch = issuer.fetch
    const online = { jwks: undefined, jwksUri: issuer.jwksUri }
    const jwks = { maxStaleMs: 60_000 }
    const { verifier, token, clock } = createOne(online, { fetch: (url) => fetch(url), jwks })
    await remember(verifier, await token)
    const accidents = recordAccidents()

    fetch = down
    clock.advance(1_200_000)
    const answer = recall(verifier, await token)
    await verifier.settled()
    await nextTurn()

    expect([answer, accidents]).toEqual([undefined, []])
  })

  test.each(['recall', 'verifySync'])('ends no process: the issuer, asked by %s', async (asker) => {
    const clock = createClock()
    let isDown = false
    const verifier = createVerifier(
      (name) => (isDown ? down() : { issuer: name, audience: null, jwks: issuer.jwks }),
      { now: clock.now, jwks: { maxStaleMs: 60_000 } },
    )
    const token = await issuer.token({ iss: issuer.issuer, exp: clock.seconds() + 3_600 })
    await remember(verifier, token)
    const accidents = recordAccidents()

    isDown = true
    clock.advance(60_000)
    if (asker === 'recall') expect(recall(verifier, token)).toBeUndefined()
    else expect(() => verifier.verifySync(token)).toThrow(/keys/)
    await verifier.settled()
    await nextTurn()

    expect(accidents).toEqual([])
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
