/**
 * A call with a token that the authorizer has seen before has the same result as the first call of a new authorizer: for random
 * maps, tokens, requests and times, and whatever a caller has done with earlier results. `JWT_GATE_FUZZ_RUNS` sets the number of
 * authorizers; each gets twelve calls.
 */
import fc from 'fast-check'
import {
  type AccessRule,
  createVerifier,
  isJwtGateError,
  type JwtClaims,
  type Verifier,
} from 'jwt-gate'
import {
  type AuthorizerEvent,
  type AuthorizerOptions,
  createAuthorizer,
} from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { beforeEach, describe, expect, test } from 'vitest'
import { NOW } from './setup.ts'

const { JWT_GATE_FUZZ_RUNS: runs, JWT_GATE_FUZZ_SEED: seed } = process.env

/** What may change between two calls. */
const world = { ms: NOW, flag: true }
beforeEach(() => {
  Object.assign(world, { ms: NOW, flag: true })
})

const issuer = await createTestIssuer({ now: () => NOW, algorithms: ['ES256'] })
const key = issuer.keyFor('ES256')
const trusted = { issuer: issuer.issuer, audience: null, jwks: issuer.jwks }
const seconds = NOW / 1_000
const base = { iss: issuer.issuer, sub: 'alice', exp: seconds + 86_400 }
const mint = (claims: object) => issuer.token({ ...base, ...claims }, { key })
const tokens = await Promise.all([
  mint({ scope: 'a', auth_time: seconds - 50 }),
  mint({ scope: 'a b', groups: ['g'], acr: 'mfa', auth_time: seconds }),
  mint({ groups: ['g'], role: ['r'], tenant: 'x'.repeat(6_200) }),
  mint({ scope: 'b', note: 'é"\\'.repeat(1_500), sub: undefined, client_id: 'c' }),
  mint({ scope: 'a', cnf: { jkt: 'x' }, nbf: seconds + 60 }),
  mint({ scope: 'a', exp: seconds + 100 }),
])

type Rule = AccessRule<JwtClaims>
const rule = fc.constantFrom<Rule>(
  {},
  { scopes: ['a'] },
  { anyScope: ['a', 'b'] },
  { groups: ['g'] },
  { claims: { role: 'r' } },
  { acr: ['mfa'] },
  { maxAuthAgeSeconds: 100 },
  { scopes: ['a'], check: () => world.flag },
  { check: () => !world.flag },
)
const KEYS = ['GET /x', 'GET /x/{id}', 'POST /y', 'ANY /z/{proxy+}', '$default', '$connect']
const access = fc.dictionary(fc.constantFrom(...KEYS), rule, { minKeys: 1, noNullPrototype: true })
const options = fc.record<AuthorizerOptions>(
  {
    access,
    exact: fc.constantFrom(true, false),
    policy: fc.constantFrom('stage', 'stage', 'request'),
    response: fc.constantFrom('policy', 'policy', 'policy', 'simple'),
    context: fc.constant((({ header }: { header: object }) => ({ ...header, ...world })) as never),
    principalId: fc.constant(() => (world.flag ? 'p' : 'q'.repeat(900))),
    usageIdentifierKey: fc.constant(() => (world.flag ? 'k' : undefined)),
  },
  { requiredKeys: [] },
)
const call = fc.record({
  token: fc.constantFrom(...tokens),
  gateway: fc.constantFrom('rest-request', 'rest-token', 'http-1.0', 'http-2.0', 'websocket'),
  method: fc.constantFrom('GET', 'POST'),
  path: fc.constantFrom('/x', '/x/7', '/y', '/z/a/b', '/', '/other', '//x', '/x/%2e'),
  stage: fc.constantFrom('prod', 'test'),
  ms: fc.constantFrom(0, 60_000, 120_000),
  flag: fc.boolean(),
})
type Call = typeof call extends fc.Arbitrary<infer T> ? T : never

/** An authorizer, and what it returns, throws and reports. */
function create(verifier: Verifier, given: AuthorizerOptions) {
  const events: unknown[] = []
  const onEvent = (event: AuthorizerEvent) => {
    events.push('error' in event ? { ...event, error: describeError(event.error) } : event)
  }
  const handler = createAuthorizer(verifier, { ...given, onEvent })
  return async ({ gateway, token, method, path, stage }: Call) => {
    const event = createAuthorizerEvent(gateway as 'http-1.0', { token, method, path, stage })
    const outcome = await handler(event).catch(describeError)
    return { outcome, events: events.splice(0) }
  }
}

function describeError(error: unknown): object {
  const { name, message, cause } = error as Error
  const { code, reason, claim } = isJwtGateError(error) ? error : ({} as never)
  return { name, message, code, reason, claim, cause: cause && describeError(cause) }
}

/** What a caller may do with a result. */
function spoil(result: unknown): void {
  for (const value of Object.values(Object(result) as object)) {
    if (typeof value === 'object') spoil(value)
  }
  if (Array.isArray(result)) result.push('arn:aws:execute-api:*:*:*/*/*')
  else if (typeof result === 'object') Object.assign(result as object, { Effect: 'Allow', x: 1 })
}

const now = () => world.ms
const createFresh = (given: AuthorizerOptions) =>
  create(createVerifier(trusted, { now, tokenCache: false }), given)

function tryCreate(given: AuthorizerOptions) {
  try {
    return create(createVerifier(trusted, { now }), given)
  } catch (error) {
    expect(error).toMatchObject({ code: 'ERR_CONFIG_INVALID' })
    return undefined
  }
}

test('a repeated call has the result of the first call of a new authorizer', async () => {
  const seen = { allowed: 0, refused: 0, reduced: 0 }

  await fc.assert(
    fc.asyncProperty(
      options,
      fc.array(call, { minLength: 12, maxLength: 12 }),
      async (given, calls) => {
        const again = tryCreate(given)
        if (again === undefined) return
        for (const one of calls) {
          world.ms = NOW + one.ms
          world.flag = one.flag
          const actual = await again(one)
          expect(actual).toEqual(await createFresh(given)(one))
          count(seen, actual)
          spoil(actual.outcome)
        }
      },
    ),
    { numRuns: Number(runs ?? 100), ...(seed !== undefined && { seed: Number(seed) }) },
  )

  expect(seen.allowed).toBeGreaterThan(100)
  expect(seen.refused).toBeGreaterThan(100)
  expect(seen.reduced).toBeGreaterThan(10)
}, 3_600_000)

function count(
  seen: Record<'allowed' | 'refused' | 'reduced', number>,
  { outcome, events }: { outcome: object; events: unknown[] },
): void {
  const text = JSON.stringify(events)
  if (text.includes('context_reduced')) seen.reduced++
  if (text.includes('refused')) seen.refused++
  else if ('policyDocument' in outcome) seen.allowed++
}

describe('for a token in the cache', () => {
  const reader = tokens[0] as string
  const event = createAuthorizerEvent('rest-request', { token: reader, path: '/x' })
  const map = (one: Rule) => ({ 'GET /x': one, 'GET /y': { scopes: ['a'] } })
  const resourcesOf = (result: object) =>
    (
      result as { policyDocument: { Statement: { Effect: string; Resource: string[] }[] } }
    ).policyDocument.Statement.flatMap(({ Effect, Resource }) =>
      [Resource].flat().map((one) => `${Effect} ${one.split('/prod/')[1]}`),
    )

  /** Calls until the token comes from the cache, and is known to the authorizer. */
  async function createWarm(given: AuthorizerOptions, verifier?: Verifier) {
    const handler = createAuthorizer(verifier ?? createVerifier(trusted, { now }), given)
    for (let n = 0; n < 3; n++) await handler(event)
    return handler
  }

  test('asks a rule’s check in every call', async () => {
    const handler = await createWarm({ access: map({ check: () => world.flag }) })

    expect(resourcesOf(await handler(event))).toEqual(['Allow GET/y', 'Allow GET/x'])
    world.flag = false
    expect(resourcesOf(await handler(event))).toEqual(['Allow GET/y'])
    world.flag = true
    expect(resourcesOf(await handler(event))).toEqual(['Allow GET/y', 'Allow GET/x'])
  })

  test('compares the time of the authentication in every call', async () => {
    const handler = await createWarm({ access: map({ maxAuthAgeSeconds: 100 }) })

    expect(resourcesOf(await handler(event))).toEqual(['Allow GET/y', 'Allow GET/x'])
    world.ms += 51_000
    expect(resourcesOf(await handler(event))).toEqual(['Allow GET/y'])
  })

  test('believes a wrapped verifier anew in every call', async () => {
    const verifier = createVerifier(trusted, { now })
    const changing = { ...(await verifier.verify(reader)), claims: { ...base, scope: 'a' } }
    const handler = await createWarm(
      { access: map({}) },
      { ...verifier, verify: async () => changing as never },
    )

    expect(resourcesOf(await handler(event))).toEqual(['Allow GET/y', 'Allow GET/x'])
    changing.claims.scope = 'b'
    changing.claims.sub = 'bob'
    const result = await handler(event)

    expect(resourcesOf(result)).toEqual(['Allow GET/x'])
    expect(result).toMatchObject({ principalId: 'bob', context: { sub: 'bob', scope: 'b' } })
  })

  test('asks the functions of the options in every call', async () => {
    let n = 0
    const next = () => String(n++)
    const handler = await createWarm({
      principalId: next,
      usageIdentifierKey: next,
      context: () => ({ n: next() }),
    })

    expect(n).toBe(9)
    expect(await handler(event)).toMatchObject({
      principalId: '9',
      usageIdentifierKey: '10',
      context: { n: '11' },
    })
  })

  test('gives each call an error of its own', async () => {
    const errors = new Set<unknown>()
    const onEvent = (one: AuthorizerEvent) => errors.add('error' in one && one.error)
    await createWarm({ access: map({ groups: ['g'] }), onEvent })

    expect(errors.size).toBe(3)
    expect([...errors]).toEqual(
      Array(3).fill(expect.objectContaining({ code: 'ERR_ACCESS_GROUP' })),
    )
  })
})
