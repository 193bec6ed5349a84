/**
 * Keys at the edges: requests that take longer than the keys live, keys that may not live as long as they should, and
 * what is left after close().
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

test('keys that came later than they live serve the call that waited for them', async () => {
  const { verifier, clock, answer } = createSetup(issuer)
  answer(() => {
    clock.advance(3 * LIFETIME_MS)
    return toResponse(issuer, 0)
  })

  await expect(verifier.verify(first)).resolves.toMatchObject({ issuer: issuer.issuer })
})

test('keys that came later than they live are loaded all the same', async () => {
  const { verifier, clock, answer } = createSetup(issuer)
  answer(() => {
    clock.advance(3 * LIFETIME_MS)
    return toResponse(issuer, 0)
  })

  await expect(verifier.hydrate()).resolves.toBeUndefined()
})

describe('a process that was frozen while it fetched', () => {
  const HOURS_MS = 3 * 3_600_000
  /** The first request never comes to an end, and the process is frozen meanwhile; the endpoint is well. */
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

  test('asks again, and takes it for no outage', async () => {
    const { verifier, events, requests } = await freeze()

    await expect(verifier.verify(first)).resolves.toBeDefined()

    expect(requests()).toBe(3)
    expect(events.map(({ type }) => type)).toEqual(['jwks.fetched', 'jwks.fetched'])
  })

  test('finds a key that is new since then', async () => {
    const { verifier } = await freeze()

    await expect(verifier.verify(second)).resolves.toBeDefined()
  })

  test('is waited for by settled to the end', async () => {
    const { verifier } = await freeze()

    await verifier.settled()

    expect(verifier.verifySync(second)).toBeDefined()
  })

  test('asks again where the answer is too old for any use', async () => {
    const { verifier, clock, answer, publish, requests } = createSetup(issuer)
    answer(() => {
      clock.advance(MAX_STALE_MS)
      publish(0)
      return toResponse(issuer, 0)
    })

    await expect(verifier.verify(first)).resolves.toBeDefined()
    expect(requests()).toBe(2)
  })

  test('is no excuse for asking without an end', async () => {
    const { verifier, clock, answer, requests } = createSetup(issuer)
    answer(() => {
      clock.advance(HOURS_MS)
      return new Response('', { status: 403 })
    })

    await expect(verifier.verify(first)).rejects.toMatchObject({ reason: 'status' })
    expect(requests()).toBe(2)
  })

  test('is one that was slow where its fetch took no longer than it may', async () => {
    const { verifier, clock, answer, requests } = createSetup(issuer, { jwks: { timeoutMs: 30 } })
    answer(() => {
      clock.advance(1_030)
      return new Response('', { status: 403 })
    })

    await expect(verifier.verify(first)).rejects.toMatchObject({ reason: 'status' })
    expect(requests()).toBe(1)
  })
})

test('keys that may not live as long as they should are fetched again, however often', async () => {
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

test('close tells fetch why its request is given up', async () => {
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
