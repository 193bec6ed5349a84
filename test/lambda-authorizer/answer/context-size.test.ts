/**
 * How large an answer may be, and what its context loses where it would be larger.
 */
import { type AuthorizerContext, createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer, type TestClaims } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { claimsOf as claimsIn } from '../../testing/decode.ts'
import { createTestVerifier, now } from '../setup.ts'
import { askForContext, byteLength, reduced } from './ask-for-context.ts'

const issuer = await createTestIssuer({ now })
const verifier = createTestVerifier(issuer)
const token = await issuer.accessToken()
const LIMIT = 8_192

test('may be 8 KB', async () => {
  const context = await fill(LIMIT)

  const { result, events } = await askForContext(verifier, { token, context })

  expect(byteLength(result)).toBe(LIMIT)
  expect(events).toEqual([])
})

test('may not be a byte more: the largest value goes', async () => {
  const context = await fill(LIMIT + 1)

  const { context: given, events } = await askForContext(verifier, { token, context })

  expect(given).toEqual({ small: 'a', other: true, jwtPartial: true })
  expect(events).toEqual([reduced(['large'], 'size')])
})

test('is measured in bytes, not in letters', async () => {
  const { context, events } = await askForContext(verifier, {
    token,
    context: { large: 'ß'.repeat(4_000), a: 'b' },
  })

  expect(context).toEqual({ a: 'b', jwtPartial: true })
  expect(events).toEqual([reduced(['large'], 'size')])
})

test('costs as many of the largest values as it takes, and no more', async () => {
  const context = { a: 'x'.repeat(3_000), b: 'x'.repeat(5_000), c: 'x'.repeat(4_000), d: 'x' }

  const { context: given, events } = await askForContext(verifier, { token, context })

  expect(Object.keys(given)).toEqual(['a', 'c', 'd', 'jwtPartial'])
  expect(events).toEqual([reduced(['b'], 'size')])
})

test('is bounded for simple answers too', async () => {
  const handler = createAuthorizer(verifier, {
    response: 'simple',
    context: () => ({ large: 'x'.repeat(9_000), small: 'a' }),
  })

  const result = await handler(createAuthorizerEvent('http-2.0', { token }))

  expect(result).toEqual({ isAuthorized: true, context: { small: 'a', jwtPartial: true } })
})

describe('of a token with very many claims', () => {
  const FLAT = ['sub', 'client_id', 'username', 'scope', 'token_use']
  const ask = async (claims: TestClaims) => {
    const large = await issuer.accessToken(claims)
    const { result, context, events } = await askForContext(verifier, { token: large })
    const { jwt = '{}', ...rest } = context
    expect(byteLength(result)).toBeLessThanOrEqual(LIMIT)
    return { all: claimsIn(large), left: JSON.parse(String(jwt)), rest, context, events }
  }

  test('the largest claim goes that no rule is made of, and the token is not refused', async () => {
    const { all, left, rest, events } = await ask({ padding: 'x'.repeat(8_000), other: 'y' })
    const { padding: _, ...others } = all

    expect(left).toEqual(others)
    expect(Object.keys(rest)).toEqual([...FLAT, 'jwtPartial'])
    expect(events).toEqual([reduced(['padding'], 'size')])
  })

  test('as many go as it takes, and no more', async () => {
    const { left, events } = await ask({
      ...{ a: 'x'.repeat(2_200), b: '"'.repeat(1_000), c: 'x'.repeat(4_500) },
      d: 'x'.repeat(2_100),
    })

    expect(left).toMatchObject({ a: expect.any(String), d: expect.any(String) })
    expect(events).toEqual([reduced(['c', 'b'], 'size')])
  })

  test('it is measured how large they are in JSON of JSON', async () => {
    const { left, events } = await ask({ quotes: '"'.repeat(2_000), plain: 'x'.repeat(5_000) })

    expect(left).toHaveProperty('plain')
    expect(events).toEqual([reduced(['quotes'], 'size')])
  })

  test('8 KB are whole, and the first byte more costs a claim', async () => {
    const { result } = await askForContext(verifier, {
      token: await issuer.accessToken({ padding: '' }),
    })
    const room = LIMIT - byteLength(result)

    const whole = await ask({ padding: 'x'.repeat(room) })
    const over = await ask({ padding: 'x'.repeat(room + 1) })

    expect([whole.events, whole.rest['jwtPartial']]).toEqual([[], undefined])
    expect(whole.left).toEqual(whole.all)
    expect(over.events).toEqual([reduced(['padding'], 'size')])
  })

  test('the mark has its place: a claim goes that would fit without it', async () => {
    const without = await askForContext(verifier, {
      token: await issuer.accessToken({ a: '', b: '' }),
    })
    const room = LIMIT - byteLength(without.result)
    const half = Math.floor(room / 2)
    const rest = { a: 'x'.repeat(half), b: 'x'.repeat(room - half - 8) }

    // without the largest, eight bytes would be left, and the mark takes 18
    const { events } = await ask({ largest: 'x'.repeat(half + 1), ...rest })

    expect(events).toEqual([reduced(['largest', 'a'], 'size')])
  })

  test('then the values on their own go, before the claims that rules are made of', async () => {
    const { all, left, rest, events } = await ask({ scope: 'x'.repeat(4_200), 'custom:note': 'x' })

    expect(left).toEqual(all)
    // all claims are there, so that nothing has to be said
    expect(Object.keys(rest)).toEqual(FLAT.filter((name) => name !== 'scope'))
    expect(events).toEqual([reduced(['scope'], 'size')])
  })

  test('what went before one that is too large alone has its place again', async () => {
    const groups = Array.from({ length: 400 }, (_, at) => `group-number-${at}`)
    const { all, left, rest, events } = await ask({ 'cognito:groups': groups, 'custom:note': 'x' })
    const { 'cognito:groups': _, ...others } = all

    expect(left).toEqual(others)
    expect(Object.keys(rest)).toEqual([...FLAT, 'jwtPartial'])
    expect(events).toEqual([reduced(['cognito:groups'], 'size')])
  })

  test('nothing is left but the mark where the rest of the answer is too large', async () => {
    const handler = createAuthorizer(verifier, { principalId: () => 'x'.repeat(9_000) })

    const { context } = await handler(createAuthorizerEvent('rest-request', { token }))

    expect(context).toEqual({ jwtPartial: true })
  })

  test('no more than 20 names are told', async () => {
    const many = Array.from({ length: 60 }, (_, at) => [`custom:${at}`, 'x'.repeat(150)])
    const { events } = await ask({ ...Object.fromEntries(many), big: 'x'.repeat(500) })
    const own = await askForContext(verifier, {
      token,
      context: Object.fromEntries(many.map(([name]) => [name, []])),
    })

    for (const [event] of [events, own.events] as unknown as { dropped: string[] }[][]) {
      expect(event?.dropped.length).toBeLessThanOrEqual(20)
    }
    expect(own.events).toEqual([
      reduced(
        many.slice(0, 20).map(([name = '']) => name),
        'type',
      ),
    ])
  })
})

/** A context that makes the whole answer so large. */
async function fill(bytes: number): Promise<AuthorizerContext> {
  const { result } = await askForContext(verifier, {
    token,
    context: { small: 'a', large: '', other: true },
  })
  return { small: 'a', large: 'x'.repeat(bytes - byteLength(result)), other: true }
}
