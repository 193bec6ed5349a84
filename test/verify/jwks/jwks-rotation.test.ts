/**
 * Rotated keys are found as soon as a token names them, with no more requests than necessary.
 */
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { createSetup, down, isPending, mintTokens } from '../support/key-endpoint.ts'

const issuer = await createTestIssuer()
const { first, second, unknown } = await mintTokens(issuer)
const NOT_FOUND = { name: 'TokenError', code: 'ERR_KEY_NOT_FOUND', status: 401, claim: 'kid' }

describe('rotation', () => {
  test('a new key is found at once', async () => {
    const { verifier, publish, requests } = createSetup(issuer)
    await verifier.verify(first)
    publish(0, 1)

    await expect(verifier.verify(second)).resolves.toBeDefined()
    expect(requests()).toBe(2)
  })

  test('a key that is missing in the newer set is no longer used', async () => {
    const { verifier, publish } = createSetup(issuer)
    await verifier.verify(first)
    publish(1)

    await verifier.verify(second)

    await expect(verifier.verify(first)).rejects.toMatchObject(NOT_FOUND)
  })

  test('the first token of all causes one request, even if its key is unknown', async () => {
    const { verifier, requests } = createSetup(issuer)

    await expect(verifier.verify(unknown)).rejects.toMatchObject(NOT_FOUND)

    expect(requests()).toBe(1)
  })

  test('a refresh that began before the call may be too old, so another one is sent', async () => {
    const { clock, verifier, hold, publish, requests } = createSetup(issuer)
    await verifier.verify(first)
    const release = hold()
    clock.advance(480_000)
    await verifier.verify(first)

    const work = verifier.verify(second)
    expect(await isPending(work)).toBe(true)
    publish(0, 1)
    release(0)

    await expect(work).resolves.toBeDefined()
    expect(requests()).toBe(3)
  })

  test('no second refresh is sent if the first brings the key', async () => {
    const { clock, verifier, hold, requests } = createSetup(issuer)
    await verifier.verify(first)
    const release = hold()
    clock.advance(480_000)
    await verifier.verify(first)

    const work = verifier.verify(second)
    release(0, 1)

    await expect(work).resolves.toBeDefined()
    expect(requests()).toBe(2)
  })

  test('no second refresh is sent if the call itself began the first', async () => {
    const { clock, verifier, requests } = createSetup(issuer)
    await verifier.verify(first)
    clock.advance(480_000)

    await expect(verifier.verify(unknown)).rejects.toMatchObject(NOT_FOUND)

    expect(requests()).toBe(2)
  })

  test('many concurrent calls share one refresh', async () => {
    const { verifier, publish, requests } = createSetup(issuer)
    await verifier.verify(first)
    publish(0, 1)

    const work = Array.from({ length: 30 }, (_, n) => verifier.verify(n % 2 ? second : unknown))
    const outcomes = await Promise.allSettled(work)

    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(15)
    expect(requests()).toBe(2)
  })
})

test('an unknown key is not rejected as unknown while the endpoint is down', async () => {
  const { verifier, answer } = createSetup(issuer)
  await verifier.verify(first)
  answer(down)

  await expect(verifier.verify(unknown)).rejects.toMatchObject({ code: 'ERR_JWKS_UNAVAILABLE' })
  await expect(verifier.verify(first)).resolves.toBeDefined()
})
