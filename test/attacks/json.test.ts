/**
 * Header and payload must be JSON objects in UTF-8, and nothing in them may affect more than its own member (RFC 7515 s4, s5.2
 * step 3; RFC 7519 s7.2; RFC 8725 s3.7; CWE-1321; CVE-2025-53864; CVE-2024-33664 for decompression).
 */
import { Buffer } from 'node:buffer'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { encode, firstKey, type Part, signParts } from '../verify/support/raw-token.ts'
import { claimsOf, judge, MALFORMED, now, segment, trust } from './setup.ts'

const issuer = await createTestIssuer({ now })
const trusted = trust(issuer)
const claims = claimsOf(issuer)
const control = await issuer.token(claims)
const options = { maxTokenBytes: 65_536 }
const { alg, kid } = firstKey(issuer)
const HEADER = JSON.stringify({ alg, kid })
const PAYLOAD = JSON.stringify(claims)
const bytes = (...parts: (string | readonly number[])[]): Buffer =>
  Buffer.concat(parts.map((part) => Buffer.from(part as string)))
const nest = (levels: number, open: string, close: string): string =>
  open.repeat(levels) + close.repeat(levels)
/** The object with one more member. */
const plus = (json: string, member: string): string => `${json.slice(0, -1)},${member}}`
const plusBytes = (json: string, inside: readonly number[]): Buffer =>
  bytes(`${json.slice(0, -1)},"x":"`, inside, '"}')

const TEXTS: [string, (json: string) => Buffer][] = [
  ['an array', (json) => bytes(`[${json}]`)],
  ['an empty array', () => bytes('[]')],
  ['null', () => bytes('null')],
  ['a number', () => bytes('1')],
  ['a string', () => bytes('"x"')],
  ['a string that contains JSON', (json) => bytes(JSON.stringify(json))],
  ['base64url that contains JSON', (json) => bytes(encode(json))],
  ['two objects', (json) => bytes(json, json)],
  ['an object and a comma', (json) => bytes(json, ',')],
  ['an object after a comment', (json) => bytes('/**/', json)],
  ['an object in single quotes', (json) => bytes(json.replaceAll('"', "'"))],
  ['a trailing comma', (json) => bytes(`${json.slice(0, -1)},}`)],
  ['a NUL after it', (json) => bytes(json, [0])],
  ['a line feed inside a string', (json) => plusBytes(json, [0x0a])],
  ['NaN', (json) => bytes(plus(json, '"x":NaN'))],
  ['a byte order mark', (json) => bytes([0xef, 0xbb, 0xbf], json)],
  ['UTF-16', (json) => Buffer.from(json, 'utf16le')],
  ['UTF-16 with a byte order mark', (json) => Buffer.from(`\ufeff${json}`, 'utf16le')],
  ['Latin-1', (json) => plusBytes(json, [0xe9])],
  ['an overlong encoding of a quote', (json) => plusBytes(json, [0xc0, 0xa2])],
  ['an overlong encoding of NUL', (json) => plusBytes(json, [0xc0, 0x80])],
  ['half of a surrogate pair', (json) => plusBytes(json, [0xed, 0xa0, 0x80])],
  ['a truncated UTF-8 sequence', (json) => plusBytes(json, [0xe2, 0x82])],
  ['a code point beyond Unicode', (json) => plusBytes(json, [0xf4, 0x90, 0x80, 0x80])],
  ['a member named __proto__', (json) => bytes(plus(json, '"__proto__":{"admin":true}'))],
  ['a nested member named __proto__', (json) => bytes(plus(json, '"a":[{"__proto__":{}}]'))],
  ['arrays 20000 levels deep', (json) => bytes(plus(json, `"x":${nest(20_000, '[', ']')}`))],
  [
    'objects 65 levels deep',
    (json) => bytes(plus(json, `"x":${nest(65, '{"a":', '}').replace(':}', ':1}')}`)),
  ],
]

describe.each(TEXTS)('no token has %s', (_, write) => {
  test('as its header', async () => {
    const attack = await signParts(issuer, write(HEADER), bytes(PAYLOAD))

    expect(await judge({ trusted, attack, control, options })).toBe(MALFORMED)
  })

  test('as its payload', async () => {
    const attack = await signParts(issuer, bytes(HEADER), write(PAYLOAD))

    expect(await judge({ trusted, attack, control, options })).toBe(MALFORMED)
  })
})

describe('no claim is read from anywhere but the top level', () => {
  const { iss, exp, ...rest } = claims
  const inside = (member: string, name: string): string =>
    JSON.stringify({ ...claims, [name]: undefined }).replace(
      '{',
      `{"${member}":{"${name}":${JSON.stringify(claims[name])}},`,
    )

  test.each([
    ['exp inside prototype', inside('prototype', 'exp'), 'ERR_CLAIM_MISSING exp missing'],
    ['exp inside constructor', inside('constructor', 'exp'), 'ERR_CLAIM_MISSING exp missing'],
    ['iss inside another claim', inside('claims', 'iss'), 'ERR_CLAIM_ISSUER iss missing'],
    ['aud inside another claim', inside('claims', 'aud'), 'ERR_CLAIM_AUDIENCE aud missing'],
    ['aud inside __proto__', inside('__proto__', 'aud'), 'ERR_CLAIM_AUDIENCE aud missing'],
    ['iss inside __proto__', inside('__proto__', 'iss'), 'ERR_CLAIM_ISSUER iss missing'],
    ['exp inside __proto__', inside('__proto__', 'exp'), 'ERR_CLAIM_MISSING exp missing'],
    ['EXP', JSON.stringify({ ...rest, iss, EXP: exp }), 'ERR_CLAIM_MISSING exp missing'],
    [
      'exp with a space in its name',
      JSON.stringify({ ...rest, iss, 'exp ': exp }),
      'ERR_CLAIM_MISSING exp missing',
    ],
  ])('%s', async (_, payload, outcome) => {
    const attack = await signParts(issuer, bytes(HEADER), bytes(payload))

    expect(await judge({ trusted, attack, control })).toBe(outcome)
  })
})

describe('of two members the last counts, for every reader (RFC 7519 s4)', () => {
  test.each([
    ['exp', '"exp":1', 'ERR_TOKEN_EXPIRED exp'],
    ['exp spelled with escapes', '"\\u0065xp":1', 'ERR_TOKEN_EXPIRED exp'],
    ['exp that is a string', '"exp":"4000000000"', 'ERR_CLAIM_INVALID exp invalid'],
    ['iss', '"iss":"https://evil.example"', 'ERR_CLAIM_ISSUER iss mismatch'],
    ['aud', '"aud":"other"', 'ERR_CLAIM_AUDIENCE aud mismatch'],
    ['sub', '"sub":0', 'ERR_CLAIM_INVALID sub invalid'],
    ['cnf', '"cnf":null,"cnf":{"jkt":"x"}', 'ERR_TOKEN_UNSUPPORTED cnf'],
  ])('a second %s does not pass', async (_, member, outcome) => {
    const attack = await signParts(issuer, bytes(HEADER), bytes(plus(PAYLOAD, member)))
    const before = `{${member.split(',').at(-1)},${PAYLOAD.slice(1)}`
    const twice = await signParts(
      issuer,
      bytes(HEADER),
      bytes(member.includes('cnf') ? PAYLOAD : before),
    )

    expect(await judge({ trusted, attack, control: twice })).toBe(outcome)
  })
})

describe('no token is anything but a compact JWS', () => {
  const [a, b, c] = control.split('.') as [string, string, string]
  const five = (header: object): Part => `${segment(header)}.AAAA.${b}.${c}`

  test.each<[string, Part]>([
    ['flattened JSON', JSON.stringify({ protected: a, payload: b, signature: c })],
    ['general JSON', JSON.stringify({ payload: b, signatures: [{ protected: a, signature: c }] })],
    [
      'JSON with an unprotected header (GHSA-jc38-x7x8-2xc8)',
      JSON.stringify({ header: { alg: 'none' }, payload: b, signature: '' }),
    ],
    ['a JSON polyglot with dots', `{"a":"${a}.${b}.${c}"}`],
    ['an SD-JWT with disclosures', `${control}~AAAA~`],
    ['a token inside a token', `${a}.${encode(control)}.${c}`],
  ])('%s', async (_, attack) => {
    expect(await judge({ trusted, attack: String(attack), control })).toBe(MALFORMED)
  })

  test.each([
    ['an encrypted token (CVE-2026-29000)', { alg: 'RSA-OAEP', enc: 'A128GCM' }],
    ['a directly encrypted token', { alg: 'dir', enc: 'A128GCM' }],
    [
      'a token with a work factor of 2^31 (CVE-2023-52428)',
      { alg: 'PBES2-HS256+A128KW', enc: 'A128GCM', p2c: 2 ** 31 },
    ],
    ['a compressed encrypted token (CVE-2024-28176)', { alg: 'dir', enc: 'A128GCM', zip: 'DEF' }],
  ])('%s', async (_, header) => {
    const attack = `${five(header)}.AAAA`

    expect(await judge({ trusted, attack, control })).toBe(`${MALFORMED} encrypted`)
  })

  test('a good token as the payload of another one of the same key', async () => {
    const attack = await signParts(issuer, segment({ alg, kid, cty: 'JWT' }), bytes(control))

    expect(await judge({ trusted, attack, control })).toBe(MALFORMED)
  })
})
