/**
 * Policies decide every request as the map does. An IAM evaluator shows it for random maps, tokens and requests, with any method
 * and any spelling of the path. `JWT_GATE_FUZZ_RUNS` sets the number of maps; each is tried with 60 requests.
 */
import fc from 'fast-check'
import { type AccessRule, isJwtGateError, type VerifiedToken } from 'jwt-gate'
import { expect, test } from 'vitest'
import {
  readStageAccess,
  type StageAccess,
} from '../../../src/lambda-authorizer/access/access-map.ts'
import {
  assertArn,
  type ExecuteApiArn,
  parseExecuteApiArn,
  toArn,
  toWideArn,
} from '../../../src/lambda-authorizer/request/execute-api-arn.ts'
import { METHODS } from '../../../src/lambda-authorizer/routes/route-key.ts'
import { toIamDecision } from '../iam.ts'
import { routed } from '../setup.ts'
import { NAMES, readingsOf, requestsFor, SEVEN, type SpelledRequest } from './spelled-requests.ts'

type Access = Readonly<Record<string, AccessRule<never>>>

const { JWT_GATE_FUZZ_RUNS: runs, JWT_GATE_FUZZ_SEED: seed } = process.env
const SEED = Number(seed ?? Math.floor(Math.random() * 2 ** 31))
const API = parseArn('arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod/')

function parseArn(text: string): ExecuteApiArn {
  const arn = parseExecuteApiArn(text)
  assertArn(arn)
  return arn
}

const rules: AccessRule<never>[] = [
  {},
  { scopes: ['a'] },
  { scopes: ['b'] },
  { scopes: ['a', 'b'] },
  { anyScope: ['a', 'b'] },
  { groups: ['g'] },
  { claims: { role: 'r' } },
  { claims: { '/role': ['r', 's'] } },
  { claims: { role: ['r', 's'], level: 1 }, scopes: ['a'] },
  { acr: ['mfa'] },
  { acr: ['mfa', 'phr'], maxAuthAgeSeconds: 1_000 },
  { maxAuthAgeSeconds: 100_000 },
]
const segment = fc.oneof(
  fc.constantFrom('x', 'y', 'orders', '{id}'),
  fc.constantFrom(...NAMES, '{id}'),
)
const path = fc
  .tuple(fc.array(segment, { maxLength: 3 }), fc.constantFrom('', '/{proxy+}'))
  .map(([parts, end]) => (parts.length > 0 ? `/${parts.join('/')}${end}` : end || '/'))
const routeKey = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(fc.constantFrom('GET', 'POST', 'ANY'), path).map((one) => one.join(' ')),
  },
  { weight: 1, arbitrary: fc.constantFrom('$default', 'GET /{proxy+}', 'ANY /{proxy+}') },
)
const accessMap = fc
  .array(fc.tuple(routeKey, fc.constantFrom(...rules)), { minLength: 1, maxLength: 5 })
  .map((entries): Access => Object.fromEntries(entries))
const token = fc
  .record({
    scope: fc.constantFrom('', 'a', 'b', 'a b'),
    groups: fc.constantFrom([], ['g']),
    role: fc.constantFrom(undefined, 'r', 's', ['r', 's'], ['x', 's'], 'x'),
    level: fc.constantFrom(1, '1'),
    acr: fc.constantFrom(undefined, 'mfa', 'phr', 'pwd'),
    age: fc.constantFrom(undefined, 0, 10_000, 1_000_000),
  })
  .map(({ age, ...claims }) => ({
    ...claims,
    auth_time: age === undefined ? age : Date.now() / 1_000 - age,
    age,
  }))
  .map((claims) => ({ claims, header: { alg: 'RS256' }, issuer: 'i' }) as VerifiedToken<unknown>)
const world = accessMap.chain((access) =>
  fc.tuple(
    fc.constant(access),
    token,
    fc.array(requestsFor(Object.keys(access)), { minLength: 60, maxLength: 60 }),
  ),
)

/**
 * The requests that a key matches. Nothing here is shared with the code.
 * @param isDecoded - whether an encoded text of the key also matches the decoded text
 */
function toRegExp(key: string, isDecoded: boolean): RegExp {
  if (key === '$default') return /^[^/]*\/.*$/s
  const [method = '', text = ''] = key.split(' ')
  const source = text
    .replaceAll('.', '\\.')
    .replaceAll('caf%C3%A9', isDecoded ? '(?:caf%C3%A9|café)' : 'caf%C3%A9')
    .replaceAll(/\{\w+\+\}/g, '.+')
    .replaceAll(/\{\w+\}/g, '[^/]+')
  return new RegExp(`^${method === 'ANY' ? '[^/]*' : method}${source}$`, 's')
}

/** From the left, text before {id} before {proxy+}. Then a method before ANY. $default is last. */
function toRank(key: string): string {
  if (key === '$default') return '9'
  const [method = '', text = ''] = key.split(' ')
  const parts = text.slice(1).split('/')
  const ranks = parts.map((part) => (part.endsWith('+}') ? '3' : part.startsWith('{') ? '2' : '1'))
  return `${ranks.join('')}${method === 'ANY' ? '1' : '0'}`
}

function doesPass(rule: AccessRule, verified: VerifiedToken<unknown>): boolean {
  const given = verified.claims as {
    scope: string
    groups: string[]
    role: unknown
    level: unknown
    acr: unknown
    age: number | undefined
  }
  const { scope, groups } = given
  const { scopes = [], anyScope, groups: wanted, claims = {}, acr } = rule
  const { maxAuthAgeSeconds: maxAge } = rule
  const { role = claims['/role'], level } = claims
  const meets = (claim: unknown, values: unknown) =>
    values === undefined || [claim].flat().some((one) => new Set<unknown>([values].flat()).has(one))
  const has = (one: string) => scope.split(' ').includes(one)
  return (
    scopes.every(has) &&
    (anyScope === undefined || anyScope.some(has)) &&
    (wanted === undefined || wanted.some((one) => groups.includes(one))) &&
    meets(given.role, role) &&
    meets(given.level, level) &&
    meets(given.acr, acr) &&
    (maxAge === undefined || (given.age !== undefined && given.age < maxAge))
  )
}

/** The decision of the map for a request whose path is taken literally; `undefined` if no route matches. */
type Decide = (request: string) => boolean | undefined

function toDecision(
  access: Access,
  verified: VerifiedToken<unknown>,
  { isDecoded }: { readonly isDecoded: boolean },
): Decide {
  const routes = Object.keys(access)
    .sort((a, b) => (toRank(a) < toRank(b) ? -1 : 1))
    .map((key) => ({
      pattern: toRegExp(key, isDecoded),
      isGranted: doesPass(access[key] as AccessRule, verified),
    }))
  return (request) => routes.find(({ pattern }) => pattern.test(request))?.isGranted
}

function tryRead(access: Access, exact: boolean): StageAccess | undefined {
  try {
    return readStageAccess(access, exact)
  } catch (error) {
    expect(error).toMatchObject({ code: 'ERR_CONFIG_INVALID' })
    return undefined
  }
}

function isAllowedByMap(map: StageAccess, verified: VerifiedToken<unknown>, text: string): boolean {
  try {
    map.assertAllowed(verified, routed(text))
    return true
  } catch (error) {
    if (!isJwtGateError(error) || error.code === 'ERR_CONFIG_INVALID') throw error
    return false
  }
}

/** Decides with whole ARNs, as API Gateway does. */
function toPolicyDecision(map: StageAccess, verified: VerifiedToken<unknown>) {
  const { allow, deny, denySpellings } = map.toPolicy(verified, routed('')).toPatterns()
  const denied = [
    ...deny.map((one) => toArn(API, one)),
    ...denySpellings.map((one) => toWideArn(API, one)),
  ]
  const statements = [
    { Effect: 'Allow', Resource: allow.map((one) => toArn(API, one)) },
    { Effect: 'Deny', Resource: denied },
  ]
  const isAllowed = toIamDecision(statements)
  return { statements, isAllowed: (text: string) => isAllowed(toArn(API, text)) }
}

const SEEN = { decisions: 0, exactMaps: 0, plain: 0, spelledAndAllowed: 0, spelledAndDenied: 0 }

test('a policy decides every request as the map does', () => {
  const seen = { ...SEEN }

  fc.assert(
    fc.property(world, ([access, verified, requests]) => {
      const exact = tryRead(access, true)
      const map = exact ?? tryRead(access, false)
      if (map === undefined) return
      if (exact) seen.exactMaps++
      const check = toCheck(access, verified, { map, isExact: exact !== undefined })
      for (const request of requests) seen[check(request)]++
      seen.decisions += requests.length
    }),
    { numRuns: Number(runs ?? 600), seed: SEED },
  )

  if (runs !== undefined) console.log(`route policies: seed ${SEED}`, seen)
  expect(seen.decisions).toBeGreaterThan(10_000)
  expect(seen.exactMaps).toBeGreaterThan(200)
  expect(seen.spelledAndAllowed).toBeGreaterThan(500)
  expect(seen.spelledAndDenied).toBeGreaterThan(500)
}, 3_600_000)

/** Checks the decision of a policy for a request, and returns the kind of the request. */
function toCheck(
  access: Access,
  verified: VerifiedToken<unknown>,
  { map, isExact }: { readonly map: StageAccess; readonly isExact: boolean },
): (request: SpelledRequest) => 'plain' | 'spelledAndAllowed' | 'spelledAndDenied' {
  const decide = toDecision(access, verified, { isDecoded: false })
  const decideReading = toDecision(access, verified, { isDecoded: true })
  const { statements, isAllowed } = toPolicyDecision(map, verified)
  /** Whether the policy must agree with the map. Other requests may be denied, or allowed if `exact` is false. */
  const isSaid = (request: string, method: string, byPolicy: boolean): boolean =>
    (isExact || decide(request) !== undefined) && (byPolicy || SEVEN.includes(method))
  /** Whether a path has a reading that belongs to a route that the token may not use. */
  const isBypass = (method: string, text: string): boolean =>
    [...readingsOf(text)].some((reading) => decideReading(`${method}/${reading}`) === false)
  const compare = ({ method, path: text, isPlain }: SpelledRequest, byPolicy: boolean) => {
    const request = `${method}/${text}`
    const isCompared = isSaid(request, method, byPolicy)
    return {
      byMap: isCompared ? isAllowedByMap(map, verified, request) : byPolicy,
      wanted: isCompared && isPlain ? decide(request) === true : byPolicy,
      isBypass: byPolicy && isBypass(method, text),
    }
  }

  return (request) => {
    const byPolicy = isAllowed(`${request.method}/${request.path}`)
    const { byMap, wanted, isBypass } = compare(request, byPolicy)
    if (isBypass || byMap !== byPolicy || wanted !== byPolicy) {
      const why = { request, access, statements, byPolicy, byMap, wanted, isBypass }
      throw new Error(JSON.stringify(why))
    }
    if (request.isPlain) return 'plain'
    return byPolicy ? 'spelledAndAllowed' : 'spelledAndDenied'
  }
}

test.each<[string, Access, string[], string[]]>([
  [
    'the widest pattern makes others unnecessary',
    { 'GET /a/{id}': {}, 'GET /{p+}': {} },
    ['GET/*'],
    ['GET/'],
  ],
  [
    'no Deny for requests that no pattern allows',
    { 'GET /x': {}, 'GET /y': { scopes: ['b'] } },
    ['GET/x'],
    [],
  ],
  ['a variable matches one segment', { 'GET /x/{id}': {} }, ['GET/x/*'], ['GET/x/*/*', 'GET/x/']],
  [
    'another route within a pattern is denied',
    { 'GET /x/{id}': {}, 'GET /x/y': { scopes: ['b'] } },
    ['GET/x/*'],
    ['GET/x/y', 'GET/x/*/*'],
  ],
  [
    'no pattern for a method whose requests others allow',
    {
      'ANY /x/y': {},
      ...Object.fromEntries(METHODS.map((method) => [`${method} /x/{id}`, {}])),
    },
    [...METHODS.map((method) => `${method}/x/*`).reverse(), '*/x/y'],
    ['*/*/x/y', ...METHODS.flatMap((method) => [`${method}/x/*/*`, `${method}/x/`])],
  ],
  ['a star for ANY', { 'ANY /x': {} }, ['*/x'], ['*/*/x']],
  [
    'every method if a star would conflict',
    { 'ANY /x': {}, 'GET /{id}/x': { scopes: ['b'] } },
    ['PUT/x', 'POST/x', 'PATCH/x', 'OPTIONS/x', 'HEAD/x', 'GET/x', 'DELETE/x'],
    [],
  ],
  ['one star for all paths', { $default: {}, 'GET /x': { scopes: ['b'] } }, ['*/*'], ['GET/x']],
])('a policy is short: %s', (_title, access, allow, deny) => {
  const claims = { scope: 'a', groups: [] }
  const verified = { claims, header: { alg: 'RS256' }, issuer: 'i' } as never

  const policy = readStageAccess(access, true).toPolicy(verified, routed('GET/x')).toPatterns()

  expect(policy).toMatchObject({ allow, deny })
})
