/**
 * settled() for runtimes that freeze between calls, hydrate() for those that start before the first call.
 */
import { createVerifier } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import {
  createSetup,
  down,
  isPending,
  LIFETIME_MS,
  mintTokens,
  toResponse,
} from './support/key-endpoint.ts'

const issuer = await createTestIssuer()
const { first, second, unknown } = await mintTokens(issuer)

describe('settled', () => {
  test('resolves at once where nothing is in flight', async () => {
    const { verifier } = createSetup(issuer)

    await expect(verifier.settled()).resolves.toBeUndefined()
  })

  test('waits for a refresh in the background', async () => {
    const { clock, verifier, hold } = createSetup(issuer)
    await verifier.verify(first)
    const release = hold()
    clock.advance(LIFETIME_MS)
    await verifier.verify(first)

    const settled = verifier.settled()

    expect(await isPending(settled)).toBe(true)
    release(0)
    await expect(settled).resolves.toBeUndefined()
  })

  test('never rejects', async () => {
    const { clock, verifier, answer } = createSetup(issuer)
    await verifier.verify(first)
    answer(down)
    clock.advance(LIFETIME_MS)
    await verifier.verify(first)

    await expect(verifier.settled()).resolves.toBeUndefined()
  })

  test('waits for a refresh that follows on another', async () => {
    const { clock, verifier, hold } = createSetup(issuer)
    await verifier.verify(first)
    const release = hold()
    clock.advance(LIFETIME_MS)
    await verifier.verify(first)
    const work = verifier.verify(unknown).catch(() => undefined)

    const settled = verifier.settled()
    const releaseNext = hold()
    release(0)

    expect(await isPending(settled)).toBe(true)
    releaseNext(0)
    await expect(settled).resolves.toBeUndefined()
    await work
  })
})

describe('hydrate', () => {
  test('loads keys once, and again only when they are due', async () => {
    const { clock, verifier, requests } = createSetup(issuer)

    await verifier.hydrate()
    await verifier.hydrate()
    expect(requests()).toBe(1)
    clock.advance(0.8 * LIFETIME_MS)
    await verifier.hydrate()

    expect(requests()).toBe(2)
  })

  test('waits for newer keys although old ones could be used', async () => {
    const { clock, verifier, hold } = createSetup(issuer)
    await verifier.hydrate()
    const release = hold()
    clock.advance(0.8 * LIFETIME_MS)

    const work = verifier.hydrate()

    expect(await isPending(work)).toBe(true)
    release(1)
    await work
    expect(verifier.verifySync(second)).toBeDefined()
  })

  test('has nothing to do where the keys are given', async () => {
    const { issuer: iss, jwks } = issuer
    const verifier = createVerifier({ issuer: iss, audience: null, jwks })

    await expect(verifier.hydrate()).resolves.toBeUndefined()
    await expect(verifier.settled()).resolves.toBeUndefined()
    verifier.close()
    await expect(verifier.verify(first)).resolves.toBeDefined()
  })

  test('fails where one of the issuers fails', async () => {
    const names = ['https://a.example', 'https://b.example']
    const verifier = createVerifier(
      names.map((name) => ({ issuer: name, audience: null, jwksUri: `${name}/keys` })),
      {
        fetch: async (input) =>
          String(input).startsWith('https://a.')
            ? toResponse(issuer, 0)
            : new Response('', { status: 500 }),
      },
    )

    await expect(verifier.hydrate()).rejects.toMatchObject({ code: 'ERR_JWKS_UNAVAILABLE' })
  })
})
