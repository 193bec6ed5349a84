/**
 * Rules that imply other rules, and the maps that can be one policy for that reason.
 */
import fc from 'fast-check'
import type { AccessRule, VerifiedToken } from 'jwt-gate'
import { describe, expect, test } from 'vitest'
import { readStageAccess } from '../../../src/lambda-authorizer/access/access-map.ts'
import { implies } from '../../../src/lambda-authorizer/access/access-rules.ts'
import { assertAccess, readAccessRule } from '../../../src/verify/adapter-kit.ts'
import { isAllowedByIam } from '../iam.ts'
import { routed } from '../setup.ts'

type Rule = AccessRule<never>

const isAlice = ({ claims }: VerifiedToken<unknown>): boolean =>
  (claims as { sub: string }).sub === 'alice'
const isTrue = (): boolean => true

const IMPLIED: [string, Rule, Rule][] = [
  ['nothing and nothing', {}, {}],
  ['a scope and nothing', { scopes: ['a'] }, {}],
  ['one of some scopes and nothing', { anyScope: ['a'] }, {}],
  ['a group and nothing', { groups: ['a'] }, {}],
  ['some groups and nothing', { allGroups: ['a'] }, {}],
  ['a claim and nothing', { claims: { r: 'a' } }, {}],
  ['a claim and the same', { claims: { r: 'a' } }, { claims: { r: ['a'] } }],
  ['a claim and the same by a pointer', { claims: { r: 'a' } }, { claims: { '/r': 'a' } }],
  ['a claim and a choice with it', { claims: { r: 'a' } }, { claims: { r: ['b', 'a'] } }],
  ['two claims and one of them', { claims: { r: 'a', t: 1 } }, { claims: { t: 1 } }],
  [
    'a claim twice and the narrower',
    { claims: { r: ['a', 'b'], '/r': 'a' } },
    { claims: { r: 'a' } },
  ],
  ['an acr and nothing', { acr: ['a'] }, {}],
  ['an acr and a choice with it', { acr: ['a'] }, { acr: ['b', 'a'] }],
  ['an age and nothing', { maxAuthAgeSeconds: 9 }, {}],
  ['an age and the same', { maxAuthAgeSeconds: 9 }, { maxAuthAgeSeconds: 9 }],
  ['an age and a greater one', { maxAuthAgeSeconds: 9 }, { maxAuthAgeSeconds: 10 }],
  ['a check and nothing', { check: isAlice }, {}],
  ['two scopes and one of them', { scopes: ['a', 'b'] }, { scopes: ['b'] }],
  ['two scopes and the same in another order', { scopes: ['a', 'b'] }, { scopes: ['b', 'a'] }],
  ['two groups and one of them', { allGroups: ['a', 'b'] }, { allGroups: ['a'] }],
  ['a scope and a choice with it', { anyScope: ['b'] }, { anyScope: ['a', 'b'] }],
  ['a group and a choice with it', { groups: ['a'] }, { groups: ['a', 'b'] }],
  ['a check and the same check', { check: isAlice }, { check: isAlice }],
  ['a check beside a scope and the check', { check: isAlice, scopes: ['a'] }, { check: isAlice }],
]

const NOT_IMPLIED: [string, Rule, Rule][] = [
  ['nothing and a scope', {}, { scopes: ['a'] }],
  ['nothing and one of some scopes', {}, { anyScope: ['a'] }],
  ['nothing and a group', {}, { groups: ['a'] }],
  ['nothing and some groups', {}, { allGroups: ['a'] }],
  ['nothing and a claim', {}, { claims: { r: 'a' } }],
  ['a claim and two', { claims: { r: 'a' } }, { claims: { r: 'a', t: 1 } }],
  ['a claim and another value', { claims: { r: 'a' } }, { claims: { r: 'b' } }],
  ['a claim and its value of another type', { claims: { r: 1 } }, { claims: { r: '1' } }],
  ['a claim and another claim with its value', { claims: { r: 'a' } }, { claims: { t: 'a' } }],
  ['a claim and a deeper one of its name', { claims: { r: 'a' } }, { claims: { '/t/r': 'a' } }],
  ['a claim with a slash and a deeper one', { claims: { 'a/b': 1 } }, { claims: { '/a/b': 1 } }],
  ['a choice of values and one of them', { claims: { r: ['a', 'b'] } }, { claims: { r: 'a' } }],
  ['a group and a claim groups of its name', { groups: ['a'] }, { claims: { groups: 'a' } }],
  ['a claim groups and a group of its name', { claims: { groups: 'a' } }, { groups: ['a'] }],
  ['nothing and an acr', {}, { acr: ['a'] }],
  ['a choice of acr and one of them', { acr: ['a', 'b'] }, { acr: ['a'] }],
  ['an acr and a claim acr', { acr: ['a'] }, { claims: { acr: 'a' } }],
  ['a claim acr and an acr', { claims: { acr: 'a' } }, { acr: ['a'] }],
  ['nothing and an age', {}, { maxAuthAgeSeconds: 9 }],
  ['an age and a smaller one', { maxAuthAgeSeconds: 10 }, { maxAuthAgeSeconds: 9 }],
  ['nothing and a check', {}, { check: isAlice }],
  ['a scope and two', { scopes: ['a'] }, { scopes: ['a', 'b'] }],
  ['a scope and another', { scopes: ['a'] }, { scopes: ['b'] }],
  ['a group and two', { allGroups: ['a'] }, { allGroups: ['a', 'b'] }],
  ['a choice of scopes and one of them', { anyScope: ['a', 'b'] }, { anyScope: ['a'] }],
  ['a choice of groups and one of them', { groups: ['a', 'b'] }, { groups: ['a'] }],
  ['a choice of groups and another one', { groups: ['a', 'b'] }, { groups: ['b', 'c'] }],
  ['a choice of groups and all of them', { groups: ['a', 'b'] }, { allGroups: ['a', 'b'] }],
  ['a scope and a group of its name', { scopes: ['a'] }, { allGroups: ['a'] }],
  ['a scope and a choice of groups with its name', { anyScope: ['a'] }, { groups: ['a'] }],
  ['a check and another check', { check: isAlice }, { check: isTrue }],
  ['a scope and a check', { scopes: ['a'] }, { check: isAlice }],
  ['a scope and the same beside a check', { scopes: ['a'] }, { scopes: ['a'], check: isAlice }],
  ['a scope and the same beside a group', { scopes: ['a'] }, { scopes: ['a'], groups: ['a'] }],
]

const doesImply = (rule: Rule, other: Rule): boolean =>
  implies(readAccessRule(rule), readAccessRule(other))

describe('a rule implies another', () => {
  test.each(IMPLIED)('%s', (_title, rule, other) => {
    expect(doesImply(rule, other)).toBe(true)
  })

  test.each(NOT_IMPLIED)('but not %s', (_title, rule, other) => {
    expect(doesImply(rule, other)).toBe(false)
  })
})

const names = fc.option(fc.subarray(['a', 'b'], { minLength: 1 }), { nil: undefined, freq: 1 })
const rule = fc.record<Rule>({
  scopes: names,
  anyScope: names,
  groups: names,
  allGroups: names,
  claims: fc.constantFrom<Rule['claims'][]>(
    undefined,
    { r: 'a' },
    { r: ['a', 'b'] },
    { '/r': 'b' },
    { r: ['a', 'b'], '/r': 'a' },
    { groups: 'a' },
  ),
  check: fc.constantFrom<Rule['check'][]>(undefined, isAlice, isTrue),
})
const subsets = [[], ['a'], ['b'], ['a', 'b']]
const tokens = subsets.flatMap((scopes) =>
  subsets.flatMap((groups) =>
    subsets.flatMap((r) => ['alice', 'bob'].map((sub) => toToken({ scopes, groups, r, sub }))),
  ),
)

function toToken({ scopes = [''], groups = [''], r = [''], sub = '' }): VerifiedToken<unknown> {
  const claims = { scope: scopes.join(' '), groups, r, sub }
  return { claims, header: { alg: 'RS256' }, issuer: 'i' } as never
}

function doesPass(verified: VerifiedToken<unknown>, one: Rule): boolean {
  try {
    assertAccess(verified, readAccessRule(one))
    return true
  } catch {
    return false
  }
}

test('no token satisfies a rule and fails an implied one', () => {
  let implied = 0

  fc.assert(
    fc.property(rule, rule, (one, other) => {
      if (!doesImply(one, other)) return
      implied++
      const passing = tokens.filter((token) => doesPass(token, one))
      expect(passing.filter((token) => !doesPass(token, other))).toEqual([])
    }),
    { numRuns: 2_000 },
  )

  expect(implied).toBeGreaterThan(100)
})

describe('a route between two others that a policy cannot deny while the others are allowed', () => {
  const toMap = (outer: Rule, inner: Rule) => ({
    'GET /{proxy+}': outer,
    'GET /admin/{proxy+}': inner,
    'GET /admin/health': outer,
  })
  const read = (outer: Rule, inner: Rule) => readStageAccess(toMap(outer, inner), true)

  test.each(IMPLIED)('is accepted if its rule is implied: %s', (_title, outer, inner) => {
    const map = read(outer, inner)

    for (const token of tokens) {
      const { allow, deny } = map.toPolicy(token, routed('GET/x')).toPatterns()
      const policy = [
        { Effect: 'Allow', Resource: allow },
        { Effect: 'Deny', Resource: deny },
      ]
      const isAllowed = (request: string) => isAllowedByIam(policy, request)
      expect(isAllowed('GET/x/y')).toBe(doesPass(token, outer))
      expect(isAllowed('GET/admin/health')).toBe(doesPass(token, outer))
      expect(isAllowed('GET/admin/users/7')).toBe(doesPass(token, inner))
    }
  })

  test.each(NOT_IMPLIED)('is rejected otherwise: %s', (_title, outer, inner) => {
    expect(() => read(outer, inner)).toThrow(/GET \/admin\/\{proxy\+\} cannot be refused/)
  })
})
