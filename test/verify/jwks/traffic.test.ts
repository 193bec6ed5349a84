/**
 * What the issuers that a function finds share: places for requests in flight, and the time to wait for one.
 */
import { describe, expect, test } from 'vitest'
import { Cancellation } from '../../../src/verify/http/cancellation.ts'
import { RefreshBudget } from '../../../src/verify/jwks/refresh-budget.ts'
import { awaitTurn, type Permit, SharedTraffic } from '../../../src/verify/jwks/traffic.ts'
import { createClock } from '../support/clock.ts'
import { isPending } from '../support/key-endpoint.ts'

describe('places for requests of issuers without a verified token', () => {
  /** A hundred requests in flight, and a way to begin another one. */
  function setUp() {
    const traffic = new SharedTraffic(createClock().now, 1_000, 10_000).of(() => false)
    const begin = (): Permit => traffic.begin() as Permit
    return { running: Array.from({ length: 100 }, begin), begin }
  }

  test('are a hundred, and the next request gets the first that is free', async () => {
    const { running, begin } = setUp()
    const [next, later] = [begin(), begin()]
    expect(running.map(({ turn }) => turn)).toEqual(Array(100).fill(undefined))

    running[0]?.end()

    await expect(next?.turn).resolves.toBeUndefined()
    expect(await isPending(later?.turn as Promise<void>)).toBe(true)
  })

  test('are freed once, however often the end of a request is reported', async () => {
    const { running, begin } = setUp()

    running[0]?.end()
    running[0]?.end()

    expect(begin().turn).toBeUndefined()
    expect(begin().turn).toBeDefined()
  })

  test('are not freed by a request that never got one', async () => {
    const { begin } = setUp()
    const [first, second] = [begin(), begin()]

    second?.end()

    expect(await isPending(first?.turn as Promise<void>)).toBe(true)
    expect(begin().turn).toBeDefined()
  })

  test('are freed by a request that had to wait for one', async () => {
    const { running, begin } = setUp()
    const [first, second] = [begin(), begin()]
    running[0]?.end()

    first?.end()

    await expect(second?.turn).resolves.toBeUndefined()
  })
})

describe('the time to wait for a place', () => {
  test('ends when it is over', async () => {
    const cancellation = new Cancellation()

    expect(await awaitTurn(new Promise(() => undefined), cancellation, 5)).toBe(false)
  })

  test('is no time limit for the request that follows', async () => {
    const cancellation = new Cancellation()

    expect(await awaitTurn(Promise.resolve(), cancellation, 5)).toBe(true)

    const later = new Promise((resolve) => {
      setTimeout(resolve, 20, 'not cancelled')
    })
    await expect(cancellation.race(later)).resolves.toBe('not cancelled')
  })
})

describe('a budget', () => {
  test('is more than half full until half of it is taken', () => {
    const budget = new RefreshBudget(createClock().now, 10_000, 4)
    const states = [0, 1, 2].map(() => {
      const state = budget.isHalfFull
      budget.take()
      return state
    })

    expect(states).toEqual([true, true, false])
  })

  test('is rested a refill period after the last refresh, or if the clock went back', () => {
    const clock = createClock()
    const budget = new RefreshBudget(clock.now, 10_000)
    const before = budget.isRested
    budget.take()
    const states = [0, 9_999, 1, -20_000].map((ms) => {
      clock.advance(ms)
      return budget.isRested
    })

    expect([before, ...states]).toEqual([true, false, false, true, true])
  })
})
