/**
 * How long the fuzz tests run, and what they print. `npm test` runs them briefly. `JWT_GATE_FUZZ_RUNS` sets how many inputs each
 * of them tries; then they print what they tried, and check times too. `JWT_GATE_FUZZ_SEED` repeats a run.
 */
import { inspect } from 'node:util'
import fc from 'fast-check'
import { isJwtGateError, type Verifier } from 'jwt-gate'
import { expect } from 'vitest'

const { JWT_GATE_FUZZ_RUNS: runs, JWT_GATE_FUZZ_SEED: seed } = process.env
const isLong = runs !== undefined
/** The timeout of a test: an hour is enough for some million inputs. */
export const TIMEOUT_MS = isLong ? 3_600_000 : 30_000
const SEED = Number(seed ?? Math.floor(Math.random() * 2 ** 31))
const MAX_MS = 5

export const ACCEPTED = 'accepted'

/** Tries inputs, and counts their outcomes. `say` throws if something is wrong. */
export async function fuzz<T>(
  name: string,
  { inputs, short }: { readonly inputs: fc.Arbitrary<T>; readonly short: number },
  say: (input: T) => Promise<string>,
): Promise<void> {
  const said: Record<string, number> = {}
  const numRuns = runs === undefined ? short : Number(runs)
  const property = fc.asyncProperty(inputs, async (input) => {
    const what = await say(input)
    said[what] = (said[what] ?? 0) + 1
  })
  await fc.assert(property, { numRuns, seed: SEED })
  if (isLong) console.log(`${name}: seed ${SEED}, ${numRuns} inputs\n${inspect(said)}`)
}

/** The outcome for a token: `'accepted'`, or the code of an error of this library. verify and verifySync must agree. */
export async function sayOf(verifier: Verifier<unknown>, token: string): Promise<string> {
  const said = await codeOf(() => verifier.verify(token))
  expect(await codeOf(() => verifier.verifySync(token))).toBe(said)
  if (isLong) expect(await fastest(() => verifier.verify(token), 20)).toBeLessThan(MAX_MS)
  return said
}

/** `'accepted'`, or the code of an error of this library whose message is safe in a header. Any other error is thrown. */
export async function codeOf(call: () => unknown): Promise<string> {
  try {
    await call()
    return ACCEPTED
  } catch (error) {
    if (!isJwtGateError(error)) throw error
    expect(error.message).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/)
    return error.code
  }
}

/** How long a call takes without interference, in milliseconds. */
async function fastest(call: () => Promise<unknown>, attempts: number): Promise<number> {
  let best = Number.POSITIVE_INFINITY
  for (let left = attempts; left > 0 && best >= MAX_MS; left--) {
    const start = performance.now()
    await call().catch(() => undefined)
    best = Math.min(best, performance.now() - start)
  }
  return best
}
