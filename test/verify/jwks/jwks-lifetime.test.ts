/**
 * How long fetched keys are used, and when calls wait for newer ones.
 */
import type { VerifierEvent } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { createClock } from '../support/clock.ts'
import {
  createSetup,
  down,
  isPending,
  LIFETIME_MS,
  MAX_STALE_MS,
  mintTokens,
} from '../support/key-endpoint.ts'

const issuer = await createTestIssuer()
const { first, second } = await mintTokens(issuer)

describe('age', () => {
  test('under 0.8 of the lifetime, keys are used and nothing is fetched', async () => {
    const { clock, verifier, requests } = createSetup(issuer)
    await verifier.verify(first)

    clock.advance(0.8 * LIFETIME_MS - 1)
    await verifier.verify(first)

    await verifier.settled()
    expect(requests()).toBe(1)
  })

  test.each([
    ['0.8 of the lifetime', 0.8 * LIFETIME_MS],
    ['just under twice the lifetime', 2 * LIFETIME_MS - 1],
  ])(
    'from %s on, keys are used without waiting, and refreshed in the background',
    async (_, age) => {
      const { clock, verifier, requests, hold } = createSetup(issuer)
      await verifier.verify(first)
      const release = hold()

      clock.advance(age)
      await verifier.verify(first)
      await verifier.verify(first)

      expect(requests()).toBe(2)
      release(0)
      await verifier.settled()
      clock.advance(0.8 * LIFETIME_MS - 1)
      await verifier.verify(first)
      expect(requests()).toBe(2)
    },
  )

  test('the keys of a background refresh are used from then on', async () => {
    const { clock, verifier, publish } = createSetup(issuer)
    await verifier.verify(first)
    publish(1)

    clock.advance(0.8 * LIFETIME_MS)
    await verifier.verify(first)
    await verifier.settled()

    await expect(verifier.verify(second)).resolves.toBeDefined()
    await expect(verifier.verify(first)).rejects.toMatchObject({ code: 'ERR_KEY_NOT_FOUND' })
  })

  test('from twice the lifetime, calls wait for newer keys', async () => {
    const { clock, verifier, hold } = createSetup(issuer)
    await verifier.verify(first)
    const release = hold()

    clock.advance(2 * LIFETIME_MS)
    const work = verifier.verify(first)

    expect(await isPending(work)).toBe(true)
    release(1)
    await expect(work).rejects.toMatchObject({ code: 'ERR_KEY_NOT_FOUND' })
  })

  test('old keys are used only if the refresh fails', async () => {
    const { clock, verifier, answer } = createSetup(issuer)
    await verifier.verify(first)
    answer(down)

    clock.advance(MAX_STALE_MS - 1)

    await expect(verifier.verify(first)).resolves.toBeDefined()
  })

  test('from maxStaleMs on, keys are never used', async () => {
    const events: VerifierEvent[] = []
    const onEvent = (event: VerifierEvent): unknown => events.push(event)
    const { clock, verifier, answer } = createSetup(issuer, { onEvent })
    await verifier.verify(first)
    answer(down)

    clock.advance(MAX_STALE_MS)

    await expect(verifier.verify(first)).rejects.toMatchObject({ code: 'ERR_JWKS_UNAVAILABLE' })
    expect(() => verifier.verifySync(first)).toThrow(
      expect.objectContaining({ code: 'ERR_JWKS_NOT_LOADED' }),
    )
    expect(events.at(-1)).toMatchObject({ type: 'jwks.failed', ageMs: undefined })
  })

  test('maxAgeMs and maxStaleMs change the boundaries', async () => {
    const jwks = { maxAgeMs: 1_000, maxStaleMs: 5_000 }
    const { clock, verifier, requests, answer } = createSetup(issuer, { jwks })
    await verifier.verify(first)
    answer(down)

    clock.advance(799)
    await verifier.verify(first)
    expect(requests()).toBe(1)
    clock.advance(1)
    await verifier.verify(first)
    expect(requests()).toBe(2)
    clock.advance(4_199)
    await expect(verifier.verify(first)).resolves.toBeDefined()
    clock.advance(1)
    await expect(verifier.verify(first)).rejects.toMatchObject({ code: 'ERR_JWKS_UNAVAILABLE' })
  })

  test('is counted from the request for the keys, not from the response', async () => {
    const { clock, verifier, requests, hold } = createSetup(issuer)
    const release = hold()
    const work = verifier.verify(first)

    clock.advance(0.8 * LIFETIME_MS)
    release(0)
    await work

    await verifier.verify(first)
    await verifier.settled()
    expect(requests()).toBe(2)
  })

  test('does not become endless if the clock goes back', async () => {
    const { clock, verifier, requests } = createSetup(issuer)
    await verifier.verify(first)

    clock.advance(-1_000_000_000)
    await verifier.verify(first)
    clock.advance(0.8 * LIFETIME_MS - 1)
    await verifier.verify(first)
    expect(requests()).toBe(1)

    clock.advance(1)
    await verifier.verify(first)
    expect(requests()).toBe(2)
  })
})

test('a clock that starts at the smallest time works like any other', async () => {
  const clock = createClock(100_000_000_000)
  const { verifier, requests, answer } = createSetup(issuer, { now: clock.now })

  await verifier.verify(first)
  clock.advance(0.8 * LIFETIME_MS - 1)
  await verifier.verify(first)
  expect(requests()).toBe(1)
  answer(down)
  clock.advance(MAX_STALE_MS)

  await expect(verifier.verify(first)).rejects.toMatchObject({ code: 'ERR_JWKS_UNAVAILABLE' })
})

describe('lifetime', () => {
  const MINUTE = 60_000
  test.each([
    [undefined, LIFETIME_MS],
    ['', LIFETIME_MS],
    ['public', LIFETIME_MS],
    ['no-store', LIFETIME_MS],
    ['max-age=abc', LIFETIME_MS],
    ['max-age=-1', LIFETIME_MS],
    ['s-maxage=120', LIFETIME_MS],
    ['x-max-age=120', LIFETIME_MS],
    ['max-age-x=120', LIFETIME_MS],
    ['max-age=0', MINUTE],
    ['max-age=59', MINUTE],
    ['max-age=60', MINUTE],
    ['max-age=61', 61_000],
    ['max-age=120', 2 * MINUTE],
    ['MAX-AGE=120', 2 * MINUTE],
    ['max-age = 120', 2 * MINUTE],
    ['max-age="120"', 2 * MINUTE],
    ['public, max-age=120, must-revalidate', 2 * MINUTE],
    ['public,max-age=120', 2 * MINUTE],
    ['s-maxage=5, max-age=120', 2 * MINUTE],
    ['max-age=3600', 60 * MINUTE],
    ['max-age=3601', 60 * MINUTE],
    ['max-age=86400', 60 * MINUTE],
    [`max-age=${'9'.repeat(400)}`, 60 * MINUTE],
  ])('with Cache-Control %j is %i ms', async (cacheControl, lifetimeMs) => {
    const { verifier, events, answer } = createSetup(issuer)
    const headers = cacheControl === undefined ? {} : { 'cache-control': cacheControl }
    answer(() => Response.json(issuer.jwks, { headers }))

    await verifier.hydrate()

    expect(events).toMatchObject([{ type: 'jwks.fetched', lifetimeMs }])
  })

  test('is that of the newest response', async () => {
    const { clock, verifier, requests, answer } = createSetup(issuer)
    await verifier.hydrate()
    answer(() => Response.json(issuer.jwks, { headers: { 'cache-control': 'max-age=60' } }))
    clock.advance(LIFETIME_MS)
    await verifier.hydrate()

    clock.advance(47_999)
    await verifier.verify(first)
    expect(requests()).toBe(2)
    clock.advance(1)
    await verifier.verify(first)

    expect(requests()).toBe(3)
  })
})
