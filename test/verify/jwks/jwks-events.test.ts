/**
 * The events that onEvent gets, and that it cannot affect any result.
 */
import { createVerifier, type VerifierEvent } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test, vi } from 'vitest'
import { record } from '../../support/channels.ts'
import { createSetup, down, LIFETIME_MS, mintTokens } from '../support/key-endpoint.ts'

const issuer = await createTestIssuer()
const { first, unknown } = await mintTokens(issuer)
const iss = issuer.issuer
const COOLDOWN_MS = 10_000

const only = (events: readonly VerifierEvent[], type: VerifierEvent['type']): VerifierEvent[] =>
  events.filter((event) => event.type === type)

test('reports fetched keys: how many are usable, and for how long', async () => {
  const { verifier, events, answer } = createSetup(issuer)
  const keys = [...issuer.jwks.keys, null, { kty: 'oct', k: 'c2VjcmV0' }, { kty: 'RSA' }]
  answer(() => Response.json({ keys }, { headers: { 'cache-control': 'max-age=300' } }))

  await verifier.verify(first)

  const unusableKeys = [{ reason: 'not_an_object' }, { reason: 'private' }, { reason: 'malformed' }]
  const counts = { keys: 2, unusable: 3, unusableKeys }
  expect(events).toEqual([
    { type: 'jwks.fetched', issuer: iss, ...counts, lifetimeMs: 300_000, durationMs: 0 },
  ])
})

test('reports a failed fetch: the reason, and when the next one is allowed', async () => {
  const { verifier, events, answer } = createSetup(issuer)
  answer(() => new Response('', { status: 503 }))

  await verifier.verify(first).catch(() => undefined)
  await verifier.verify(first).catch(() => undefined)

  const shared = { issuer: iss, status: 503, durationMs: 0 }
  const rest = { error: expect.any(Error), retryInMs: expect.any(Number) }
  expect(events).toEqual([{ type: 'jwks.failed', ...shared, ...rest }])
  expect(events[0]).toMatchObject({
    error: {
      code: 'ERR_JWKS_UNAVAILABLE',
      reason: 'status',
      cause: { message: 'HTTP status 503' },
    },
  })
})

test('reports how long a fetch took, and how old the keys are that stay in use', async () => {
  const { clock, verifier, events, answer, hold } = createSetup(issuer)
  const release = hold()
  const verified = verifier.verify(first)
  clock.advance(250)
  release(0)
  await verified
  clock.advance(2 * LIFETIME_MS)
  answer(() => {
    clock.advance(30)
    return new Response('', { status: 418 })
  })
  await verifier.verify(first)

  expect(events).toMatchObject([
    { type: 'jwks.fetched', durationMs: 250 },
    { type: 'jwks.failed', durationMs: 30, status: 418, ageMs: 2 * LIFETIME_MS + 280 },
    { type: 'jwks.stale_served' },
  ])
})

test('a clock that goes backwards during a fetch makes no duration negative', async () => {
  const { clock, verifier, events, hold } = createSetup(issuer)
  const release = hold()
  const verified = verifier.verify(first)
  clock.advance(-250)
  release(0)
  await verified

  expect(events).toMatchObject([{ type: 'jwks.fetched', durationMs: 0 }])
})

describe('reports why a fetch failed, in members of their own', () => {
  const provoke = async (answer: () => Response) => {
    const { verifier, events, answer: set } = createSetup(issuer)
    set(answer)
    await verifier.verify(first).catch(() => undefined)
    return events[0]
  }
  const fail = (error: unknown) => () => {
    throw error
  }

  test('the code of a network error, from two causes below', async () => {
    const refused = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
    const several = { errors: [refused] }

    const event = await provoke(fail(new TypeError('fetch failed', { cause: several })))

    expect(event).toMatchObject({ type: 'jwks.failed', causeCode: 'ECONNREFUSED' })
    expect(event).toMatchObject({ status: undefined, foundIssuer: undefined, ageMs: undefined })
  })

  test('a cause without a code, or one that cannot be read', async () => {
    const hostile = Object.defineProperty({}, 'status', { get: fail(new Error('no')) })

    const mistaken = { status: '503', foundIssuer: 7 }

    for (const error of [undefined, 'text', new Error('no code'), hostile, mistaken]) {
      const event = await provoke(fail(error))
      expect(event).toMatchObject({
        ...{ status: undefined, causeCode: undefined, foundIssuer: undefined },
      })
    }
  })

  test.each<[string, unknown, string | undefined]>([
    ['of another issuer', `${iss}/`, `${iss}/`],
    ['with a line break in its issuer', 'https://a\nb"c', 'https://a?b?c'],
    ['with a long issuer', 'x'.repeat(5_000), 'x'.repeat(200)],
    ['whose issuer is no text', { iss }, undefined],
    ['without an issuer', undefined, undefined],
  ])('the issuer in a discovery document %s', async (_, found, foundIssuer) => {
    const events: VerifierEvent[] = []
    const fetch = async () => Response.json({ issuer: found, jwks_uri: issuer.jwksUri })
    const verifier = createVerifier(
      { issuer: iss, audience: null },
      { fetch, onEvent: (event) => events.push(event) },
    )

    await verifier.verify(first).catch(() => undefined)

    const error = {
      ...{ code: 'ERR_JWKS_INVALID', reason: 'issuer_mismatch' },
      cause: { message: 'The discovery document is of another issuer' },
    }
    expect(events).toMatchObject([{ type: 'jwks.failed', error, foundIssuer }])
  })
})

test('publishes on jwt-gate:jwks exactly what onEvent gets', async () => {
  const { clock, verifier, events, answer } = createSetup(issuer)

  const published = await record('jwt-gate:jwks', async () => {
    await verifier.verify(first)
    for (let n = 0; n < 6; n++) await verifier.verify(unknown).catch(() => undefined)
    answer(down)
    clock.advance(2 * LIFETIME_MS)
    await verifier.verify(first)
  })

  expect(events.map(({ type }) => type)).toEqual([
    ...Array(4).fill('jwks.fetched'),
    'jwks.unknown_kid_limited',
    'jwks.failed',
    'jwks.stale_served',
  ])
  expect(published).toHaveLength(events.length)
  published.forEach((event, at) => {
    expect(event).toBe(events[at])
  })
})

test('publishes also without onEvent, and whatever onEvent throws', async () => {
  const fetch = issuer.fetch
  const trusted = { issuer: iss, audience: null, jwksUri: issuer.jwksUri }
  const onEvent = () => {
    throw new Error('no')
  }

  const published = await record<VerifierEvent>('jwt-gate:jwks', async () => {
    await createVerifier(trusted, { fetch }).verify(first)
    await createVerifier(trusted, { fetch, onEvent }).verify(first)
  })

  expect(published.map(({ type }) => type)).toEqual(['jwks.fetched', 'jwks.fetched'])
})

describe('the use of stale keys', () => {
  test('is reported once for each failed fetch', async () => {
    const { clock, verifier, events, answer } = createSetup(issuer)
    await verifier.verify(first)
    answer(down)
    clock.advance(2 * LIFETIME_MS)

    for (let n = 0; n < 3; n++) await verifier.verify(first)
    const stale = { type: 'jwks.stale_served', issuer: iss, ageMs: 2 * LIFETIME_MS }
    expect(only(events, 'jwks.stale_served')).toEqual([stale])

    clock.advance(60_000)
    for (let n = 0; n < 3; n++) await verifier.verify(first)
    expect(only(events, 'jwks.failed')).toHaveLength(2)
    expect(only(events, 'jwks.stale_served')).toHaveLength(2)
  })

  test('is not reported before their lifetime ends, or if no fetch has failed', async () => {
    const { clock, verifier, events, answer } = createSetup(issuer)
    await verifier.verify(first)
    answer(down)
    clock.advance(LIFETIME_MS - 1)
    await verifier.verify(first)
    await verifier.settled()
    await verifier.verify(first)

    expect(only(events, 'jwks.failed')).toHaveLength(1)
    expect(only(events, 'jwks.stale_served')).toEqual([])
    clock.advance(1)
    await verifier.verify(first)
    expect(only(events, 'jwks.stale_served')).toHaveLength(1)
  })

  test('is not reported during a mere refresh', async () => {
    const { clock, verifier, events, hold } = createSetup(issuer)
    await verifier.verify(first)
    const release = hold()

    clock.advance(1.5 * LIFETIME_MS)
    await verifier.verify(first)

    expect(only(events, 'jwks.stale_served')).toEqual([])
    release(0)
  })
})

test('a spent budget is reported once for each refresh that it gains', async () => {
  const { clock, verifier, events } = createSetup(issuer)
  await verifier.hydrate()
  const flood = async () => {
    for (let n = 0; n < 6; n++) await verifier.verify(unknown).catch(() => undefined)
  }

  await flood()
  expect(only(events, 'jwks.unknown_kid_limited')).toEqual([
    { type: 'jwks.unknown_kid_limited', issuer: iss },
  ])
  clock.advance(COOLDOWN_MS)
  await flood()

  expect(only(events, 'jwks.unknown_kid_limited')).toHaveLength(2)
})

test('no event includes anything from a token', async () => {
  const { verifier, events } = createSetup(issuer)
  const token = await issuer.token({ iss, sub: 'canary' }, { header: { kid: 'canary' } })

  for (let n = 0; n < 6; n++) await verifier.verify(token).catch(() => undefined)

  expect(events.length).toBeGreaterThan(4)
  expect(JSON.stringify(events)).not.toContain('canary')
})

test('a clock that throws makes the call fail, and does not end the process', async () => {
  const unhandled = vi.fn()
  process.on('unhandledRejection', unhandled)
  const accident = new Error('broken clock')
  let calls = 0
  const now = (): number => {
    calls++
    throw accident
  }
  const { verifier } = createSetup(issuer, { now })

  await expect(verifier.verify(first)).rejects.toBe(accident)

  await new Promise((resolve) => setImmediate(resolve))
  process.off('unhandledRejection', unhandled)
  expect(unhandled).not.toHaveBeenCalled()
  expect(calls).toBeGreaterThan(0)
})

test('a clock that throws on any one call does not end the process', async () => {
  const unhandled = vi.fn()
  process.on('unhandledRejection', unhandled)
  let failed = 0

  for (let at = 1; at <= 40; at++) {
    let calls = 0
    const now = (): number => {
      if (++calls === at) throw new Error('broken clock')
      return 1_800_000_000_000
    }
    const { verifier } = createSetup(issuer, { now })
    // one call is made at construction, where a clock that throws counts for nothing
    for (const token of [first, unknown]) await verifier.verify(token).catch(() => failed++)
  }

  await new Promise((resolve) => setImmediate(resolve))
  process.off('unhandledRejection', unhandled)
  expect(unhandled).not.toHaveBeenCalled()
  // the call with the unknown key is rejected in any case
  expect(failed).toBeGreaterThan(40)
})

test('a listener that throws or rejects changes nothing', async () => {
  const unhandled = vi.fn()
  process.on('unhandledRejection', unhandled)
  // no spies, because they would handle the rejection
  let told = 0
  const throwing = (): void => {
    told++
    throw new Error('broken listener')
  }
  const rejecting = async (): Promise<void> => throwing()

  for (const onEvent of [throwing, rejecting]) {
    const { verifier, clock, answer } = createSetup(issuer, { onEvent })
    await expect(verifier.verify(first)).resolves.toBeDefined()
    answer(down)
    clock.advance(2 * LIFETIME_MS)
    await expect(verifier.verify(first)).resolves.toBeDefined()
  }

  await new Promise((resolve) => setImmediate(resolve))
  process.off('unhandledRejection', unhandled)
  expect(unhandled).not.toHaveBeenCalled()
  // fetched, failed and stale_served, for both listeners
  expect(told).toBe(6)
})
