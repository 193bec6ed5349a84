/**
 * Keys at the edges: requests that take longer than the keys live, keys that may not live as long as they should, and
 * what is left after close().
 */
import { createTestIssuer } from 'jwt-gate/testing'
import { expect, test } from 'vitest'
import {
  createSetup,
  isPending,
  LIFETIME_MS,
  mintTokens,
  toResponse,
} from './support/key-endpoint.ts'

const issuer = await createTestIssuer()
const { first } = await mintTokens(issuer)

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
