/**
 * Policies say of every request what the map says: shown with an IAM evaluator, for random maps, tokens and requests.
 */
import fc from 'fast-check'
import type { AccessRule, VerifiedToken } from 'jwt-gate'
import { expect, test } from 'vitest'
import { type AccessMap, readAccessMap } from '../../src/lambda-authorizer/access-map.ts'
import { METHODS } from '../../src/lambda-authorizer/route-key.ts'
import { isAllowedByIam } from './iam.ts'

type Access = Readonly<Record<string, AccessRule<never>>>

const rules: AccessRule<never>[] = [
  {},
  { scopes: ['a'] },
  { scopes: ['b'] },
  { scopes: ['a', 'b'] },
  { anyScope: ['a', 'b'] },
  { groups: ['g'] },
]
const segment = fc.constantFrom('x', 'y', 'orders', '{id}')
const path = fc
  .tuple(fc.array(segment, { maxLength: 3 }), fc.constantFrom('', '/{proxy+}'))
  .map(([parts, end]) => (parts.length > 0 ? `/${parts.join('/')}${end}` : end || '/'))
const routeKey = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.tuple(fc.constantFrom('GET', 'POST', 'ANY'), path).map((one) => one.join(' ')),
  },
  { weight: 1, arbitrary: fc.constant('$default') },
)
const accessMap = fc
  .array(fc.tuple(routeKey, fc.constantFrom(...rules)), { minLength: 1, maxLength: 5 })
  .map((entries): Access => Object.fromEntries(entries))
const token = fc
  .record({ scope: fc.constantFrom('', 'a', 'b', 'a b'), groups: fc.constantFrom([], ['g']) })
  .map((claims) => ({ claims, header: { alg: 'RS256' }, issuer: 'i' }) as VerifiedToken<unknown>)
const request = fc
  .tuple(
    fc.constantFrom('GET', 'POST', 'DELETE'),
    fc.array(fc.constantFrom('x', 'y', 'orders', '7', '', 'GET', '*'), {
      minLength: 1,
      maxLength: 5,
    }),
  )
  .map(([method, parts]) => `${method}/${parts.join('/')}`)

/** What a key stands for, as text: nothing here is shared with the code. */
function toRegExp(key: string): RegExp {
  if (key === '$default') return /^[A-Z]+\/.*$/
  const [method = '', text = ''] = key.split(' ')
  const source = text.replaceAll(/\{\w+\+\}/g, '.+').replaceAll(/\{\w+\}/g, '[^/]+')
  return new RegExp(`^${method === 'ANY' ? '[A-Z]+' : method}${source}$`)
}

/** Text before {id} before {proxy+}, from the left; then a method before ANY; $default last. */
function toRank(key: string): string {
  if (key === '$default') return '9'
  const [method = '', text = ''] = key.split(' ')
  const parts = text.slice(1).split('/')
  const ranks = parts.map((part) => (part.endsWith('+}') ? '3' : part.startsWith('{') ? '2' : '1'))
  return `${ranks.join('')}${method === 'ANY' ? '1' : '0'}`
}

function decide(
  access: Access,
  verified: VerifiedToken<unknown>,
  text: string,
): boolean | undefined {
  const [key] = Object.keys(access)
    .filter((one) => toRegExp(one).test(text))
    .sort((a, b) => (toRank(a) < toRank(b) ? -1 : 1))
  if (key === undefined) return undefined
  const { scope, groups } = verified.claims as { scope: string; groups: string[] }
  const { scopes = [], anyScope, groups: wanted } = access[key] as AccessRule
  const has = (one: string) => scope.split(' ').includes(one)
  return (
    scopes.every(has) &&
    (anyScope === undefined || anyScope.some(has)) &&
    (wanted === undefined || wanted.some((one) => groups.includes(one)))
  )
}

function tryRead(access: Access, exact: boolean): AccessMap | undefined {
  try {
    return readAccessMap(access, { scope: exact ? 'stage' : 'listed routes' })
  } catch (error) {
    expect(error).toMatchObject({ code: 'ERR_CONFIG_INVALID' })
    return undefined
  }
}

test('a policy says of every request what the map says', () => {
  let decisions = 0
  let exactMaps = 0

  fc.assert(
    fc.property(
      accessMap,
      token,
      fc.array(request, { minLength: 30, maxLength: 30 }),
      (access, verified, requests) => {
        const exact = tryRead(access, true)
        const map = exact ?? tryRead(access, false)
        if (map === undefined) return
        if (exact) exactMaps++
        const { allow, deny } = map.toPolicy(verified, [])
        const statements = [
          { Effect: 'Allow', Resource: allow },
          { Effect: 'Deny', Resource: deny },
        ]
        for (const text of requests) {
          const wanted = decide(access, verified, text)
          if (wanted === undefined && !exact) continue
          decisions++
          expect(
            isAllowedByIam(statements, text),
            `${text} under ${JSON.stringify(statements)}`,
          ).toBe(wanted ?? false)
        }
      },
    ),
    { numRuns: 1_200 },
  )

  expect(decisions).toBeGreaterThan(10_000)
  expect(exactMaps).toBeGreaterThan(300)
}, 120_000)

test.each<[string, Access, string[], string[]]>([
  [
    'the widest pattern makes others unnecessary',
    { 'GET /a/{id}': {}, 'GET /{p+}': {} },
    ['GET/*'],
    ['GET/'],
  ],
  [
    'no Deny for what no pattern allows',
    { 'GET /x': {}, 'GET /y': { scopes: ['b'] } },
    ['GET/x'],
    [],
  ],
  ['a variable holds one segment', { 'GET /x/{id}': {} }, ['GET/x/*'], ['GET/x/*/*', 'GET/x/']],
  [
    'a route of its own within a pattern is denied',
    { 'GET /x/{id}': {}, 'GET /x/y': { scopes: ['b'] } },
    ['GET/x/*'],
    ['GET/x/y', 'GET/x/*/*', 'GET/x/'],
  ],
  [
    'no pattern for a route whose requests others allow',
    {
      'ANY /x/y': {},
      ...Object.fromEntries(METHODS.map((method) => [`${method} /x/{id}`, {}])),
    },
    METHODS.map((method) => `${method}/x/*`).reverse(),
    ['*/*/x/y', ...METHODS.flatMap((method) => [`${method}/x/*/*`, `${method}/x/`])],
  ],
  ['a star for ANY', { 'ANY /x': {} }, ['*/x'], ['*/*/x']],
  [
    'every method where a star does harm',
    { 'ANY /x': {}, 'GET /{id}/x': { scopes: ['b'] } },
    ['PUT/x', 'POST/x', 'PATCH/x', 'OPTIONS/x', 'HEAD/x', 'GET/x', 'DELETE/x'],
    [],
  ],
  ['one star for all paths', { $default: {}, 'GET /x': { scopes: ['b'] } }, ['*/*'], ['GET/x']],
])('a policy is short: %s', (_title, access, allow, deny) => {
  const claims = { scope: 'a', groups: [] }
  const verified = { claims, header: { alg: 'RS256' }, issuer: 'i' } as never

  const policy = readAccessMap(access, { scope: 'stage' }).toPolicy(verified, ['GET', 'x'])

  expect(policy).toMatchObject({ allow, deny })
})
