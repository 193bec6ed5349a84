/**
 * Sightings: which tokens have been verified before, and for how many of them that is known.
 */
import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { Sightings } from '../../../src/verify/cache/sightings.ts'

const makeToken = (): string => `h.p.${randomBytes(256).toString('base64url')}`
const makeTokens = (count: number): string[] => Array.from({ length: count }, makeToken)

describe('sightings', () => {
  test('include the tokens that were added, and hardly any others', () => {
    const sightings = new Sightings(1_000)
    const [tokens, others] = [makeTokens(1_000), makeTokens(1_000)]

    for (const token of tokens) sightings.add(token)

    expect(tokens.filter((token) => sightings.has(token)).length).toBeGreaterThan(960)
    expect(others.filter((token) => sightings.has(token)).length).toBeLessThan(2)
  })

  test('include the last of many tokens, but not the first', () => {
    const sightings = new Sightings(100)
    const tokens = makeTokens(5_000)

    for (const token of tokens) sightings.add(token)

    expect(tokens.slice(0, 1_000).filter((token) => sightings.has(token)).length).toBeLessThan(10)
    expect(tokens.slice(-50).filter((token) => sightings.has(token)).length).toBeGreaterThan(45)
  })

  test.each([1, 2, 3, 5_000, 1_000_000])('work for a cache of %i', (max) => {
    const sightings = new Sightings(max)
    const token = makeToken()
    const before = sightings.has(token)

    sightings.add(token)

    expect([before, sightings.has(token)]).toEqual([false, true])
  })

  test('support a token of any length', () => {
    const sightings = new Sightings(10)

    for (const token of ['', 'a', 'a.b.c', 'ä'.repeat(20)]) {
      sightings.add(token)
      expect(sightings.has(token)).toBe(true)
    }
  })

  test('are empty after clear()', () => {
    const sightings = new Sightings(10)
    const token = makeToken()
    sightings.add(token)

    sightings.clear()

    expect(sightings.has(token)).toBe(false)
  })
})
