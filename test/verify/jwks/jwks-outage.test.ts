/**
 * What an outage of the key endpoint causes, and that it never counts as a bad token.
 */
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import {
  type AnswerKeys,
  createSetup,
  down,
  LIFETIME_MS,
  MAX_STALE_MS,
  mintTokens,
  type Setup,
} from '../support/key-endpoint.ts'

const issuer = await createTestIssuer()
const { first, second, unknown } = await mintTokens(issuer)
const UNAVAILABLE = { name: 'KeysError', code: 'ERR_JWKS_UNAVAILABLE', status: 503 }
const INVALID = { name: 'KeysError', code: 'ERR_JWKS_INVALID', status: 503 }
const respond =
  (body: string, status = 200): AnswerKeys =>
  () =>
    new Response(body, { status })

const failures: [string, AnswerKeys, object][] = [
  ['that cannot be reached', down, { ...UNAVAILABLE, reason: 'network' }],
  ['that responds with 500', respond('{}', 500), { ...UNAVAILABLE, reason: 'status' }],
  ['that responds with 403', respond('{}', 403), { ...UNAVAILABLE, reason: 'status' }],
  ['that responds with 404', respond('{"keys":[]}', 404), { ...UNAVAILABLE, reason: 'status' }],
  ['that responds with 204', () => new Response(null, { status: 204 }), UNAVAILABLE],
  ['that redirects', respond('', 302), { ...UNAVAILABLE, reason: 'redirect' }],
  ['that sends HTML', respond('<!doctype html>'), { ...INVALID, reason: 'not_json' }],
  ['that sends an empty response', respond(''), { ...INVALID, reason: 'not_json' }],
  ['that sends other JSON', respond('{"a":1}'), { ...INVALID, reason: 'not_a_key_set' }],
  ['that sends null', respond('null'), { ...INVALID, reason: 'not_a_key_set' }],
  ['that sends a list', respond('[]'), { ...INVALID, reason: 'not_a_key_set' }],
  ['whose keys are no list', respond('{"keys":{}}'), { ...INVALID, reason: 'not_a_key_set' }],
  ['that has no keys', respond('{"keys":[]}'), { ...INVALID, reason: 'no_usable_key' }],
  [
    'that has no usable key',
    respond('{"keys":[null,{"kty":"oct","k":"c2VjcmV0"},{"kty":"RSA"}]}'),
    { ...INVALID, reason: 'no_usable_key' },
  ],
]

describe.each(failures)('an endpoint %s', (_, fail, error) => {
  test('is an error of the keys, not of the token', async () => {
    const { verifier, answer } = createSetup(issuer)
    answer(fail)

    await expect(verifier.verify(first)).rejects.toMatchObject(error)
    await expect(verifier.hydrate()).rejects.toMatchObject(error)
  })

  test('does not invalidate the cached keys', async () => {
    const { clock, verifier, answer } = createSetup(issuer)
    await verifier.verify(first)
    answer(fail)

    clock.advance(2 * LIFETIME_MS)

    await expect(verifier.verify(first)).resolves.toBeDefined()
    await expect(verifier.hydrate()).resolves.toBeUndefined()
  })

  test('does not make a token with an unknown key a bad token', async () => {
    const { verifier, answer } = createSetup(issuer)
    await verifier.verify(first)
    answer(fail)

    await expect(verifier.verify(second)).rejects.toMatchObject(error)
    await expect(verifier.verify(second)).rejects.toMatchObject(error)
  })
})

describe('back-off', () => {
  /** The pause after each failure, as reported. */
  const pauses = ({ events }: Setup): number[] =>
    events.flatMap((event) => (event.type === 'jwks.failed' ? [event.retryInMs] : []))
  /** Waits for the end of the pause, and makes the next attempt fail. */
  async function failAgain(setup: Setup): Promise<void> {
    setup.clock.advance(pauses(setup).at(-1) ?? 0)
    await setup.verifier.verify(first).catch(() => undefined)
  }

  test('lasts 1 s after the first failure, and doubles up to 30 s, with a fifth of jitter', async () => {
    const setup = createSetup(issuer)
    setup.answer(down)

    for (let n = 0; n < 8; n++) await failAgain(setup)

    const expected = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]
    expect(pauses(setup)).toHaveLength(expected.length)
    for (const [n, pause] of pauses(setup).entries()) {
      expect(pause).toBeGreaterThanOrEqual(0.8 * (expected[n] as number))
      expect(pause).toBeLessThanOrEqual(1.2 * (expected[n] as number))
    }
  })

  test('differs between processes', async () => {
    const setups = Array.from({ length: 20 }, () => createSetup(issuer))

    for (const setup of setups) {
      setup.answer(down)
      await failAgain(setup)
    }

    expect(new Set(setups.flatMap(pauses)).size).toBeGreaterThan(1)
  })

  test('makes calls without keys fail immediately, without a request', async () => {
    const setup = createSetup(issuer)
    setup.answer(down)
    await failAgain(setup)
    const sent = setup.requests()

    setup.clock.advance((pauses(setup)[0] as number) - 1)
    setup.publish(0)

    await expect(setup.verifier.verify(first)).rejects.toMatchObject(UNAVAILABLE)
    await expect(setup.verifier.hydrate()).rejects.toMatchObject(UNAVAILABLE)
    expect(setup.requests()).toBe(sent)
    setup.clock.advance(1)
    await expect(setup.verifier.verify(first)).resolves.toBeDefined()
  })

  test('starts again at 1 s after a success', async () => {
    const setup = createSetup(issuer)
    setup.answer(down)
    for (let n = 0; n < 5; n++) await failAgain(setup)
    setup.publish(0)
    await failAgain(setup)
    setup.answer(down)

    setup.clock.advance(LIFETIME_MS)
    await setup.verifier.verify(first)
    await setup.verifier.settled()

    expect(pauses(setup)).toHaveLength(6)
    expect(pauses(setup).at(-1)).toBeLessThanOrEqual(1_200)
  })

  test('does not last longer if the clock goes back', async () => {
    const setup = createSetup(issuer)
    setup.answer(down)
    await failAgain(setup)
    setup.publish(0)

    setup.clock.advance(-1_000_000)

    await expect(setup.verifier.verify(first)).resolves.toBeDefined()
  })

  test('is included in the error as a whole number of seconds, at least one', async () => {
    const setup = createSetup(issuer)
    setup.answer(down)
    for (let n = 0; n < 6; n++) await failAgain(setup)
    const pause = pauses(setup).at(-1) as number

    await expect(setup.verifier.verify(first)).rejects.toMatchObject({
      retryAfterSeconds: Math.ceil(pause / 1_000),
    })
    setup.clock.advance(pause - 1)
    await expect(setup.verifier.verify(first)).rejects.toMatchObject({ retryAfterSeconds: 1 })
  })

  test('is reported to each caller in a separate error', async () => {
    const { verifier, answer } = createSetup(issuer)
    answer(down)

    const errors = await Promise.all([1, 2].map(() => verifier.verify(first).catch((e) => e)))

    expect(errors[0]).not.toBe(errors[1])
    expect(errors[0].cause).toBe(errors[1].cause)
    expect(errors[0].cause).toMatchObject({ message: 'fetch failed' })
  })
})

test('an outage that has ended does not affect later calls', async () => {
  const { clock, verifier, events, answer, publish } = createSetup(issuer)
  await verifier.verify(first)
  answer(down)
  await expect(verifier.verify(unknown)).rejects.toMatchObject(UNAVAILABLE)
  publish(0)
  clock.advance(LIFETIME_MS)
  await verifier.hydrate()

  await expect(verifier.verify(unknown)).rejects.toMatchObject({ code: 'ERR_KEY_NOT_FOUND' })
  clock.advance(LIFETIME_MS)
  await verifier.verify(first)

  expect(events.map(({ type }) => type)).not.toContain('jwks.stale_served')
})

test('keys past maxStaleMs are not used again until the endpoint is up', async () => {
  const { clock, verifier, answer, publish } = createSetup(issuer)
  await verifier.verify(first)
  answer(down)
  clock.advance(MAX_STALE_MS + 1)

  await expect(verifier.verify(first)).rejects.toMatchObject(UNAVAILABLE)
  await expect(verifier.verify(unknown)).rejects.toMatchObject(UNAVAILABLE)
  publish(0)
  clock.advance(60_000)

  await expect(verifier.verify(first)).resolves.toBeDefined()
})
