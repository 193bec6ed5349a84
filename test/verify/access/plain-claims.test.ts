/**
 * Access rules for claims without a token, such as those that `claimsFromEvent` returns.
 */
import { type AccessRule, authorize, ConfigError, createVerifier } from 'jwt-gate'
import { claimsFromEvent, createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createHandlerEvent, createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'

const issuer = await createTestIssuer()
const claims = { iss: issuer.issuer, exp: 4_000_000_000, sub: 'alice' }

function judge(given: unknown, rule: AccessRule): string {
  try {
    authorize(given as never, rule)
    return 'allowed'
  } catch (error) {
    return (error as { code: string }).code
  }
}

test('the claims behind the authorizer meet the same rules as the token', async () => {
  const all = { ...claims, scope: 'a b', groups: ['g'], realm_access: { roles: ['admin'] } }
  const verifier = createVerifier({ issuer: issuer.issuer, audience: null, jwks: issuer.jwks })
  const token = await issuer.token({ ...all, acr: 'mfa', auth_time: Date.now() / 1_000 })
  const verified = await verifier.verify(token)
  const handler = createAuthorizer(verifier)
  const { context } = await handler(createAuthorizerEvent('rest-request', { token }))
  const behind = claimsFromEvent(createHandlerEvent('rest-lambda', { context }))

  const rules: [AccessRule, string][] = [
    [{}, 'allowed'],
    [{ scopes: ['a', 'b'], anyScope: ['b'] }, 'allowed'],
    [{ groups: ['g'], allGroups: ['g'] }, 'allowed'],
    [{ claims: { '/realm_access/roles': 'admin' } }, 'allowed'],
    [{ acr: ['mfa'], maxAuthAgeSeconds: 60 }, 'allowed'],
    [{ check: ({ issuer: iss }) => iss === issuer.issuer }, 'allowed'],
    [{ scopes: ['c'] }, 'ERR_ACCESS_SCOPE'],
    [{ groups: ['h'] }, 'ERR_ACCESS_GROUP'],
    [{ claims: { '/realm_access/roles': 'owner' } }, 'ERR_ACCESS_DENIED'],
    [{ acr: ['phr'] }, 'ERR_ACCESS_AUTHENTICATION'],
    [{ check: () => false }, 'ERR_ACCESS_DENIED'],
  ]
  for (const [rule, outcome] of rules) {
    expect([judge(verified, rule), judge(behind, rule)]).toEqual([outcome, outcome])
  }
})

describe('nothing else passes, not even for an empty rule', () => {
  test.each<unknown>([
    undefined,
    null,
    '',
    'token',
    1,
    [],
    [claims],
    {},
    () => claims,
    new Map([['sub', 'alice']]),
    Promise.resolve({ claims, header: {}, issuer: issuer.issuer }),
    Object.create(claims),
  ])('%s', (given) => {
    expect(() => authorize(given as never, {})).toThrow(ConfigError)
    expect(() => authorize(given as never, {})).toThrow('"verified"')
  })

  test('a promise: the error says that it has to be awaited', () => {
    const forgotten = Promise.resolve({ sub: 'alice' })

    expect(() => authorize(forgotten as never, {})).toThrow(/"verified" .* await it$/)
  })
})

test.each(['iss', 'sub', 'exp'] as const)(
  'claims that contain the members of a verified token are not mistaken for one: with %s',
  (name) => {
    const nested = { claims: { groups: ['admin'] }, header: { alg: 'RS256' }, issuer: 'x' }

    expect(judge(nested, { groups: ['admin'] })).toBe('allowed')
    expect(judge({ ...nested, [name]: claims[name] }, { groups: ['admin'] })).toBe(
      'ERR_ACCESS_GROUP',
    )
  },
)
