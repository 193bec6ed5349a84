/**
 * A flood of forged tokens leaves libuv's thread pool a thread for everything else, whatever its size is (CWE-400).
 */
import { createVerifier, type Verifier } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { countPooledChecks } from '../support/pooled-checks.ts'
import { claimsOf, now, sayOf, trust } from './setup.ts'

const algorithms = ['ES512', 'ES384', 'ES256'] as const
const lengths = { ES512: 132, ES384: 96, ES256: 64 }
const issuer = await createTestIssuer({ now, algorithms })

async function forge(count: number, ...algs: readonly (keyof typeof lengths)[]): Promise<string[]> {
  const tokens = []
  for (const alg of algs) {
    const sign = () => new Uint8Array(lengths[alg]).fill(1)
    for (let n = 0; n < count; n++) {
      const claims = { ...claimsOf(issuer), n }
      tokens.push(await issuer.token(claims, { key: issuer.keyFor(alg), sign }))
    }
  }
  return tokens
}

const expensive = await forge(30, 'ES512', 'ES384')
const [alone = '', ...cheap] = await forge(101, 'ES256')

/** A verifier that uses the pool for all further calls of this turn of the event loop. */
function start(threadPoolSize: number | undefined): Verifier {
  const verifier = createVerifier(trust(issuer), { now, threadPoolSize })
  verifier.verify(alone).catch(() => undefined)
  return verifier
}

const verifyAll = (verifier: Verifier, tokens: readonly string[]) =>
  Promise.all(tokens.map((token) => sayOf(() => verifier.verify(token))))

describe('forged tokens in flight', () => {
  test.each([
    [1, 1],
    [2, 1],
    [3, 2],
    [4, 3],
    [8, 7],
    [undefined, 3],
  ])('with a pool of %s threads, %s expensive ones are checked at once', async (threads, most) => {
    const verifier = start(threads)
    const pool = countPooledChecks()

    await verifyAll(verifier, expensive)

    expect(pool.ended()).toBe(60)
    expect(pool.most()).toBe(most)
  })

  test.each([
    [1, 17],
    [2, 35],
    [4, 70],
    [undefined, 70],
  ])('with a pool of %s threads, %s cheap ones are checked at once', async (threads, most) => {
    const verifier = start(threads)
    const pool = countPooledChecks()

    const over = verifyAll(verifier, cheap)

    expect(pool.running()).toBe(most)
    await over
    expect(pool.most()).toBe(most)
    expect(pool.ended()).toBe(100)

    verifier.verify(alone).catch(() => undefined)
    const again = countPooledChecks()
    const overAgain = verifyAll(verifier, cheap)
    expect(again.running()).toBe(most)
    await overAgain
  })

  test('an expensive one does not follow cheap ones into the last thread', async () => {
    const verifier = start(4)
    const pool = countPooledChecks()

    const over = verifyAll(verifier, [...cheap.slice(0, 4), ...expensive.slice(-1)])

    expect(pool.running()).toBe(4)
    await over
    expect(pool.ended()).toBe(5)
  })

  test('there is room for fewer cheap ones beside expensive ones', async () => {
    const verifier = start(4)
    const pool = countPooledChecks()

    const over = verifyAll(verifier, [...expensive.slice(0, 3), ...cheap])

    expect(pool.running()).toBe(3 + 2)
    await over
    expect(pool.ended()).toBe(103)
  })
})
