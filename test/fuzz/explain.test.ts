/**
 * `explain` agrees with `verify` about any token, for any set-up, history, clock and outage. It never throws, shows nothing of a
 * signature, and is limited in length.
 */
import fc from 'fast-check'
import { authorize, isJwtGateError, type Verifier } from 'jwt-gate'
import { type Explanation, explain, formatExplanation } from 'jwt-gate/explain'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { isVerdict } from '../../src/verify/error-reasons.ts'
import { configs, createTwin, RULED, steps, tokens } from './explain-world.ts'
import { fuzz, TIMEOUT_MS } from './fuzz.ts'

// pauses after failed fetches have random jitter, and those of two verifiers would differ
beforeAll(() => void vi.spyOn(Math, 'random').mockReturnValue(0.5))
afterAll(() => void vi.restoreAllMocks())

const MAX_LENGTH = 40_000
const TELLING = 16

/** What `verify`, and `authorize`, do. */
async function outcomeOf(
  verifier: Verifier<unknown>,
  token: unknown,
  access: (typeof RULED)[number],
): Promise<Pick<Explanation, 'verdict' | 'code'>> {
  try {
    const verified = await verifier.verify(token as string)
    if (access) authorize(verified, access)
    return { verdict: 'accepted' }
  } catch (error) {
    if (!isJwtGateError(error)) throw error
    const isRefused = error.status < 500 && isVerdict(error.reason)
    return { verdict: isRefused ? 'refused' : 'undecided', code: error.code }
  }
}

function expectNothingOfSignature(text: string, token: unknown): void {
  if (typeof token !== 'string') return
  const [header = '', payload = '', signature = ''] = token.split('.')
  const claims = [header, payload].map((part) => Buffer.from(part, 'base64url').toString()).join()
  for (let at = 0; at + TELLING <= signature.length; at++) {
    const part = signature.slice(at, at + TELLING)
    // random text may say the same twice
    if (!claims.includes(part)) expect(text).not.toContain(part)
  }
}

test('explain agrees with verify and authorize', { timeout: TIMEOUT_MS }, () => {
  const inputs = fc.record({
    config: configs,
    script: steps,
    makeToken: tokens,
    access: fc.option(fc.constantFrom(...RULED), { nil: undefined, freq: 2 }),
  })
  return fuzz('explain', { inputs, short: 120 }, async ({ config, script, makeToken, access }) => {
    const [one, twin] = [await createTwin(config, script), await createTwin(config, script)]
    const token = await makeToken()
    const expected = await outcomeOf(one, token, access)

    const { verdict, code, checks, causes } = await explain(twin, token, { access })
    const text = JSON.stringify({ verdict, code, checks, causes })

    expect({ verdict, ...(code && { code }) }).toEqual(expected)
    const failures = checks.filter(({ outcome }) => outcome === 'failed')
    expect(failures.length > 0).toBe(verdict !== 'accepted')
    expect(causes.length > 0).toBe(verdict !== 'accepted')
    expect(text.length).toBeLessThan(MAX_LENGTH)
    expectNothingOfSignature(text, token)
    const printed = formatExplanation({ verdict, ...(code && { code }), checks, causes })
    expect(printed.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u)
    return code ?? verdict
  })
})
