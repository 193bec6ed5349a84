/**
 * A token with too much JSON structure is rejected before it is parsed: the parser takes ten times as long for 16 KB of brackets
 * as it takes to find that a signature is wrong, and the text is still unverified at that point (CWE-674, CWE-770).
 */
import { Buffer } from 'node:buffer'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { encode, firstKey, signParts } from '../verify/support/raw-token.ts'
import { ACCEPTED, claimsOf, judge, MALFORMED, now, SIGNATURE, trust } from './setup.ts'

const issuer = await createTestIssuer({ now })
const trusted = trust(issuer)
const claims = claimsOf(issuer)
const control = await issuer.token(claims)
const { alg, kid } = firstKey(issuer)
const HEADER = JSON.stringify({ alg, kid })
const PAYLOAD = JSON.stringify(claims)
const FORGED = encode(new Uint8Array(256).fill(1))

/** The object with one more member. */
const plus = (json: string, member: string): string => `${json.slice(0, -1)},"x":${member}}`
const nest = (levels: number, open = '[', close = ']'): string =>
  open.repeat(levels) + close.repeat(levels)
const list = (count: number, one: string): string => `[${Array(count).fill(one).join()}]`
const forge = (header: string, payload: string): string =>
  `${encode(header)}.${encode(payload)}.${FORGED}`
const signed = (header: string, payload: string): Promise<string> =>
  signParts(issuer, Buffer.from(header), Buffer.from(payload))

const STRUCTURES: [string, string][] = [
  ['arrays in arrays', nest(5_600)],
  ['arrays that are not closed', '['.repeat(11_200)],
  ['objects in objects', `${'{"a":'.repeat(1_800)}1${'}'.repeat(1_800)}`],
  ['arrays and objects alternating', `${'[{"a":'.repeat(1_300)}1${'}]'.repeat(1_300)}`],
  ['66 levels, including one object', nest(65)],
  ['arrays 60 levels deep, side by side', list(90, nest(60))],
  ['objects 60 levels deep, side by side', list(25, `${'{"a":'.repeat(60)}1${'}'.repeat(60)}`)],
  ['empty arrays', list(3_700, '[]')],
  ['empty objects', list(3_700, '{}')],
  ['small objects', list(1_300, '{"a":0}')],
  ['1025 arrays and objects in total', list(1_023, '[]')],
  ['arrays after a string of brackets and quotes', `["]}\\"]}\\\\",${nest(5_000)}]`],
]

describe.each(STRUCTURES)('no signature is checked if a token has %s', (_, structure) => {
  test('in the payload', async () => {
    const payload = plus(PAYLOAD, structure)

    expect(await judge({ trusted, attack: forge(HEADER, payload), control })).toBe(MALFORMED)
    expect(await judge({ trusted, attack: await signed(HEADER, payload), control })).toBe(MALFORMED)
  })

  test('in the header', async () => {
    const header = plus(HEADER, structure)

    expect(await judge({ trusted, attack: forge(header, PAYLOAD), control })).toBe(MALFORMED)
  })
})

describe('the control: structure within the limits', () => {
  test.each([
    ['64 levels', nest(64)],
    ['64 levels of objects', `${'{"a":'.repeat(64)}1${'}'.repeat(64)}`],
    ['1024 arrays and objects in total', list(1_022, '[]')],
    ['a role for each of 200 clients', list(200, '{"client":{"roles":["view"]}}')],
    ['a string of brackets', `"${'[{'.repeat(5_000)}"`],
    ['a string of brackets and quotes', `"${'\\"[{'.repeat(2_500)}"`],
    [
      'a string that ends with a backslash, followed by brackets',
      `["${'\\\\'.repeat(9)}",${list(80, '[]')}]`,
    ],
    ['member names of brackets', `{"${'['.repeat(100)}":"${'{'.repeat(100)}"}`],
  ])('%s', async (_, member) => {
    const payload = plus(PAYLOAD, member)

    expect(await judge({ trusted, attack: await signed(HEADER, payload), control })).toBe(ACCEPTED)
    expect(await judge({ trusted, attack: forge(HEADER, payload), control })).toBe(SIGNATURE)
  })

  test('4096 arrays and objects, if tokens may have 64 KB', async () => {
    const options = { maxTokenBytes: 65_536 }
    const attack = await signed(HEADER, plus(PAYLOAD, list(4_094, '[]')))
    const more = await signed(HEADER, plus(PAYLOAD, list(4_095, '[]')))

    expect(await judge({ trusted, attack, control, options })).toBe(ACCEPTED)
    expect(await judge({ trusted, attack: more, control, options })).toBe(MALFORMED)
  })
})
