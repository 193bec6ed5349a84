/**
 * The table of algorithms: which ones this version of Node has, and where their signatures are verified.
 */
import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { ALGORITHM_RULES, ALGORITHMS, isAvailable } from '../../src/verify/algorithms.ts'

const ML_DSA = ['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87']

/** Whether this version of Node can make a key for it, which is to say that it knows it. */
function canMakeKey(alg: string): boolean {
  try {
    generateKeyPairSync(alg.toLowerCase() as 'ed25519')
    return true
  } catch {
    return false
  }
}

describe('availability', () => {
  test.each(ML_DSA)('of %s is that of its keys', (alg) => {
    expect(isAvailable(alg)).toBe(canMakeKey(alg))
  })

  test.each(ALGORITHMS.filter((alg) => !ML_DSA.includes(alg)))('of %s is certain', (alg) => {
    expect(isAvailable(alg)).toBe(true)
  })
})

test.each(ALGORITHMS)('%s is verified in the thread pool, unless it is RSA', (alg) => {
  const rule = ALGORITHM_RULES.get(alg)

  expect(rule?.inPool).toBe(rule?.kty !== 'RSA')
})

test.each(['EdDSA', 'Ed25519', ...ML_DSA])('%s takes the message as it is', (alg) => {
  expect(ALGORITHM_RULES.get(alg)?.digest).toBeNull()
})
