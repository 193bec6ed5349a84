/**
 * The limits of one refresh: bytes, keys and time.
 */
import { KeysError } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test, vi } from 'vitest'
import { Cancellation } from '../../../src/verify/http/cancellation.ts'
import { fetchJwks } from '../../../src/verify/jwks/fetch-jwks.ts'
import { createGate, createSetup, mintTokens, toResponse } from '../support/key-endpoint.ts'

const issuer = await createTestIssuer()
const { first } = await mintTokens(issuer)
const TOO_LARGE = { name: 'KeysError', code: 'ERR_JWKS_INVALID', reason: 'too_large' }
const never = (): Promise<Response> => createGate<Response>().promise

describe('limits', () => {
  test('maxBytes: accepts a body of exactly that size, and rejects one byte more', async () => {
    const size = Buffer.byteLength(await toResponse(issuer, 0).text())
    const exact = createSetup(issuer, { jwks: { maxBytes: size } })
    const small = createSetup(issuer, { jwks: { maxBytes: size - 1 } })

    await expect(exact.verifier.verify(first)).resolves.toBeDefined()
    await expect(small.verifier.verify(first)).rejects.toMatchObject(TOO_LARGE)
    expect(small.requests()).toBe(1)
  })

  test('maxBytes: stops reading an endless body', async () => {
    const { verifier, answer } = createSetup(issuer, { jwks: { maxBytes: 10_000 } })
    let sent = 0
    const cancel = vi.fn()
    const pull = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
      sent += 1_000
      controller.enqueue(new Uint8Array(1_000).fill(32))
    }
    answer(() => new Response(new ReadableStream({ pull, cancel })))

    await expect(verifier.verify(first)).rejects.toMatchObject(TOO_LARGE)

    expect(sent).toBeLessThan(20_000)
    expect(cancel).toHaveBeenCalledOnce()
  })

  test('maxBytes is 524288 by default', async () => {
    const body = JSON.stringify(issuer.jwks)
    const { verifier, answer } = createSetup(issuer)

    answer(() => new Response(body.padEnd(524_289)))
    await expect(verifier.verify(first)).rejects.toMatchObject(TOO_LARGE)
    verifier.close()
    answer(() => new Response(body.padEnd(524_288)))
    await expect(verifier.verify(first)).resolves.toBeDefined()
  })

  test('maxKeys: accepts exactly that many, and rejects one more', async () => {
    const { verifier, answer } = createSetup(issuer, { jwks: { maxKeys: 2 } })

    answer(() => Response.json({ keys: [...issuer.jwks.keys, {}] }))
    await expect(verifier.verify(first)).rejects.toMatchObject(TOO_LARGE)
    verifier.close()
    answer(() => Response.json(issuer.jwks))
    await expect(verifier.verify(first)).resolves.toBeDefined()
  })

  test('maxKeys is 100 by default', async () => {
    const { verifier, answer } = createSetup(issuer)
    const others = Array.from({ length: 98 }, (_, n) => ({ kty: 'XYZ', kid: `${n}` }))

    answer(() => Response.json({ keys: [...others, ...issuer.jwks.keys, {}] }))
    await expect(verifier.verify(first)).rejects.toMatchObject(TOO_LARGE)
    verifier.close()
    answer(() => Response.json({ keys: [...others, ...issuer.jwks.keys] }))
    await expect(verifier.verify(first)).resolves.toBeDefined()
  })
})

describe('the time limit', () => {
  const TIMEOUT = { code: 'ERR_JWKS_UNAVAILABLE', reason: 'timeout', status: 503 }

  test('applies to a fetch that neither responds nor reacts to its signal', async () => {
    const { verifier, answer, requests } = createSetup(issuer, { jwks: { timeoutMs: 30 } })
    answer(never)

    await expect(verifier.verify(first)).rejects.toMatchObject(TIMEOUT)
    expect(requests()).toBe(1)
  })

  test('applies to a body that never ends', async () => {
    const { verifier, answer } = createSetup(issuer, { jwks: { timeoutMs: 30 } })
    answer(() => new Response(new ReadableStream({ pull: () => createGate<void>().promise })))

    await expect(verifier.verify(first)).rejects.toMatchObject(TIMEOUT)
  })

  test('applies to the first request and its retry together', async () => {
    const { verifier, answer, requests } = createSetup(issuer, { jwks: { timeoutMs: 30 } })
    answer(() => {
      answer(never)
      throw new TypeError('fetch failed')
    })

    await expect(verifier.verify(first)).rejects.toMatchObject(TIMEOUT)
    expect(requests()).toBe(2)
  })

  test('aborts the request, and is followed by a back-off', async () => {
    const { verifier, answer, events } = createSetup(issuer, { jwks: { timeoutMs: 30 } })
    const aborted = vi.fn()
    answer((signal) => {
      signal.addEventListener('abort', aborted)
      return never()
    })

    await expect(verifier.hydrate()).rejects.toMatchObject(TIMEOUT)

    expect(aborted).toHaveBeenCalledOnce()
    expect(events).toMatchObject([{ type: 'jwks.failed', error: { reason: 'timeout' } }])
  })

  test('leaves no timer behind', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout')
    const before = timers()
    const { verifier } = createSetup(issuer)

    await verifier.verify(first)

    // timers of other test files may end meanwhile
    expect(timers().length).toBeLessThanOrEqual(before.length)
  })

  test('does not start for a fetch that was cancelled before it was sent', async () => {
    const cancellation = new Cancellation()
    cancellation.cancel(new KeysError('ERR_JWKS_UNAVAILABLE', { reason: 'closed' }))
    const source = {
      ...{ issuer: issuer.issuer, jwksUris: [issuer.jwksUri], get: never as never },
      ...{ timeoutMs: 1_000, maxBytes: 1, maxKeys: 1, insecureHosts: new Set<string>() },
    }

    const work = fetchJwks(source, { cancellation, retry: true })

    await expect(work).rejects.toMatchObject({ code: 'ERR_JWKS_UNAVAILABLE', reason: 'closed' })
  })
})
