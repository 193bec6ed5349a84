/**
 * Unit tests: the pause after failed fetches, and the budget of refreshes for unknown key ids.
 */
import { describe, expect, test } from 'vitest'
import { Backoff } from '../../../src/verify/jwks/backoff.ts'
import { RefreshBudget } from '../../../src/verify/jwks/refresh-budget.ts'

describe('the pause after failures', () => {
  /** The pauses of many endpoints after this many failures. */
  const pausesAfter = (failures: number): number[] =>
    Array.from({ length: 2_000 }, () => {
      const backoff = new Backoff(() => 0)
      for (let at = 0; at < failures; at++) backoff.fail()
      return backoff.remainingMs
    })

  test.each([
    [1, 1_000],
    [2, 2_000],
    [3, 4_000],
    [5, 16_000],
    [6, 30_000],
    [50, 30_000],
  ])('after %i is %i ms, each up to a fifth longer or shorter', (failures, ms) => {
    const pauses = pausesAfter(failures)

    expect(Math.min(...pauses) / ms).toBeGreaterThanOrEqual(0.8)
    expect(Math.min(...pauses) / ms).toBeLessThan(0.82)
    expect(Math.max(...pauses) / ms).toBeGreaterThan(1.18)
    expect(Math.max(...pauses) / ms).toBeLessThanOrEqual(1.2)
  })
})

test('a clock that stands still fills no budget', () => {
  const budget = new RefreshBudget(() => 0, 10_000)

  const taken = Array.from({ length: 10 }, () => budget.take())

  expect(taken.filter(Boolean)).toHaveLength(3)
})
