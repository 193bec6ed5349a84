/**
 * When a cheap signature check runs on the calling thread: for a caller that is alone.
 */
import { createVerifier } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { beforeEach, describe, expect, test } from 'vitest'
import { CallingThread } from '../../../src/verify/keys/calling-thread.ts'
import { countPooledChecks } from '../../support/pooled-checks.ts'

const CHEAP = 100
const nextTurn = () => new Promise((resolve) => setImmediate(resolve))
const microtasks = async (count: number) => {
  for (let n = 0; n < count; n++) await undefined
}
let thread: CallingThread
beforeEach(async () => {
  thread = new CallingThread()
  await nextTurn()
})

describe('the calling thread', () => {
  test('is for checks up to 400 µs', () => {
    expect(thread.take(401)).toBe(false)
    expect(thread.take(400)).toBe(true)
  })

  test('is for the first of several calls at once', async () => {
    expect([thread.take(CHEAP), thread.take(CHEAP), thread.take(CHEAP)]).toEqual([
      true,
      false,
      false,
    ])
    await nextTurn()
    expect([thread.take(CHEAP), thread.take(CHEAP)]).toEqual([true, false])
  })

  test('is for the first of several calls that continue at once', async () => {
    const call = async () => {
      await undefined
      return thread.take(CHEAP)
    }

    expect(await Promise.all([call(), call(), call()])).toEqual([true, false, false])
  })

  test('is for a caller that awaits one result after the other', async () => {
    for (let n = 0; n < 50; n++) {
      expect(thread.take(CHEAP)).toBe(true)
      await microtasks(n % 15)
    }
  })

  test('is not for a call that comes many microtasks later, until the next turn', async () => {
    thread.take(CHEAP)
    await microtasks(16)
    expect(thread.take(CHEAP)).toBe(false)
    await nextTurn()
    expect(thread.take(CHEAP)).toBe(true)
  })

  test('counts the microtasks from the last call, also in later turns', async () => {
    thread.take(CHEAP)
    await microtasks(14)
    thread.take(CHEAP)
    await nextTurn()
    thread.take(CHEAP)
    await microtasks(14)
    expect(thread.take(CHEAP)).toBe(true)
    await microtasks(16)
    expect(thread.take(CHEAP)).toBe(false)
  })

  test('is for one of the calls that arrive in the same turn', async () => {
    const arrivals = Array.from(
      { length: 5 },
      () => new Promise((resolve) => setImmediate(() => resolve(thread.take(CHEAP)))),
    )

    expect(await Promise.all(arrivals)).toEqual([true, false, false, false, false])
  })

  test('is free again after 10 ms of work at the latest', async () => {
    for (let work = 0; work < 10_000; work += CHEAP) {
      expect(thread.take(CHEAP)).toBe(true)
      await undefined
    }
    expect(thread.take(CHEAP)).toBe(false)
    await nextTurn()
    expect(thread.take(CHEAP)).toBe(true)
    await undefined
    expect(thread.take(CHEAP)).toBe(true)
  })
})

const algorithms = ['ES256', 'EdDSA', 'ES384', 'ES512', 'RS256'] as const
const issuer = await createTestIssuer({ algorithms })
const given = { issuer: issuer.issuer, audience: null, jwks: issuer.jwks }
const claims = { iss: issuer.issuer, exp: 4_000_000_000 }

function mint(alg: (typeof algorithms)[number], count: number): Promise<string[]> {
  const key = issuer.keyFor(alg)
  return Promise.all(
    Array.from({ length: count }, (_, n) => issuer.token({ ...claims, n }, { key })),
  )
}

describe('tokens one at a time', () => {
  test.each(['ES256', 'EdDSA', 'RS256'] as const)('%s: do not use the pool', async (alg) => {
    const tokens = await mint(alg, 40)
    const verifier = createVerifier(given)
    const pool = countPooledChecks()

    for (const token of tokens) await verifier.verify(token)

    expect(pool.ended()).toBe(0)
  })

  test.each(['ES384', 'ES512'] as const)('%s: use the pool', async (alg) => {
    const tokens = await mint(alg, 5)
    const verifier = createVerifier(given)
    const pool = countPooledChecks()

    for (const token of tokens) await verifier.verify(token)

    expect(pool.ended()).toBe(5)
  })

  test('ES256: sometimes let others have the event loop', async () => {
    const tokens = await mint('ES256', 300)
    const verifier = createVerifier(given)
    const pool = countPooledChecks()
    let hadTurn = false
    setImmediate(() => {
      hadTurn = true
    })

    for (const token of tokens) await verifier.verify(token)

    expect(hadTurn).toBe(true)
    expect(pool.ended()).toBeGreaterThan(1)
    expect(pool.ended()).toBeLessThan(6)
  })

  test('ES256: with a schema and a wrapper that are asynchronous', async () => {
    const tokens = await mint('ES256', 10)
    const schema = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: async (value: unknown) => ({ value }),
      },
    } as const
    const verifier = createVerifier({ ...given, claims: schema })
    const wrapper = async (token: string) => {
      try {
        return await verifier.verify(token)
      } finally {
        await undefined
      }
    }
    const pool = countPooledChecks()

    for (const token of tokens) await wrapper(token)

    expect(pool.ended()).toBe(0)
  })
})

describe('tokens in flight', () => {
  test.each(['ES256', 'EdDSA'] as const)('%s: use the pool, but for the first', async (alg) => {
    const tokens = await mint(alg, 64)
    const verifier = createVerifier(given)
    const pool = countPooledChecks()

    await Promise.all(tokens.map((token) => verifier.verify(token)))

    expect(pool.ended()).toBe(63)
  })

  test('ES256: use the pool beside an expensive check', async () => {
    const [expensive = ''] = await mint('ES512', 1)
    const tokens = await mint('ES256', 3)
    const verifier = createVerifier(given)
    const pool = countPooledChecks()

    await Promise.all([expensive, ...tokens].map((token) => verifier.verify(token)))

    expect(pool.ended()).toBe(4)
  })

  test('ES256: use the pool if they arrive in one turn of the event loop', async () => {
    const tokens = await mint('ES256', 10)
    const verifier = createVerifier(given)
    const pool = countPooledChecks()
    const arrive = (token: string) =>
      new Promise((resolve) => setImmediate(() => resolve(verifier.verify(token))))

    await Promise.all(tokens.map(arrive))

    expect(pool.ended()).toBe(9)
  })
})
