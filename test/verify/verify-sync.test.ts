/**
 * verifySync: the same results without I/O.
 */
import { createVerifier } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createSetup, down, LIFETIME_MS, MAX_STALE_MS, mintTokens } from './support/key-endpoint.ts'

const issuer = await createTestIssuer()
const { first, second } = await mintTokens(issuer)
const NOT_LOADED = expect.objectContaining({
  name: 'KeysError',
  code: 'ERR_JWKS_NOT_LOADED',
  status: 503,
})

test('returns the same result as verify', async () => {
  const trusted = { issuer: issuer.issuer, audience: null, jwks: issuer.jwks }

  const verified = createVerifier(trusted).verifySync(first)

  expect(verified).toEqual(await createVerifier(trusted).verify(first))
  expect(verified).toSatisfy(Object.isFrozen)
})

describe('if keys would have to be fetched', () => {
  test('reports that they are not loaded, and fetches nothing', async () => {
    const { requests, verifier } = createSetup(issuer)

    expect(() => verifier.verifySync(first)).toThrow(NOT_LOADED)

    await verifier.settled()
    expect(requests()).toBe(0)
  })

  test('still reports an invalid token first', async () => {
    const { verifier } = createSetup(issuer)
    const foreign = await issuer.accessToken({ iss: 'https://evil.example' })

    expect(() => verifier.verifySync('x')).toThrow(
      expect.objectContaining({ code: 'ERR_TOKEN_MALFORMED' }),
    )
    expect(() => verifier.verifySync(foreign)).toThrow(
      expect.objectContaining({ code: 'ERR_CLAIM_ISSUER' }),
    )
  })

  test('reports the same for a key that is not in the set', async () => {
    const { requests, verifier } = createSetup(issuer)
    await verifier.hydrate()

    expect(() => verifier.verifySync(second)).toThrow(NOT_LOADED)

    await verifier.settled()
    expect(requests()).toBe(1)
  })

  test('reports the same after close()', async () => {
    const { verifier } = createSetup(issuer)
    await verifier.hydrate()
    verifier.verifySync(first)

    verifier.close()

    expect(() => verifier.verifySync(first)).toThrow(NOT_LOADED)
  })
})

describe('with loaded keys', () => {
  test('needs no other request', async () => {
    const { publish, requests, verifier } = createSetup(issuer)
    publish(0, 1)
    await verifier.hydrate()

    expect(verifier.verifySync(first)).toBeDefined()
    expect(verifier.verifySync(second)).toBeDefined()
    expect(requests()).toBe(1)
  })

  test('uses them up to twice their lifetime, and does not refresh them', async () => {
    const { clock, requests, verifier } = createSetup(issuer)
    await verifier.hydrate()

    clock.advance(2 * LIFETIME_MS - 1)
    expect(verifier.verifySync(first)).toBeDefined()
    clock.advance(1)
    expect(() => verifier.verifySync(first)).toThrow(NOT_LOADED)

    await verifier.settled()
    expect(requests()).toBe(1)
  })

  test('uses older ones in an outage until they are too old, whichever call found the outage', async () => {
    const { answer, clock, verifier } = createSetup(issuer)
    await verifier.hydrate()
    answer(down)
    let loaded = 0

    for (let ageMs = 10_000; ageMs < MAX_STALE_MS; ageMs += 10_000) {
      clock.advance(10_000)
      if (ageMs % 60_000 === 0) await verifier.hydrate()
      if (verifier.verifySync(first)) loaded++
    }
    clock.advance(10_000)

    expect(loaded).toBe(MAX_STALE_MS / 10_000 - 1)
    expect(() => verifier.verifySync(first)).toThrow(NOT_LOADED)
  })

  test('uses older ones during the back-off after a failed refresh', async () => {
    const { answer, clock, verifier } = createSetup(issuer)
    await verifier.hydrate()
    clock.advance(2 * LIFETIME_MS)
    answer(down)

    await verifier.verify(first)

    expect(verifier.verifySync(first)).toBeDefined()
  })
})

test('a failed lookup of an issuer does not end the process, although nothing awaits it', async () => {
  const accidents: unknown[] = []
  const record = (error: unknown) => accidents.push(error)
  process.on('unhandledRejection', record)
  onTestFinished(() => void process.off('unhandledRejection', record))
  const verifier = createVerifier(() => Promise.reject(new Error('down')))

  expect(() => verifier.verifySync(first)).toThrow(NOT_LOADED)
  await verifier.settled()
  // unhandled rejections are raised after the microtasks
  await new Promise((resolve) => setImmediate(resolve))

  expect(accidents).toEqual([])
})
