/**
 * A `kid` must only select a key of the token's own issuer (RFC 8725 s3.8, s3.10; RFC 7515 s4.1.4; CVE-2025-59936,
 * CVE-2025-30144).
 */
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { firstKey, signParts } from '../verify/support/raw-token.ts'
import { claimsOf, judge, NOT_FOUND, now, SIGNATURE, segment, trust } from './setup.ts'

const issuer = await createTestIssuer({ now })
const trusted = trust(issuer)
const claims = claimsOf(issuer)
const control = await issuer.token(claims)
const { kid, alg } = firstKey(issuer)

test.each([
  '',
  ' ',
  `${kid} `,
  ` ${kid}`,
  `${kid}\0`,
  `${kid}\n`,
  kid.toUpperCase(),
  kid.slice(0, -1),
  `${kid}x`,
  `${kid},${kid}`,
  `${issuer.issuer}|${kid}`,
  '*',
  '.*',
  '0',
  'null',
  'undefined',
  '[object Object]',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '../../../../dev/null',
  '/proc/sys/kernel/randomize_va_space',
  'file:///etc/passwd',
  'https://evil.example/jwks.json',
  "' UNION SELECT 'secret' --",
  "x' OR '1'='1",
  '$(curl evil.example)',
  '`id`',
  '| sleep 10',
  '{{7*7}}',
  '\r\nX-Injected: 1',
  '\u0000',
  '\ud800',
  'x'.repeat(8_000),
])('no key is found under the made-up kid %j', async (made) => {
  const attack = await issuer.token(claims, { header: { kid: made } })

  expect(await judge({ trusted, attack, control })).toBe(NOT_FOUND)
})

test.each<unknown>([null, 0, 1, true, false, [], [kid], [[kid]], {}, { kid }, { toString: kid }])(
  'no key is found under a kid that is no string: %j',
  async (made) => {
    const attack = await issuer.token(claims, { header: { kid: made } })

    expect(await judge({ trusted, attack, control })).toBe('ERR_TOKEN_MALFORMED kid invalid')
  },
)

describe('of two kids the last counts (RFC 7515 s4)', () => {
  const [good, bad] = [JSON.stringify(kid), '"made-up"']
  const rest = `"alg":"${alg}"`

  test.each([
    ['a good kid before a made-up one', `{${rest},"kid":${good},"kid":${bad}}`, NOT_FOUND],
    ['a second kid spelled with escapes', `{${rest},"kid":${good},"\\u006bid":${bad}}`, NOT_FOUND],
    ['a second kid that is no string', `{${rest},"kid":${good},"kid":[${good}]}`, 'invalid'],
    ['a second kid that is empty', `{${rest},"kid":${good},"kid":""}`, NOT_FOUND],
    ['a second alg, none', `{${rest},"kid":${good},"alg":"none"}`, 'ERR_TOKEN_ALGORITHM alg'],
    ['a second alg, HS256', `{${rest},"kid":${good},"alg":"HS256"}`, 'ERR_TOKEN_ALGORITHM alg'],
  ])('%s does not pass', async (_, header, outcome) => {
    const attack = await signParts(issuer, Buffer.from(header), segment(claims))
    const reversed = `{"kid":${bad},"alg":"none",${rest},"kid":${good}}`
    const twice = await signParts(issuer, Buffer.from(reversed), segment(claims))

    expect(await judge({ trusted, attack, control: twice })).toContain(outcome)
  })
})

describe('two issuers', async () => {
  const other = await createTestIssuer({ now })
  const [A, B] = ['https://a.example', 'https://b.example']
  const named = (one: typeof issuer, name: string) => ({
    keys: one.jwks.keys.slice(0, 1).map((key) => ({ ...key, kid: name })),
  })
  const both = [
    { issuer: A, audience: 'api', jwks: named(issuer, 'same') },
    { issuer: B, audience: 'api', jwks: named(other, 'same') },
  ]
  const apart = [
    { issuer: A, audience: 'api', jwks: named(issuer, 'of-a') },
    { issuer: B, audience: 'api', jwks: named(other, 'of-b') },
  ]
  const mint = (by: typeof issuer, iss: unknown, name?: string): Promise<string> =>
    by.token({ ...claims, iss }, { header: { kid: name } })

  test.each<[string, typeof both, [typeof issuer, unknown, string?], string]>([
    ['B signs for A under a shared kid', both, [other, A, 'same'], SIGNATURE],
    ['A signs for B under a shared kid', both, [issuer, B, 'same'], SIGNATURE],
    ['B signs for A without a kid', both, [other, A], SIGNATURE],
    ['B signs for A under its own kid', apart, [other, A, 'of-b'], NOT_FOUND],
    ['B signs for A under the kid of A', apart, [other, A, 'of-a'], SIGNATURE],
    ['iss is a list of A and B', both, [other, [A, B], 'same'], 'ERR_CLAIM_ISSUER iss mismatch'],
    ['iss is a list of B and A', both, [other, [B, A], 'same'], 'ERR_CLAIM_ISSUER iss mismatch'],
    ['iss is a string with both', both, [other, `${A} ${B}`, 'same'], 'ERR_CLAIM_ISSUER'],
    ['the kid includes the issuer', apart, [other, A, `${B}#of-b`], NOT_FOUND],
  ])('cannot stand for each other: %s', async (_, pair, [by, iss, name], outcome) => {
    const attack = await mint(by, iss, name)
    const rightful = await mint(
      by,
      by === other ? B : A,
      pair[by === other ? 1 : 0]?.jwks.keys[0]?.kid,
    )

    expect(await judge({ trusted: pair, attack, control: rightful })).toContain(outcome)
  })
})

test('no kid is read from the payload', async () => {
  const attack = await issuer.token({ ...claims, kid }, { header: { kid: undefined } })

  expect(await judge({ trusted, attack, control })).toBe('ERR_KEY_UNUSABLE kid ambiguous')
})

test('no alg is read from the payload', async () => {
  const attack = await issuer.token({ ...claims, alg }, { header: { alg: undefined } })

  expect(await judge({ trusted, attack, control })).toBe('ERR_TOKEN_ALGORITHM alg')
})
