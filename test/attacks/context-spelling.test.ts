/**
 * `jwt` in a context has one spelling for each JSON: base64url, or the JSON itself as older versions wrote it. Anything else was
 * not written by this library, and is no set of verified claims; neither is the rest of the context.
 */
import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { claimsFromEvent } from 'jwt-gate/lambda-authorizer'
import { createHandlerEvent } from 'jwt-gate/testing'
import { expect, test } from 'vitest'

const CLAIMS = { sub: 'alice', name: 'Ödön ??>>', roles: ['a'] }
const JSON_TEXT = JSON.stringify(CLAIMS)
const GOOD = encode(JSON_TEXT)

function encode(value: string | Uint8Array): string {
  return Buffer.from(value as string).toString('base64url')
}

/** What a handler reads from a context, behind each kind of API. */
function readAll(jwt: string): unknown[] {
  const context = { sub: 'mallory', jwt }
  return (['rest-lambda', 'http-1.0-lambda', 'http-2.0-lambda', 'websocket-lambda'] as const).map(
    (front) => {
      try {
        return claimsFromEvent(createHandlerEvent(front, { context }))
      } catch (error) {
        return (error as { code: string }).code
      }
    },
  )
}

test.each([
  ['base64url', GOOD],
  ['JSON', JSON_TEXT],
])('the control: %s is read', (_, jwt) => {
  expect(readAll(jwt)).toEqual([CLAIMS, CLAIMS, CLAIMS, CLAIMS])
})

test.each<[string, string]>([
  ['plain base64', Buffer.from(JSON_TEXT).toString('base64')],
  ['padding', `${encode('{"sub":"a"}')}=`],
  ['a space before', ` ${GOOD}`],
  ['a space after', `${GOOD} `],
  ['a newline within', `${GOOD.slice(0, 8)}\n${GOOD.slice(8)}`],
  ['a character that decoders skip', `${GOOD.slice(0, 8)}*${GOOD.slice(8)}`],
  ['a character with the low byte of another', GOOD.replace('e', '\u0165')],
  ['unused bits that are not zero', `${encode('{"sub":"a"}').slice(0, -1)}R`],
  ['one character too many', `${encode('{"sub":"a"}')}AA`],
  ['bytes that are not UTF-8', encode(Buffer.from([...Buffer.from('{"sub":"'), 0xff, 0x22, 0x7d]))],
  [
    'an overlong encoding',
    encode(Buffer.from([...Buffer.from('{"sub":"'), 0xc1, 0xa1, 0x22, 0x7d])),
  ],
  ['a byte order mark', encode(`\ufeff${JSON_TEXT}`)],
  ['base64url twice', encode(GOOD)],
  ['a string within', encode(JSON.stringify(JSON_TEXT))],
  ['a list within', encode(`[${JSON_TEXT}]`)],
  ['null within', encode('null')],
  ['nothing within', encode('')],
  ['a whole token', `${encode('{"alg":"RS256"}')}.${GOOD}.c2ln`],
  ['two of them', `${GOOD},${GOOD}`],
  ['a space before JSON', ` ${JSON_TEXT}`],
  ['JSON with more behind it', `${JSON_TEXT}{}`],
])('%s is no set of claims, and nothing else is read in its place', (_, jwt) => {
  const missing = 'ERR_TOKEN_MISSING'

  expect(readAll(jwt)).toEqual([missing, missing, missing, missing])
})

test('no two texts in base64url are read as the same claims', () => {
  const position = fc.nat({ max: GOOD.length - 1 })

  fc.assert(
    fc.property(position, fc.string({ maxLength: 2 }), (at, other) => {
      const jwt = GOOD.slice(0, at) + other + GOOD.slice(at + 1)
      for (const claims of readAll(jwt)) {
        if (jwt !== GOOD) expect(claims).not.toEqual(CLAIMS)
      }
    }),
    { numRuns: 300 },
  )
})
