/**
 * One refresh with an injected fetch: which request is sent, which responses are rejected, and when there is a retry.
 */
import { readFileSync } from 'node:fs'
import { createVerifier } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test, vi } from 'vitest'
import { createSetup, mintTokens, toResponse } from '../support/key-endpoint.ts'

const issuer = await createTestIssuer()
const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
const { first } = await mintTokens(issuer)
const UNAVAILABLE = { name: 'KeysError', code: 'ERR_JWKS_UNAVAILABLE', status: 503 }
const NETWORK = { ...UNAVAILABLE, reason: 'network' }

test('requests the address with a plain GET, and follows no redirect', async () => {
  const fetch = vi.fn<typeof globalThis.fetch>(async () => toResponse(issuer, 0))
  const { verifier } = createSetup(issuer, { fetch })

  await verifier.verify(first)

  expect(fetch).toHaveBeenCalledExactlyOnceWith(issuer.jwksUri, {
    redirect: 'manual',
    headers: {
      accept: expect.stringContaining('application/json'),
      'user-agent': `jwt-gate/${version}`,
    },
    signal: expect.any(AbortSignal),
  })
})

describe('rejects', () => {
  test('a response for which fetch has followed a redirect', async () => {
    const { verifier, answer } = createSetup(issuer)
    answer(() => Object.defineProperty(toResponse(issuer, 0), 'redirected', { value: true }))

    await expect(verifier.verify(first)).rejects.toMatchObject({
      ...UNAVAILABLE,
      reason: 'redirect',
    })
  })

  test.each([300, 301, 302, 303, 307, 308, 399])(
    'a redirect with status %i, without a retry',
    async (status) => {
      const { verifier, answer, requests } = createSetup(issuer)
      answer(
        () => new Response(null, { status, headers: { location: 'https://evil.example/keys' } }),
      )

      await expect(verifier.verify(first)).rejects.toMatchObject({
        ...UNAVAILABLE,
        reason: 'redirect',
      })
      expect(requests()).toBe(1)
    },
  )

  test.each([201, 204, 299, 400, 404])('a response with status %i', async (status) => {
    const { verifier, answer } = createSetup(issuer)
    answer(() => new Response(null, { status }))

    await expect(verifier.verify(first)).rejects.toMatchObject({ ...UNAVAILABLE, reason: 'status' })
  })

  test.each([
    undefined,
    null,
    {},
    { status: 200 },
    { status: 200, headers: new Headers(), body: 'text' },
    'text',
  ] as unknown[])('a value that is no Response: %j', async (value) => {
    const { verifier, answer } = createSetup(issuer)
    answer(() => value as Response)

    await expect(verifier.verify(first)).rejects.toMatchObject({ name: 'KeysError', status: 503 })
  })

  test.each([new Error('x'), 'x', undefined])(
    'with a network error if fetch throws %s',
    async (cause) => {
      const fetch = () => {
        throw cause
      }
      const { verifier } = createSetup(issuer, { fetch })

      await expect(verifier.verify(first)).rejects.toMatchObject(NETWORK)
    },
  )
})

describe('the retry', () => {
  const ok = () => toResponse(issuer, 0)
  const status = (code: number) => () => new Response('', { status: code })
  const broken = () => {
    throw new TypeError('fetch failed')
  }

  test.each([
    ['a network failure', broken],
    ['status 500', status(500)],
    ['status 503', status(503)],
  ])('is sent after %s, and may succeed', async (_, failure) => {
    const { verifier, answer, requests, publish } = createSetup(issuer)
    answer(() => {
      publish(0)
      return failure()
    })

    await expect(verifier.verify(first)).resolves.toBeDefined()
    expect(requests()).toBe(2)
  })

  test('is sent only once', async () => {
    const { verifier, answer, requests } = createSetup(issuer)
    answer(broken)

    await expect(verifier.verify(first)).rejects.toMatchObject(NETWORK)
    expect(requests()).toBe(2)
  })

  test('is sent only once for discovery and keys together', async () => {
    const asked: string[] = []
    const failed = new Set<string>()
    const fetch: typeof globalThis.fetch = async (url) => {
      const { pathname } = new URL(String(url))
      asked.push(pathname)
      if (!failed.has(pathname)) {
        failed.add(pathname)
        return status(503)()
      }
      return issuer.fetch(url)
    }
    const verifier = createVerifier({ issuer: issuer.issuer, audience: null }, { fetch })

    await expect(verifier.verify(first)).rejects.toMatchObject({ ...UNAVAILABLE, reason: 'status' })
    expect(asked).toHaveLength(3)
  })

  test.each([
    ['status 404', status(404)],
    ['status 499', status(499)],
    ['a response that is not JSON', () => new Response('x')],
    ['a set without keys', () => Response.json({ keys: [] })],
  ])('is not sent after %s', async (_, failure) => {
    const { verifier, answer, requests } = createSetup(issuer)
    answer(failure)

    await expect(verifier.verify(first)).rejects.toMatchObject({ name: 'KeysError' })
    expect(requests()).toBe(1)
  })

  test('is not sent if the last refresh failed too', async () => {
    const { clock, verifier, answer, requests } = createSetup(issuer)
    answer(broken)
    await expect(verifier.verify(first)).rejects.toMatchObject(NETWORK)

    clock.advance(1_200)
    await expect(verifier.verify(first)).rejects.toMatchObject(NETWORK)
    expect(requests()).toBe(3)

    answer(ok)
    clock.advance(2_400)
    await expect(verifier.verify(first)).resolves.toBeDefined()
  })
})
