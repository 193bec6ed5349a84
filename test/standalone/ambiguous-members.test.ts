/**
 * Duplicate members in JSON: `JSON.parse` would use the last one, but a reader of the setting may see the first. And members
 * named __proto__, which get lost in a copy.
 */
import fc from 'fast-check'
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { hasAmbiguousMembers } from '../../src/standalone/ambiguous-members.ts'
import { POOL } from './environments.ts'
import { expectAccepted, refusalOf } from './refusals.ts'
import { deploy, now } from './setup.ts'

const issuer = await createTestIssuer({ now })
const jwk = JSON.stringify(issuer.jwks.keys[0]).slice(1, -1)
const MESSAGE =
  / must not contain a duplicate member of an object, or a member __proto__: it would have no effect$/

describe('ambiguous members are rejected at cold start, with the name of the variable and without its value', () => {
  test.each([
    ['JWT_GATE_ACCESS', '{"GET /admin":{"groups":["admin"]},"GET /admin":{}}'],
    ['JWT_GATE_ACCESS', '{"GET /admin":{},"GET /admin":{"groups":["admin"]}}'],
    ['JWT_GATE_ACCESS', '{"GET /admin":{},"GET \\u002fadmin":{}}'],
    ['JWT_GATE_ACCESS', '{ "GET /a" : {}, "GET /b": {}, "GET /a"\n:\t{} }'],
    ['JWT_GATE_ACCESS', '{"GET /a":{"groups":["admin"],"groups":["user"]}}'],
    ['JWT_GATE_ACCESS', '{"GET /a":{"groups":["admin"],"\\u0067roups":["user"]}}'],
    ['JWT_GATE_ACCESS', '{"GET /a":{},"__proto__":{"groups":["admin"]}}'],
    ['JWT_GATE_ACCESS', '{"GET /a":{"\\u005f_proto__":{"groups":["admin"]}}}'],
    ['JWT_GATE_JWKS', `{"keys":[{${jwk},"__proto__":{"alg":"none"}}]}`],
    ['JWT_GATE_TOKEN', '{"cookie":"a","__proto__":{"header":"b"}}'],
    ['JWT_GATE_JWKS', `{"keys":[{${jwk}}],"keys":[]}`],
    ['JWT_GATE_JWKS', `{"keys":[{${jwk},"kid":"other"}]}`],
    ['JWT_GATE_JWKS', `{"keys":[{${jwk},"x5c":[{"a":1,"a":2}]}]}`],
    ['JWT_GATE_TOKEN', '{"cookie":"a","cookie":"b"}'],
    [
      'JWT_GATE_TOKEN',
      '{"cookie":"a","origins":"https://a.example","origins":"https://b.example"}',
    ],
  ])('%s=%s', (name, value) => {
    const message = refusalOf({ ...POOL, [name]: value })

    expect(message).toMatch(MESSAGE)
    expect(message.startsWith(`${name} `)).toBe(true)
  })
})

test.each([
  ['JWT_GATE_ACCESS', '{"GET /a":{"groups":["a","a"]},"GET /b":{"groups":["a"]},"GET /A":{}}'],
  ['JWT_GATE_JWKS', `{"keys":[{${jwk}},{${jwk.replace('"kid":"', '"kid":"2')}}]}`],
  ['JWT_GATE_TOKEN', '{"cookie":"origins","origins":"https://cookie.example"}'],
])('the same text elsewhere is not ambiguous: %s=%s', (name, value) => {
  expectAccepted({ ...POOL, [name]: value })
})

describe('hasAmbiguousMembers', () => {
  test.each([
    '{"a":1,"a":1}',
    '{"a":1,"\\u0061":1}',
    '{"\\u0061":1,"\\u0061":1}',
    '[[{"b":{"a":[],"c":{},"a":1}}]]',
    '{"":1,"":1}',
    '{"\\"":1,"\\u0022":1}',
    '{"a":{"b":[{"c":"}"}]},"a":1}',
    '{"x":"{","a":1,"a":1}',
    '{"\\\\":1,"\\\\":2}',
    '{"\ud83d\ude00":1,"\\ud83d\\ude00":2}',
    '{"a":{"__proto__":1}}',
  ])('returns true for %s', (text) => {
    expect(hasAmbiguousMembers(text)).toBe(true)
  })

  test.each([
    '{}',
    '[]',
    'null',
    '"a"',
    '{"a":"a","b":"a"}',
    '{"a":{"a":{"a":1}}}',
    '[{"a":1},{"a":1}]',
    '{"a":["a","a"]}',
    '{"a":"\\"a\\":1,\\"a\\":1"}',
    '{"a":"{","b":"}"}',
    '{"a":"\\\\","b":1}',
    '{"a":1,"A":1,"a ":1}',
    '{"é":1,"e\u0301":1}',
    '{"a":"__proto__"}',
  ])('returns false for %s', (text) => {
    expect(hasAmbiguousMembers(text)).toBe(false)
  })

  test('returns false for any serialized object, and true once a member is repeated', () => {
    const value = fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' })
    const plain = fc
      .dictionary(fc.string({ unit: 'binary' }), value, { minKeys: 1 })
      .filter((object) => !JSON.stringify(object).includes('"__proto__"'))
    fc.assert(
      fc.property(plain, (object) => {
        const text = JSON.stringify(object)
        const [name = ''] = Object.keys(object)

        expect(hasAmbiguousMembers(text)).toBe(false)
        expect(hasAmbiguousMembers(`[${text.slice(0, -1)},${JSON.stringify(name)}:0}]`)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  test('takes no longer for nested or quoted text', () => {
    for (const text of ['['.repeat(4_000) + ']'.repeat(4_000), `"${'\\"'.repeat(100_000)}"`]) {
      expect(hasAmbiguousMembers(text)).toBe(false)
    }
  })
})

test('a cookie and its allowed origins are configured by the same JSON as in code', async () => {
  const JWT_GATE_TOKEN = '{"cookie":"session","origins":["https://app.example.com"]}'
  const { handler } = deploy({ ...POOL, JWT_GATE_TOKEN }, issuer)
  const cookies = [`session=${await issuer.accessToken()}`]
  const effectFor = async (Origin: string) => {
    const request = { cookies, headers: { Origin }, method: 'POST' }
    const answer = await handler(createAuthorizerEvent('http-2.0', request))
    return /"Effect":"(\w+)"/.exec(JSON.stringify(answer))?.[1]
  }

  expect(await effectFor('https://app.example.com')).toBe('Allow')
  expect(await effectFor('https://evil.example')).toBe('Deny')
})
