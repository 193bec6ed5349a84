/**
 * An issuer that publishes several key sets, such as one for each policy of an Entra External ID tenant.
 */
import { createVerifier, type TrustedIssuer, type VerifierOptions } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { createClock } from '../support/clock.ts'

const ISSUER = 'https://idp.example'
const URLS = ['https://idp.example/a/keys', 'https://idp.example/b/keys']
const policies = await Promise.all([createTestIssuer(), createTestIssuer()])
const [a, b] = policies
const NOT_FOUND = 'ERR_KEY_NOT_FOUND'

function setUp(options: VerifierOptions = {}, trusted: Partial<TrustedIssuer> = {}) {
  const clock = createClock()
  const asked: string[] = []
  const world = { down: '', maxAge: [600, 300] }
  const fetch = async (address: unknown): Promise<Response> => {
    const url = String(address)
    asked.push(url)
    if (url === world.down) throw new TypeError('fetch failed')
    const at = URLS.indexOf(url)
    const headers = { 'cache-control': `max-age=${world.maxAge[at]}` }
    return Response.json(policies[at]?.jwks, { headers })
  }
  const verifier = createVerifier(
    { issuer: ISSUER, audience: null, jwksUri: URLS, ...trusted },
    { now: clock.now, fetch: fetch as typeof globalThis.fetch, ...options },
  )
  const say = async (from: typeof a, header = {}): Promise<string> => {
    const claims = { iss: ISSUER, exp: clock.seconds() + 86_400 }
    const token = await from.token(claims, { header })
    return verifier.verify(token).then(
      () => 'accepted',
      ({ code }) => code,
    )
  }
  return { clock, world, asked, say }
}

test('tokens of all its sets are accepted, after one request for each', async () => {
  const { asked, say } = setUp()

  expect([await say(a), await say(b), await say(a)]).toEqual(Array(3).fill('accepted'))
  expect(asked).toEqual(URLS)
})

test('a token under a key of no set is rejected', async () => {
  expect(await setUp().say(await createTestIssuer())).toBe(NOT_FOUND)
})

test('the shortest lifetime counts', async () => {
  const { clock, asked, say } = setUp()
  await say(a)

  clock.advance(0.8 * 300_000 - 1)
  await say(a)
  expect(asked).toHaveLength(2)
  clock.advance(1)
  await say(a)
  expect(asked).toHaveLength(4)
})

describe('if one endpoint is down', () => {
  test('a new process has an outage, and no token is called bad', async () => {
    const { world, say } = setUp()
    world.down = URLS[1] as string

    expect([await say(a), await say(b)]).toEqual(Array(2).fill('ERR_JWKS_UNAVAILABLE'))
  })

  test('the keys of all sets keep working', async () => {
    const { world, clock, say } = setUp()
    await say(a)
    world.down = URLS[0] as string
    clock.advance(1_200_000)

    expect([await say(a), await say(b)]).toEqual(['accepted', 'accepted'])
  })
})

test('the number of keys is limited for all sets together', async () => {
  const count = a.keys.length + b.keys.length

  expect(await setUp({ jwks: { maxKeys: count } }).say(a)).toBe('accepted')
  expect(await setUp({ jwks: { maxKeys: count - 1 } }).say(a)).toBe('ERR_JWKS_INVALID')
})

test.each([
  [[]],
  [Array(21).fill(URLS[0])],
  [[URLS[0], 'http://idp.example/keys']],
  [[URLS[0], 'https://{tenant}.example/keys']],
  [[URLS[0], null]],
])('"jwksUri" cannot be the list %j', (jwksUri) => {
  expect(() => setUp({}, { jwksUri: jwksUri as never })).toThrow(
    expect.objectContaining({
      code: 'ERR_CONFIG_INVALID',
      message: expect.stringContaining('"jwksUri"'),
    }),
  )
})
