/**
 * A flood of forged tokens leaves libuv's thread pool a thread for everything else, whatever its size is (CWE-400).
 */
import { createVerifier } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { countPooledChecks } from '../support/pooled-checks.ts'
import { claimsOf, now, sayOf, trust } from './setup.ts'

// the expensive one first: a cheap one before it would be checked on the calling thread
const algorithms = ['ES512', 'ES256', 'EdDSA'] as const
const issuer = await createTestIssuer({ now, algorithms })
const forged = await Promise.all(
  Array.from({ length: 120 }, (_, n) => {
    const alg = algorithms[n % algorithms.length] ?? 'ES512'
    const key = issuer.keyFor(alg)
    const sign = () => new Uint8Array(alg === 'ES512' ? 132 : 64).fill(1)
    return issuer.token({ ...claimsOf(issuer), n }, { key, sign })
  }),
)

describe('forged tokens in flight', () => {
  test.each([
    [1, 1],
    [2, 1],
    [3, 2],
    [4, 3],
    [8, 7],
    [undefined, 3],
  ])('with a pool of %s threads, %s of them are checked at once', async (threadPoolSize, most) => {
    const verifier = createVerifier(trust(issuer), { now, threadPoolSize })
    const pool = countPooledChecks()

    await Promise.all(forged.map((token) => sayOf(() => verifier.verify(token))))

    expect(pool.ended()).toBeGreaterThan(60)
    expect(pool.most()).toBe(most)
  })
})
