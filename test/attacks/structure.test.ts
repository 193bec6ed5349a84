/**
 * A token that is all structure is refused before it is parsed: the parser takes ten times as long for 16 KB of brackets as
 * it takes to find a signature wrong, and nobody has vouched for the text by then (CWE-674, CWE-770).
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

/** The object with one member more. */
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
  ['arrays that do not end', '['.repeat(11_200)],
  ['objects in objects', `${'{"a":'.repeat(1_800)}1${'}'.repeat(1_800)}`],
  ['arrays and objects in turns', `${'[{"a":'.repeat(1_300)}1${'}]'.repeat(1_300)}`],
  ['66 levels, one object included', nest(65)],
  ['arrays 60 levels deep, side by side', list(90, nest(60))],
  ['objects 60 levels deep, side by side', list(25, `${'{"a":'.repeat(60)}1${'}'.repeat(60)}`)],
  ['empty arrays', list(3_700, '[]')],
  ['empty objects', list(3_700, '{}')],
  ['small objects', list(1_300, '{"a":0}')],
  ['1025 arrays and objects in all', list(1_023, '[]')],
  ['arrays behind a text of brackets and quotes', `["]}\\"]}\\\\",${nest(5_000)}]`],
]

describe.each(STRUCTURES)('no signature is looked at where there are %s', (_, structure) => {
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

describe('the control: what is no more than much', () => {
  test.each([
    ['64 levels', nest(64)],
    ['64 levels of objects', `${'{"a":'.repeat(64)}1${'}'.repeat(64)}`],
    ['1024 arrays and objects in all', list(1_022, '[]')],
    ['a role of each of 200 clients', list(200, '{"client":{"roles":["view"]}}')],
    ['a text of brackets', `"${'[{'.repeat(5_000)}"`],
    ['a text of brackets and quotes', `"${'\\"[{'.repeat(2_500)}"`],
    [
      'a text that ends with a backslash, and brackets',
      `["${'\\\\'.repeat(9)}",${list(80, '[]')}]`,
    ],
    ['names of brackets', `{"${'['.repeat(100)}":"${'{'.repeat(100)}"}`],
  ])('%s', async (_, member) => {
    const payload = plus(PAYLOAD, member)

    expect(await judge({ trusted, attack: await signed(HEADER, payload), control })).toBe(ACCEPTED)
    expect(await judge({ trusted, attack: forge(HEADER, payload), control })).toBe(SIGNATURE)
  })

  test('4096 arrays and objects, where a token may have 64 KB', async () => {
    const options = { maxTokenBytes: 65_536 }
    const attack = await signed(HEADER, plus(PAYLOAD, list(4_094, '[]')))
    const more = await signed(HEADER, plus(PAYLOAD, list(4_095, '[]')))

    expect(await judge({ trusted, attack, control, options })).toBe(ACCEPTED)
    expect(await judge({ trusted, attack: more, control, options })).toBe(MALFORMED)
  })
})
