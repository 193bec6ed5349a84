/**
 * Which issuers share the objects that describe their conditions.
 */
import { describe, expect, test } from 'vitest'
import { emptyRule } from '../../../src/verify/claims/claims.ts'
import { areEqual, SharedConditions } from '../../../src/verify/issuers/shared-conditions.ts'
import type { Conditions } from '../../../src/verify/issuers/trusted-issuer.ts'

const schema = { '~standard': { version: 1, vendor: 'test', validate: () => ({}) } } as never

/** New objects each time. */
function create(change: Partial<Conditions> = {}, audience = ['a', 'b']): Conditions {
  const rule = emptyRule({ clockToleranceSeconds: 5, confirmations: new Set() })
  return {
    header: { algorithms: new Set(['RS256', 'ES256']), tokenType: undefined },
    claims: { ...rule, audience: new Set(audience) },
    groupsClaim: undefined,
    schema: undefined,
    ...change,
  }
}

const header = { algorithms: new Set(['RS256', 'ES256']), tokenType: null }
const OTHERS: readonly [string, Conditions, (keyof Conditions)[]][] = [
  ['audience', create({}, ['a']), ['claims']],
  ['type', create({ header }), ['header']],
  ['algorithms', create({ header: { ...header, algorithms: new Set(['RS256']) } }), ['header']],
  ['claim of groups', create({ groupsClaim: ['roles'] }), ['groupsClaim']],
  ['schema', create({ schema }), ['schema']],
]

test('issuers with equal conditions share all of their objects', () => {
  const shared = new SharedConditions()
  const first = shared.of(create({ groupsClaim: ['roles'] }))

  const second = shared.of(create({ groupsClaim: ['roles'] }, ['b', 'a']))

  expect(second.header).toBe(first.header)
  expect(second.claims).toBe(first.claims)
  expect(second.groupsClaim).toBe(first.groupsClaim)
  expect(areEqual(create(), create({}, ['b', 'a']))).toBe(true)
})

test('nothing else of an issuer is kept', () => {
  const issuer = { ...create(), issuer: 'https://idp.example', givenKeys: [{}] }

  expect(Object.keys(new SharedConditions().of(issuer))).toEqual(Object.keys(create()))
})

describe('issuers with another', () => {
  test.each(OTHERS)('%s share everything else', (_name, other, different) => {
    const shared = new SharedConditions()
    const first = shared.of(create())

    const second = shared.of(other)

    expect(second).toEqual(other)
    const names = Object.keys(first) as (keyof Conditions)[]
    expect(names.filter((name) => first[name] !== second[name])).toEqual(different)
    expect(areEqual(create(), other)).toBe(false)
  })
})

test('100 objects are kept', () => {
  const shared = new SharedConditions()
  const claimsOf = (at: number) => shared.of(create({}, [`${at}`])).claims
  // the header is the first one
  const kinds = Array.from({ length: 99 }, (_, at) => claimsOf(at))

  expect(claimsOf(0)).toBe(kinds[0])
  claimsOf(99)
  expect(claimsOf(0)).not.toBe(kinds[0])
})
