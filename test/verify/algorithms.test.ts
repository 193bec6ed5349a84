/**
 * The table of algorithms: which ones this version of Node supports, and where their signatures are verified.
 */
import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { ALGORITHM_RULES, ALGORITHMS, isAvailable } from '../../src/verify/algorithms.ts'

const ML_DSA = ['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87']

/** Whether this version of Node can create a key for the algorithm, and so supports it. */
function canMakeKey(alg: string): boolean {
  try {
    generateKeyPairSync(alg.toLowerCase() as 'ed25519')
    return true
  } catch {
    return false
  }
}

describe('availability', () => {
  test.each(ML_DSA)('%s is available if Node can create a key for it', (alg) => {
    expect(isAvailable(alg)).toBe(canMakeKey(alg))
  })

  test.each(ALGORITHMS.filter((alg) => !ML_DSA.includes(alg)))('%s is always available', (alg) => {
    expect(isAvailable(alg)).toBe(true)
  })
})

test.each(ALGORITHMS)('%s is verified in the thread pool, unless it is RSA', (alg) => {
  const rule = ALGORITHM_RULES.get(alg)

  expect(rule?.inPool).toBe(rule?.kty !== 'RSA')
})

test.each(['EdDSA', 'Ed25519', ...ML_DSA])('%s signs the message itself, not a digest', (alg) => {
  expect(ALGORITHM_RULES.get(alg)?.digest).toBeNull()
})
