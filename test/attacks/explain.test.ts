/**
 * A token whose sender wants to harm the developer who has it explained.
 */
import { createVerifier } from 'jwt-gate'
import { type Explanation, explain, formatExplanation } from 'jwt-gate/explain'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'

const NOW = 1_800_000_000
const now = () => NOW * 1_000
const issuer = await createTestIssuer({ now })
const iss = issuer.issuer
const verifier = createVerifier({ issuer: iss, audience: 'api', jwks: issuer.jwks }, { now })

// clears the screen, sets the title, hides, reverses, breaks lines
const EVIL =
  '\u001b[2J\u001b]0;x\u0007\u009b31m\u202eabc\u2066\u200b\u2028\u{10ffff}\r\n✓ all passed\u007f'
// everything but printable characters, and the line feeds of the text itself
const CONTROL = /[^\P{C}\n]|[\p{Zl}\p{Zp}]/u

async function explainClaims(claims: object, header: object = {}): Promise<Explanation> {
  const token = await issuer.token(
    { iss, aud: 'api', exp: NOW + 60, ...claims },
    { header: { ...header } },
  )
  return explain(verifier, token)
}

describe('a terminal', () => {
  test.each([
    ['the audience', { aud: EVIL }, {}],
    ['the issuer', { iss: EVIL }, {}],
    ['the subject', { sub: [EVIL] }, {}],
    ['the name of a claim', { cnf: { [EVIL]: EVIL } }, {}],
    ['the algorithm', {}, { alg: EVIL }],
    ['the type', {}, { typ: EVIL }],
    ['the key ID', {}, { kid: EVIL }],
  ])('gets no control characters of %s', async (_, claims, header) => {
    const text = formatExplanation(await explainClaims(claims, header))

    expect(text).not.toMatch(CONTROL)
    expect(text).toMatch(/\\u|\\\\u/)
    // nobody can add a line
    expect(text.split('\n').filter((line) => line.startsWith('✓ all'))).toEqual([])
  })

  test('the control: colours are the only escape sequences', async () => {
    const explanation = await explainClaims({ aud: EVIL })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    const escapes = formatExplanation(explanation, { color: true }).match(/\u001b[^a-z]*[a-z]/gi)

    expect(new Set(escapes)).toEqual(
      new Set([1, 22, 2, 31, 32, 39].map((style) => `\u001b[${style}m`)),
    )
  })
})

describe('the length', () => {
  test.each([
    ['long claims', { aud: 'a'.repeat(9_000), iss: 'b'.repeat(1_000) }],
    ['many values', { aud: Array.from({ length: 3_000 }, (_, n) => `${n}`) }],
    ['many claims', Object.fromEntries(Array.from({ length: 900 }, (_, n) => [`claim${n}`, n]))],
  ])('is limited with %s', async (_, claims) => {
    const explanation = await explainClaims({ exp: undefined, ...claims })

    expect(JSON.stringify(explanation).length).toBeLessThan(20_000)
    expect(formatExplanation(explanation).length).toBeLessThan(20_000)
  })
})

describe('the signature', () => {
  test('is shown neither of a good token nor of a broken one', async () => {
    const good = await issuer.token({ iss, aud: 'api', exp: NOW + 60 })
    const [header, payload, signature = ''] = good.split('.')
    const sent = [
      ...[good, `Bearer ${good}`, `"${good}"`, good.slice(0, -3), `${good}=`, `${good}.AA`],
      ...[signature, `${header}.${signature}`, `${payload}.${payload}.${signature}`],
      ...[`${header}.${signature}.${payload}`, { access_token: good }],
    ]
    for (const token of sent) {
      const text = JSON.stringify(await explain(verifier, token))
      for (let at = 0; at + 12 <= signature.length; at += 6) {
        expect(text).not.toContain(signature.slice(at, at + 12))
      }
    }
  })
})

test('nothing that is no token is thrown back, whatever it is', async () => {
  const trap = new Proxy(
    {},
    {
      get: () => {
        throw new Error('trap')
      },
      has: () => {
        throw new Error('trap')
      },
    },
  )
  for (const token of [trap, Symbol('x'), 1n, () => 1, Number.NaN, [], new Map(), null]) {
    expect((await explain(verifier, token)).verdict).toBe('refused')
  }
})
