/**
 * Edge cases of keys: requests that take longer than the keys are valid, keys that are valid for less time than they should be,
 * and calls after close().
 */
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import {
  createSetup,
  isPending,
  LIFETIME_MS,
  MAX_STALE_MS,
  mintTokens,
  toResponse,
} from '../support/key-endpoint.ts'

const issuer = await createTestIssuer()
const { first, second } = await mintTokens(issuer)

test('keys that are stale on arrival are still used for the call that waited for them', async () => {
  const { verifier, clock, answer } = createSetup(issuer)
  answer(() => {
    clock.advance(3 * LIFETIME_MS)
    return toResponse(issuer, 0)
  })

  await expect(verifier.verify(first)).resolves.toMatchObject({ issuer: issuer.issuer })
})

test('keys that are stale on arrival are still loaded by hydrate', async () => {
  const { verifier, clock, answer } = createSetup(issuer)
  answer(() => {
    clock.advance(3 * LIFETIME_MS)
    return toResponse(issuer, 0)
  })

  await expect(verifier.hydrate()).resolves.toBeUndefined()
})

describe('a process that was frozen during a fetch', () => {
  const HOURS_MS = 3 * 3_600_000
  /** The first request never ends, and the process is frozen meanwhile. The endpoint works. */
  async function freeze() {
    const { answer, publish, ...setup } = createSetup(issuer, { jwks: { timeoutMs: 30 } })
    await setup.verifier.verify(first)
    setup.clock.advance(LIFETIME_MS)
    answer(() => new Promise(() => undefined))
    await setup.verifier.verify(first)
    setup.clock.advance(HOURS_MS)
    publish(0, 1)
    return setup
  }

  test('sends another request, and does not report an outage', async () => {
    const { verifier, events, requests } = await freeze()

    await expect(verifier.verify(first)).resolves.toBeDefined()

    expect(requests()).toBe(3)
    expect(events.map(({ type }) => type)).toEqual(['jwks.fetched', 'jwks.fetched'])
  })

  test('finds a key that was published in the meantime', async () => {
    const { verifier } = await freeze()

    await expect(verifier.verify(second)).resolves.toBeDefined()
  })

  test('has its new request awaited by settled', async () => {
    const { verifier } = await freeze()

    await verifier.settled()

    expect(verifier.verifySync(second)).toBeDefined()
  })

  test('sends another request if the response is too old to be used', async () => {
    const { verifier, clock, answer, publish, requests } = createSetup(issuer)
    answer(() => {
      clock.advance(MAX_STALE_MS)
      publish(0)
      return toResponse(issuer, 0)
    })

    await expect(verifier.verify(first)).resolves.toBeDefined()
    expect(requests()).toBe(2)
  })

  test('does not send requests endlessly', async () => {
    const { verifier, clock, answer, requests } = createSetup(issuer)
    answer(() => {
      clock.advance(HOURS_MS)
      return new Response('', { status: 403 })
    })

    await expect(verifier.verify(first)).rejects.toMatchObject({ reason: 'status' })
    expect(requests()).toBe(2)
  })

  test('counts as slow if the fetch took no longer than it may', async () => {
    const { verifier, clock, answer, requests } = createSetup(issuer, { jwks: { timeoutMs: 30 } })
    answer(() => {
      clock.advance(1_030)
      return new Response('', { status: 403 })
    })

    await expect(verifier.verify(first)).rejects.toMatchObject({ reason: 'status' })
    expect(requests()).toBe(1)
  })
})

test('keys that become unusable before their lifetime ends are fetched again each time', async () => {
  const { verifier, clock, requests } = createSetup(issuer, { jwks: { maxStaleMs: 1_000 } })

  for (let at = 0; at < 6; at++) {
    await verifier.verify(first)
    clock.advance(1_000)
  }

  expect(requests()).toBe(6)
})

test('after close, hydrate loads the keys again', async () => {
  const { verifier, requests } = createSetup(issuer)
  await verifier.hydrate()

  verifier.close()
  await verifier.hydrate()

  expect(requests()).toBe(2)
  expect(verifier.verifySync(first)).toBeDefined()
})

test('close gives fetch the reason for the abort', async () => {
  const { verifier, answer } = createSetup(issuer)
  const reasons: unknown[] = []
  answer(
    (signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          reasons.push(signal.reason)
          reject(signal.reason)
        })
      }),
  )
  const work = verifier.verify(first)
  await isPending(work)

  verifier.close()

  await expect(work).rejects.toMatchObject({ code: 'ERR_JWKS_UNAVAILABLE' })
  expect(reasons).toMatchObject([{ code: 'ERR_JWKS_UNAVAILABLE', reason: 'closed' }])
})
