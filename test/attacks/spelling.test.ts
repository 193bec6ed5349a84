/**
 * A token has exactly one spelling: no other text is accepted, even if it decodes to the same bytes (RFC 7515 s2, s5.2 step 2;
 * RFC 4648 s3.5; RFC 8725 update s3.14). Every changed text is signed as it is, so that it is not the signature that fails.
 */
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { encode, firstKey, otherSpellings, signParts, split } from '../verify/support/raw-token.ts'
import { claimsOf, judge, MALFORMED, now, trust } from './setup.ts'

const issuer = await createTestIssuer({ now })
const trusted = trust(issuer)
const { alg, kid } = firstKey(issuer)
/** A length of 1 modulo 3, so that the text has unused bits at its end. */
const pad = (json: string): string =>
  `${json.slice(0, -1)}${' '.repeat((4 - (json.length % 3)) % 3)}}`
const header = encode(pad(JSON.stringify({ alg, kid })))
const payload = encode(pad(JSON.stringify(claimsOf(issuer))))
const control = await signParts(issuer, header, payload)

const STRAYS: [string, (text: string) => string][] = [
  ['with its padding', (text) => `${text}==`],
  ['with half its padding', (text) => `${text}=`],
  ['with a space after it', (text) => `${text} `],
  ['with a space before it', (text) => ` ${text}`],
  ['with a line feed in it', (text) => `${text.slice(0, 8)}\n${text.slice(8)}`],
  ['with CRLF after it', (text) => `${text}\r\n`],
  ['with a tab in it', (text) => `${text.slice(0, 8)}\t${text.slice(8)}`],
  ['with a NUL after it', (text) => `${text}\0`],
  ['with + in it', (text) => `${text.slice(0, 8)}+${text.slice(9)}`],
  ['with / in it', (text) => `${text.slice(0, 8)}/${text.slice(9)}`],
  ['with ! in it, which Node ignores', (text) => `${text.slice(0, 8)}!${text.slice(8)}`],
  ['with # in it', (text) => `${text.slice(0, 8)}#${text.slice(8)}`],
  ['with % in it', (text) => `${text.slice(0, 8)}%41${text.slice(9)}`],
  ['in quotes', (text) => `"${text}"`],
  ['with a byte order mark', (text) => `\ufeff${text}`],
  ['with a zero-width space', (text) => `${text}\u200b`],
  ['with a full-width character', (text) => `${text.slice(0, 8)}\uff21${text.slice(9)}`],
  ['with a character whose low byte is the right one', withLowByte],
  ['with half a surrogate pair', (text) => `${text}\ud800`],
  ['with one character too many', (text) => `${text}AAA`],
  ['with its unused bits set', withSpareBits],
]

/** Node's decoder reads only the low byte of a character. */
function withLowByte(text: string): string {
  const other = text.slice(0, 8) + String.fromCharCode(text.charCodeAt(8) + 0x100) + text.slice(9)
  expect(Buffer.from(other, 'base64url')).toEqual(Buffer.from(text, 'base64url'))
  return other
}

/** Other texts for the same bytes. */
function withSpareBits(text: string): string {
  const [other] = otherSpellings(text) as [string]
  expect(Buffer.from(other, 'base64url')).toEqual(Buffer.from(text, 'base64url'))
  return other
}

describe.each(STRAYS)('no segment passes %s', (_, respell) => {
  test('as the header', async () => {
    const attack = await signParts(issuer, respell(header), payload)

    expect(await judge({ trusted, attack, control })).toBe(MALFORMED)
  })

  test('as the payload', async () => {
    const attack = await signParts(issuer, header, respell(payload))

    expect(await judge({ trusted, attack, control })).toBe(MALFORMED)
  })

  test('as the signature', async () => {
    const attack = `${header}.${payload}.${respell(split(control)[2])}`

    expect(await judge({ trusted, attack, control })).toBe(MALFORMED)
  })
})

const [a, b, c] = split(control)

test.each<[string, string]>([
  ['two parts', `${a}.${b}`],
  ['four parts', `${a}.${b}.${c}.${c}`],
  ['an empty fourth part', `${a}.${b}.${c}.`],
  ['an empty part at the start', `.${a}.${b}.${c}`],
  ['an empty header', `.${b}.${c}`],
  ['an empty payload, as detached content has (RFC 7515 F)', `${a}..${c}`],
  ['a comma and a second token', `${control},${control}`],
  ['a second token on another line', `${control}\n${control}`],
  ['commas instead of dots', control.replaceAll('.', ',')],
  ['full-width dots', control.replaceAll('.', '\uff0e')],
  ['percent-encoded dots', control.replaceAll('.', '%2E')],
  ['many dots (CVE-2025-30204)', '.'.repeat(16_000)],
  ['characters and many dots', `${control}${'.'.repeat(10_000)}`],
])('no token has %s', async (_, attack) => {
  expect(await judge({ trusted, attack, control })).toBe(MALFORMED)
})

test.each<[string, string, string]>([
  ['one part', a, 'opaque'],
  ['a scheme before it', `Bearer ${control}`, 'scheme'],
])('no token has %s', async (_, attack, reason) => {
  expect(await judge({ trusted, attack, control })).toBe(`${MALFORMED} ${reason}`)
})

test.each([16_385, 100_000, 5_000_000])('no token has %i bytes', async (length) => {
  const attack = control.padEnd(length, 'A')

  expect(await judge({ trusted, attack, control })).toBe('ERR_TOKEN_TOO_LARGE')
})
