/**
 * Requests in flight: one at a time for each issuer, cancelled by close(), awaited by settled().
 */
import { createVerifier } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import {
  createGate,
  createSetup,
  down,
  isPending,
  LIFETIME_MS,
  mintTokens,
  toResponse,
} from '../support/key-endpoint.ts'

const issuer = await createTestIssuer()
const { first, second, unknown } = await mintTokens(issuer)
const CLOSED = { code: 'ERR_JWKS_UNAVAILABLE', reason: 'closed' }

describe('single flight', () => {
  test('a hundred calls on a cold verifier send one request', async () => {
    const { verifier, requests } = createSetup(issuer)

    const work = Array.from({ length: 100 }, () => verifier.verify(first))
    await Promise.all([...work, verifier.hydrate()])

    expect(requests()).toBe(1)
  })

  test('an outage causes one request and its retry for all calls', async () => {
    const { verifier, requests, answer } = createSetup(issuer)
    answer(down)

    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, () => verifier.verify(first)),
    )

    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['rejected']))
    expect(requests()).toBe(2)
  })

  test('issuers do not wait for each other', async () => {
    const names = ['https://a.example', 'https://b.example']
    const { promise } = createGate<Response>()
    const verifier = createVerifier(
      names.map((name) => ({ issuer: name, audience: null, jwksUri: `${name}/keys` })),
      {
        fetch: async (input) =>
          String(input).startsWith('https://a.') ? promise : toResponse(issuer, 0),
      },
    )
    const ofA = verifier.verify(await issuer.token({ iss: names[0], exp: 4_000_000_000 }))

    const ofB = verifier.verify(await issuer.token({ iss: names[1], exp: 4_000_000_000 }))

    await expect(ofB).resolves.toBeDefined()
    expect(await isPending(ofA)).toBe(true)
    verifier.close()
    await expect(ofA).rejects.toMatchObject(CLOSED)
  })
})

describe('close', () => {
  test('cancels requests in flight, and rejects the calls that wait for them', async () => {
    const { verifier, hold, events } = createSetup(issuer)
    hold()
    const work = [verifier.verify(first), verifier.hydrate()]

    verifier.close()

    for (const one of work) await expect(one).rejects.toMatchObject(CLOSED)
    expect(events).toEqual([])
  })

  test('does not make waiting calls send another request', async () => {
    const { verifier, hold, requests } = createSetup(issuer)
    hold()
    const starts = verifier.verify(first)
    await isPending(starts)
    const joins = verifier.verify(first)
    await isPending(joins)

    verifier.close()

    await expect(starts).rejects.toMatchObject(CLOSED)
    await expect(joins).rejects.toMatchObject(CLOSED)
    expect(requests()).toBe(1)
  })

  test('lets a call that waits for an unknown key fail with ERR_KEY_NOT_FOUND, not as an outage', async () => {
    const { verifier, clock, hold, publish } = createSetup(issuer)
    await verifier.verify(first)
    hold()
    clock.advance(LIFETIME_MS)
    await verifier.verify(first)
    const waits = verifier.verify(unknown)
    await isPending(waits)

    publish(0)
    verifier.close()

    await expect(waits).rejects.toMatchObject({ code: 'ERR_KEY_NOT_FOUND' })
  })

  test('aborts the request', async () => {
    const { verifier, answer } = createSetup(issuer)
    const signals: AbortSignal[] = []
    answer((signal) => {
      signals.push(signal)
      return createGate<Response>().promise
    })
    const work = verifier.hydrate().catch(() => undefined)
    expect(signals[0]?.aborted).toBe(false)

    verifier.close()

    await work
    expect(signals[0]?.aborted).toBe(true)
  })

  test('a response that arrives after it does not replace newer keys', async () => {
    const { verifier, hold, publish, events } = createSetup(issuer)
    const release = hold()
    const early = verifier.verify(first)
    verifier.close()
    publish(1)
    await verifier.verify(second)

    release(0)
    await early.catch(() => undefined)
    await verifier.settled()

    await expect(verifier.verify(second)).resolves.toBeDefined()
    expect(events).toHaveLength(1)
  })

  test('a failure that arrives after it does not affect the next request', async () => {
    const { verifier, answer, publish, events } = createSetup(issuer)
    const gate = createGate<void>()
    answer(async () => {
      await gate.promise
      throw new TypeError('fetch failed')
    })
    const early = verifier.verify(first)
    verifier.close()
    publish(0)

    gate.resolve()
    await early.catch(() => undefined)

    await expect(verifier.verify(first)).resolves.toBeDefined()
    expect(events.map(({ type }) => type)).toEqual(['jwks.fetched'])
  })

  test('clears keys, outage and back-off', async () => {
    const { verifier, answer, publish, requests } = createSetup(issuer)
    answer(down)
    await expect(verifier.verify(first)).rejects.toMatchObject({ code: 'ERR_JWKS_UNAVAILABLE' })
    publish(0)

    verifier.close()
    await expect(verifier.verify(first)).resolves.toBeDefined()
    const sent = requests()
    verifier.close()
    await verifier.verify(first)

    expect(requests()).toBe(sent + 1)
  })

  test('rejects waiting calls with reason closed, not with an earlier outage', async () => {
    const { verifier, answer, hold } = createSetup(issuer)
    answer(() => new Response('', { status: 500 }))
    await expect(verifier.verify(first)).rejects.toMatchObject({ reason: 'status' })
    verifier.close()
    hold()
    const work = verifier.verify(first)

    verifier.close()

    await expect(work).rejects.toMatchObject(CLOSED)
  })

  test('may be called twice, or before anything was fetched', () => {
    const { verifier } = createSetup(issuer)

    verifier.close()
    verifier.close()
  })
})
