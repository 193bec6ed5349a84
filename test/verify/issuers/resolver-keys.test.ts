/**
 * The keys of issuers that a function returns: they are kept while they come from the same address, whatever else the function
 * changes.
 */
import type { StandardSchemaV1, TrustedIssuer } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { expect, test } from 'vitest'
import { isPending } from '../support/key-endpoint.ts'
import { setUp } from '../support/resolver.ts'

const MINUTE = 60_000
const acme = await createTestIssuer()
const { issuer, jwksUri } = acme
const token = await acme.token({ iss: issuer, exp: 4e9, aud: 'a' })

const schema = (): StandardSchemaV1 => ({
  '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) },
})

/** A function that returns the next of these values on each call, and an endpoint that a test can make fail. */
function setUpChanging(...answers: readonly Partial<TrustedIssuer>[]) {
  const endpoint = { isDown: false, requests: 0 }
  let at = 0
  const fetch: typeof globalThis.fetch = async (url) => {
    endpoint.requests++
    if (endpoint.isDown) throw new TypeError('fetch failed')
    return acme.fetch(url)
  }
  const resolve = () => ({ issuer, audience: 'a', jwksUri, ...answers[at++ % answers.length] })
  return { endpoint, ...setUp(async () => resolve(), { fetch }) }
}

test.each<[string, readonly Partial<TrustedIssuer>[]]>([
  ['another schema', [{ claims: schema() }, { claims: schema() }]],
  ['another audience', [{ audience: ['a', 'b'] }, { audience: ['a', 'c'] }]],
  ['another required claim', [{}, { requiredClaims: ['aud'] }]],
  [
    'another order of algorithms',
    [
      { algorithms: ['RS256', 'ES256'] },
      { algorithms: ['ES256', 'RS256'], requiredClaims: ['aud'] },
    ],
  ],
])('keys survive %s, and an outage after it', async (_name, answers) => {
  const { verifier, clock, endpoint } = setUpChanging(...answers)
  for (let at = 0; at < 5; at++) {
    await verifier.verify(token)
    clock.advance(MINUTE)
  }
  const before = endpoint.requests

  endpoint.isDown = true
  for (let at = 0; at < 60; at++) {
    await verifier.verify(token)
    clock.advance(MINUTE)
  }

  expect(before).toBe(1)
})

test('keys do not survive another list of algorithms', async () => {
  const { verifier, clock, endpoint } = setUpChanging(
    { algorithms: ['RS256'] },
    { algorithms: ['RS256', 'ES256'] },
  )

  await verifier.verify(token)
  clock.advance(MINUTE)
  await verifier.verify(token)

  expect(endpoint.requests).toBe(2)
})

test('conditions in another order do not invalidate cached tokens', async () => {
  const { verifier, clock } = setUpChanging({ audience: ['a', 'b'] }, { audience: ['b', 'a'] })
  await verifier.verify(token)
  const second = await verifier.verify(token)

  clock.advance(MINUTE)

  expect(await verifier.verify(token)).toBe(second)
})

test.each<[string, Partial<TrustedIssuer> | undefined]>([
  ['have another address', { jwksUri: `${jwksUri}?v=2` }],
  ['have no trusted issuer any more', undefined],
])('a request for keys is aborted if they %s', async (_name, next) => {
  let answer: TrustedIssuer | undefined = { issuer, audience: 'a', jwksUri }
  const held: AbortSignal[] = []
  const fetch: typeof globalThis.fetch = (_url, init) =>
    new Promise((_, reject) => {
      held.push(init?.signal as AbortSignal)
      init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
    })
  const { verifier, clock } = setUp(async () => answer, { fetch })
  const waiting = verifier.verify(token)
  await isPending(waiting)

  answer = next && { ...answer, ...next }
  clock.advance(MINUTE)
  const other = verifier.verify(token)

  await expect(waiting).rejects.toMatchObject({ code: 'ERR_JWKS_UNAVAILABLE', reason: 'closed' })
  await isPending(other)
  verifier.close()
  await other.catch(() => undefined)
  expect(held.map(({ aborted }) => aborted)).not.toContain(false)
})
