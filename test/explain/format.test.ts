/**
 * `formatExplanation`: what a terminal shows.
 */
import { ConfigError } from 'jwt-gate'
import { type Explanation, formatExplanation } from 'jwt-gate/explain'
import { expect, test } from 'vitest'

const REFUSED: Explanation = {
  verdict: 'refused',
  code: 'ERR_CLAIM_AUDIENCE',
  checks: [
    { name: 'size', outcome: 'passed', actual: '600 characters' },
    { name: 'typ', outcome: 'passed', expected: 'any' },
    { name: 'structure', outcome: 'passed' },
    { name: 'aud', outcome: 'failed', expected: '"api"', detail: 'The token has no aud' },
    { name: 'token_use', outcome: 'skipped', detail: '"tokenUse" is not configured' },
  ],
  causes: [
    { title: 'The token has no audience', advice: 'Request one.' },
    { title: 'Another one', advice: 'Do this.' },
  ],
}

test('the verdict and the causes come first, then the checks', () => {
  expect(formatExplanation(REFUSED)).toBe(`refused ERR_CLAIM_AUDIENCE

1. The token has no audience
   Request one.
2. Another one
   Do this.

✓ size       600 characters
✓ typ        none
✓ structure
✗ aud        The token has no aud
             expected: "api"
             actual:   none
- token_use  skipped: "tokenUse" is not configured

Quotes an unverified token: for your eyes, not for clients or shared logs.
`)
})

test('an accepted token has no causes', () => {
  const checks = REFUSED.checks.slice(0, 1)

  expect(formatExplanation({ verdict: 'accepted', checks, causes: [] })).toBe(`accepted

✓ size  600 characters

Quotes an unverified token: for your eyes, not for clients or shared logs.
`)
})

test('colours are added on request, and change no other character', () => {
  const text = formatExplanation(REFUSED, { color: true })

  expect(text).toContain('\u001b[1m\u001b[31mrefused ERR_CLAIM_AUDIENCE\u001b[39m\u001b[22m\n')
  expect(text).toContain('\u001b[31m✗\u001b[39m')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours
  expect(text.replaceAll(/\u001b\[\d+m/g, '')).toBe(formatExplanation(REFUSED, { color: false }))
})

test.each([{ colour: true }, { color: 'always' }])('%o is no option', (options) => {
  expect(() => formatExplanation(REFUSED, options as never)).toThrow(ConfigError)
})
