/**
 * The maximum size of a result, and the parts of its context that are dropped if it is larger.
 */
import { type AuthorizerContext, createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer, type TestClaims } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { claimsOf as claimsIn } from '../../testing/decode.ts'
import { createTestVerifier, now } from '../setup.ts'
import { byteLength, callForContext, readJwt, reduced } from './call-for-context.ts'

const issuer = await createTestIssuer({ now })
const verifier = createTestVerifier(issuer)
const token = await issuer.accessToken()
const LIMIT = 8_192

test('may have 8 KB', async () => {
  const context = await fill(LIMIT)

  const { result, events } = await callForContext(verifier, { token, context })

  expect(byteLength(result)).toBe(LIMIT)
  expect(events).toEqual([])
})

test('loses the largest value if it has a byte more', async () => {
  const context = await fill(LIMIT + 1)

  const { context: given, events } = await callForContext(verifier, { token, context })

  expect(given).toEqual({ small: 'a', other: true, jwtPartial: true })
  expect(events).toMatchObject([reduced(['large'], 'size')])
})

test('is measured in bytes, not in characters', async () => {
  const { context, events } = await callForContext(verifier, {
    token,
    context: { large: 'ß'.repeat(4_000), a: 'b' },
  })

  expect(context).toEqual({ a: 'b', jwtPartial: true })
  expect(events).toMatchObject([reduced(['large'], 'size')])
})

test('loses as many of the largest values as necessary, and no more', async () => {
  const context = { a: 'x'.repeat(3_000), b: 'x'.repeat(5_000), c: 'x'.repeat(4_000), d: 'x' }

  const { context: given, events } = await callForContext(verifier, { token, context })

  expect(Object.keys(given)).toEqual(['a', 'c', 'd', 'jwtPartial'])
  expect(events).toMatchObject([reduced(['b'], 'size')])
})

test('counts the mark, exactly', async () => {
  const sizeWith = async (length: number) => {
    // a list has no place in a context, so there is a mark
    const context = { largest: 'y'.repeat(9_000), rest: 'x'.repeat(length), list: [] }
    const { result, context: given } = await callForContext(verifier, { token, context })
    return { bytes: byteLength(result), names: Object.keys(given) }
  }
  const { bytes } = await sizeWith(3_000)

  const whole = await sizeWith(3_000 + LIMIT - bytes)
  const over = await sizeWith(3_001 + LIMIT - bytes)

  expect(whole).toEqual({ bytes: LIMIT, names: ['rest', 'jwtPartial'] })
  expect(over.names).toEqual(['jwtPartial'])
})

test('is limited for simple responses too', async () => {
  const handler = createAuthorizer(verifier, {
    response: 'simple',
    context: () => ({ large: 'x'.repeat(9_000), small: 'a' }),
  })

  const result = await handler(createAuthorizerEvent('http-2.0', { token }))

  expect(result).toEqual({ isAuthorized: true, context: { small: 'a', jwtPartial: true } })
})

describe('with a token that has too many claims', () => {
  const FLAT = ['sub', 'client_id', 'username', 'scope', 'token_use']
  const call = async (claims: TestClaims) => {
    const large = await issuer.accessToken(claims)
    const { result, context, events } = await callForContext(verifier, { token: large })
    const { jwt, ...rest } = context
    expect(byteLength(result)).toBeLessThanOrEqual(LIMIT)
    return { all: claimsIn(large), left: readJwt({ jwt: jwt ?? 'e30' }), rest, context, events }
  }

  test('drops the largest claim that rules do not use, and accepts the token', async () => {
    const { all, left, rest, events } = await call({ padding: 'x'.repeat(8_000), other: 'y' })
    const { padding: _, ...others } = all

    expect(left).toEqual(others)
    expect(Object.keys(rest)).toEqual([...FLAT, 'jwtPartial'])
    expect(events).toMatchObject([reduced(['padding'], 'size')])
  })

  test('drops as many claims as necessary, and no more', async () => {
    const { left, events } = await call({
      ...{ a: 'x'.repeat(1_900), b: '"'.repeat(1_000), c: 'x'.repeat(4_500) },
      d: 'x'.repeat(1_850),
    })

    expect(left).toMatchObject({ a: expect.any(String), d: expect.any(String) })
    expect(events).toMatchObject([reduced(['c', 'b'], 'size')])
  })

  test('measures claims as the bytes of their JSON', async () => {
    const plain = 'x'.repeat(3_000)
    const quotes = await call({ other: '"'.repeat(1_501), plain })
    const letters = await call({ other: 'ß'.repeat(1_501), plain })

    for (const { left, events } of [quotes, letters]) {
      expect(left).toHaveProperty('plain')
      expect(events).toMatchObject([reduced(['other'], 'size')])
    }
  })

  test('drops nothing at 8 KB, and a claim at one byte more', async () => {
    const { result } = await callForContext(verifier, {
      token: await issuer.accessToken({ padding: '' }),
    })
    const { jwt } = (result as { context: { jwt: string } }).context
    // base64url makes four characters of three bytes
    const room = Math.floor(((LIMIT - byteLength(result) + jwt.length) * 3) / 4)
    const left = room - Math.floor((jwt.length * 3) / 4)

    const whole = await call({ padding: 'x'.repeat(left) })
    const over = await call({ padding: 'x'.repeat(left + 1) })

    expect([whole.events, whole.rest['jwtPartial']]).toEqual([[], undefined])
    expect(whole.left).toEqual(whole.all)
    expect(over.events).toMatchObject([reduced(['padding'], 'size')])
  })

  test('counts the mark: drops a claim that would fit without it', async () => {
    const without = await callForContext(verifier, {
      token: await issuer.accessToken({ a: '', b: '' }),
    })
    // base64url makes four characters of three bytes
    const room = Math.floor(((LIMIT - byteLength(without.result)) * 3) / 4)
    const half = Math.floor(room / 2)
    const rest = { a: 'x'.repeat(half), b: 'x'.repeat(room - half - 6) }

    // without the largest claim, eight bytes are free, and the mark needs 18
    const { events } = await call({ largest: 'x'.repeat(half + 1), ...rest })

    expect(events).toMatchObject([reduced(['largest', 'a'], 'size')])
  })

  test('fills the room that dropped claims leave', async () => {
    const sizeWith = async (length: number) => {
      const claims = { dropped: 'y'.repeat(5_800), kept: 'x'.repeat(length) }
      const large = await issuer.accessToken(claims)
      const { result, context } = await callForContext(verifier, { token: large })
      return 'kept' in readJwt(context) ? byteLength(result) : 0
    }
    // base64url makes four characters of three bytes
    const most = 3_000 + Math.floor(((LIMIT - (await sizeWith(3_000))) * 3) / 4)

    const sizes = await Promise.all([-1, 0, 1, 2].map((more) => sizeWith(most + more)))

    expect(Math.max(...sizes)).toBeGreaterThan(LIMIT - 2)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(LIMIT)
    expect(sizes.at(-1)).toBe(0)
  })

  test('drops single claims before claims that rules use', async () => {
    const { all, left, rest, events } = await call({ scope: 'x'.repeat(4_200), 'custom:note': 'x' })

    expect(left).toEqual(all)
    // jwt has all claims, so there is no mark
    expect(Object.keys(rest)).toEqual(FLAT.filter((name) => name !== 'scope'))
    expect(events).toMatchObject([reduced(['scope'], 'size')])
  })

  test('keeps smaller claims if one is too large by itself', async () => {
    const groups = Array.from({ length: 400 }, (_, at) => `group-number-${at}`)
    const { all, left, rest, events } = await call({ 'cognito:groups': groups, 'custom:note': 'x' })
    const { 'cognito:groups': _, ...others } = all

    expect(left).toEqual(others)
    expect(Object.keys(rest)).toEqual([...FLAT, 'jwtPartial'])
    expect(events).toMatchObject([reduced(['cognito:groups'], 'size')])
  })

  test('keeps only the mark if the rest of the result is too large', async () => {
    const handler = createAuthorizer(verifier, { principalId: () => 'x'.repeat(9_000) })

    const { context } = await handler(createAuthorizerEvent('rest-request', { token }))

    expect(context).toEqual({ jwtPartial: true })
  })

  test('reports at most 20 names', async () => {
    const many = Array.from({ length: 60 }, (_, at) => [`custom:${at}`, 'x'.repeat(150)])
    const { events } = await call({ ...Object.fromEntries(many), big: 'x'.repeat(500) })
    const own = await callForContext(verifier, {
      token,
      context: Object.fromEntries(many.map(([name]) => [name, []])),
    })

    for (const [event] of [events, own.events] as unknown as { dropped: string[] }[][]) {
      expect(event?.dropped.length).toBeLessThanOrEqual(20)
    }
    expect(own.events).toMatchObject([
      reduced(
        many.slice(0, 20).map(([name = '']) => name),
        'type',
      ),
    ])
  })
})

/** A context with which the whole result has this size. */
async function fill(bytes: number): Promise<AuthorizerContext> {
  const { result } = await callForContext(verifier, {
    token,
    context: { small: 'a', large: '', other: true },
  })
  return { small: 'a', large: 'x'.repeat(bytes - byteLength(result)), other: true }
}
