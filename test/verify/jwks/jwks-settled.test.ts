/**
 * settled() for runtimes that freeze between calls, hydrate() for those that start up before the first call.
 */
import { cognito, createVerifier } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { createClock } from '../support/clock.ts'
import {
  createSetup,
  down,
  isPending,
  LIFETIME_MS,
  mintTokens,
  toResponse,
} from '../support/key-endpoint.ts'

const issuer = await createTestIssuer()
const { first, second, unknown } = await mintTokens(issuer)

describe('settled', () => {
  test('resolves immediately if nothing is in flight', async () => {
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

  test('waits for a refresh that follows another one', async () => {
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

describe('settled, with several issuers', () => {
  const names = ['https://a.example', 'https://b.example'] as const
  const tokenOf = (iss: string) => issuer.token({ iss, exp: 4_000_000_000 })

  /** Two issuers with separate endpoints. A test releases their responses one by one. */
  function setUpTwo() {
    const clock = createClock()
    const gates = new Map<string, (() => void)[]>(names.map((name) => [name, []]))
    const verifier = createVerifier(
      names.map((name) => ({ issuer: name, audience: null, jwksUri: `${name}/keys` })),
      {
        now: clock.now,
        fetch: (input) =>
          new Promise((resolve) =>
            gates.get(new URL(String(input)).origin)?.push(() => resolve(toResponse(issuer, 0))),
          ),
      },
    )
    const release = (name: string): void => gates.get(name)?.shift()?.()
    return { clock, verifier, release }
  }

  test('waits for a request that begins while it waits for another', async () => {
    const { clock, verifier, release } = setUpTwo()
    const [a, b] = names
    const ofA = await tokenOf(a)
    const work = [verifier.verify(ofA), verifier.verify(await tokenOf(b))]
    const settled = verifier.settled()

    release(a)
    await work[0]
    clock.advance(LIFETIME_MS)
    await verifier.verify(ofA)
    release(b)

    expect(await isPending(settled)).toBe(true)
    release(a)
    await expect(settled).resolves.toBeUndefined()
    await Promise.all(work)
  })

  test('waits for all requests of hydrate', async () => {
    const gates: ((response: Response) => void)[] = []
    const verifier = createVerifier(
      cognito({ userPoolId: 'eu-west-1_Example', clientId: 'app', tokenUse: 'access' }),
      { fetch: () => new Promise((resolve) => gates.push(resolve)) },
    )
    const work = verifier.hydrate()

    const settled = verifier.settled()
    gates[0]?.(new Response('', { status: 403 }))

    expect(await isPending(settled)).toBe(true)
    gates[1]?.(toResponse(issuer, 0))
    await expect(settled).resolves.toBeUndefined()
    await work
  })

  test('does not reject if hydrate does', async () => {
    const { verifier, answer } = createSetup(issuer)
    answer(down)

    const work = verifier.hydrate()

    await expect(verifier.settled()).resolves.toBeUndefined()
    await expect(work).rejects.toMatchObject({ code: 'ERR_JWKS_UNAVAILABLE' })
  })
})

describe('hydrate', () => {
  test('loads keys once, and again only when a refresh is due', async () => {
    const { clock, verifier, requests } = createSetup(issuer)

    await verifier.hydrate()
    await verifier.hydrate()
    expect(requests()).toBe(1)
    clock.advance(0.8 * LIFETIME_MS)
    await verifier.hydrate()

    expect(requests()).toBe(2)
  })

  test('loads keys again that may no longer be used, whatever their lifetime', async () => {
    const { clock, verifier } = createSetup(issuer, { jwks: { maxStaleMs: LIFETIME_MS / 2 } })
    await verifier.hydrate()

    clock.advance(LIFETIME_MS / 2)
    await verifier.hydrate()

    expect(verifier.verifySync(first)).toBeDefined()
  })

  test('waits for newer keys even if the old ones could still be used', async () => {
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

  test('does nothing if the keys are given', async () => {
    const { issuer: iss, jwks } = issuer
    const verifier = createVerifier({ issuer: iss, audience: null, jwks })

    await expect(verifier.hydrate()).resolves.toBeUndefined()
    await expect(verifier.settled()).resolves.toBeUndefined()
    verifier.close()
    await expect(verifier.verify(first)).resolves.toBeDefined()
  })

  test('fails if one of the issuers fails', async () => {
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
