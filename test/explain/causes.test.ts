/**
 * Sixty broken set-ups and more: the first cause is the real one, and its advice is the cure.
 */
import { createVerifier, type Verifier } from 'jwt-gate'
import { type Explanation, explain, formatExplanation } from 'jwt-gate/explain'
import { afterAll, expect, test } from 'vitest'
import { type Attempt, createSetUps, createWorld } from './set-ups.ts'

const world = await createWorld()
afterAll(() => world.close())
const setUps = await createSetUps(world)

function explainAttempt({ trusted, options, token, access }: Attempt): Promise<Explanation> {
  const verifier: Verifier<unknown> = createVerifier(trusted, options)
  return explain(verifier, token, { access })
}

test('there are more than sixty, each with a name of its own', () => {
  expect(setUps.length).toBeGreaterThan(60)
  expect(new Set(setUps.map(({ name }) => name)).size).toBe(setUps.length)
})

test.each(setUps)('$name', async ({ code, cause, advice, broken, cured }) => {
  const explanation = await explainAttempt(broken)

  expect(explanation.code).toBe(code)
  const [first] = explanation.causes
  expect(first?.title).toBe(cause)
  expect(first?.advice).toMatch(advice)
  expect(formatExplanation(explanation)).toContain(cause)
  expect(await explainAttempt(cured)).toMatchObject({ verdict: 'accepted', causes: [] })
})
