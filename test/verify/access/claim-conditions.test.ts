/**
 * Access rules for claims: roles, permissions, tenants, wherever an issuer writes them.
 */
import {
  AccessError,
  type AccessRule,
  authorize,
  ConfigError,
  createVerifier,
  type StandardSchemaV1,
} from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { createJudge } from '../support/access.ts'

const { judge, verify } = await createJudge()
const DENIED = 'ERR_ACCESS_DENIED'

describe('a rule for claims', () => {
  test.each<[NonNullable<AccessRule['claims']>, object, string]>([
    [{ tenant: 'acme' }, { tenant: 'acme' }, 'allowed'],
    [{ tenant: ['acme', 'initech'] }, { tenant: 'initech' }, 'allowed'],
    [{ roles: 'admin' }, { roles: ['user', 'admin'] }, 'allowed'],
    [{ roles: ['admin', 'owner'] }, { roles: ['user', 'owner'] }, 'allowed'],
    [{ roles: 'admin' }, { roles: 'admin' }, 'allowed'],
    [{ email_verified: true }, { email_verified: true }, 'allowed'],
    [{ archived: false }, { archived: false }, 'allowed'],
    [{ level: [2, 3] }, { level: 3 }, 'allowed'],
    [{ level: 0 }, { level: [1, 0] }, 'allowed'],
    [{ '/realm_access/roles': 'admin' }, { realm_access: { roles: ['admin'] } }, 'allowed'],
    [{ '/teams/0': 'a' }, { teams: ['a'] }, 'allowed'],
    [{ 'https://api.example/roles': 'a' }, { 'https://api.example/roles': ['a'] }, 'allowed'],
    [{ tenant: 'acme', roles: 'admin' }, { tenant: 'acme', roles: ['admin'] }, 'allowed'],
    [{ tenant: 'acme', roles: 'admin' }, { tenant: 'acme', roles: ['user'] }, DENIED],
    [{ tenant: 'acme', roles: 'admin' }, { tenant: 'evil', roles: ['admin'] }, DENIED],
    [{ tenant: 'acme' }, {}, DENIED],
    [{ '/teams/1': 'a' }, { teams: ['a'] }, DENIED],
  ])('%j and the claims %j: %s', async (claims, given, outcome) => {
    expect(await judge({ claims }, given as never)).toBe(outcome)
  })

  test.each<[object, string]>([
    [{}, 'missing'],
    [{ realm_access: {} }, 'missing'],
    [{ realm_access: { roles: ['user'] } }, 'mismatch'],
    [{ realm_access: { roles: null } }, 'mismatch'],
  ])('the error for %j names the claim as the rule does: %s', async (claims, reason) => {
    const verified = await verify(claims as never)
    const error = { code: DENIED, status: 403, claim: '/realm_access/roles', reason }

    expect(() => authorize(verified, { claims: { '/realm_access/roles': 'admin' } })).toThrow(
      expect.objectContaining(error),
    )
  })

  test('reads the claims of the token, not the output of a schema', async () => {
    const issuer = await createTestIssuer()
    const schema: StandardSchemaV1 = {
      '~standard': { version: 1, vendor: 'test', validate: () => ({ value: { tenant: 'evil' } }) },
    }
    const trusted = { issuer: issuer.issuer, audience: null, jwks: issuer.jwks, claims: schema }
    const verified = await createVerifier(trusted).verify(
      await issuer.token({ iss: issuer.issuer, exp: 4_000_000_000, tenant: 'acme' }),
    )

    expect(() => authorize(verified, { claims: { tenant: 'acme' } })).not.toThrow()
    expect(() => authorize(verified, { claims: { tenant: 'evil' } })).toThrow(AccessError)
  })
})

test.each<unknown>([
  null,
  '',
  'tenant',
  0,
  [],
  ['tenant'],
  {},
  { tenant: undefined },
  { tenant: null },
  { tenant: '' },
  { tenant: [] },
  { tenant: [''] },
  { tenant: ['acme', null] },
  { tenant: [['acme']] },
  { tenant: {} },
  { tenant: Number.NaN },
  { tenant: Number.POSITIVE_INFINITY },
  { tenant: Symbol('acme') },
  { tenant: () => true },
  { '': 'acme' },
  { '/~2': 'acme' },
  Object.create({ tenant: 'acme' }),
  Object.assign(Object.create({ tenant: 'acme' }), { role: 'admin' }),
  new Map([['tenant', 'acme']]),
])('claims of %j are a ConfigError that names the option', async (claims) => {
  const verified = await verify({ tenant: 'acme', role: 'admin' })

  expect(() => authorize(verified, { claims } as AccessRule)).toThrow(ConfigError)
  expect(() => authorize(verified, { claims } as AccessRule)).toThrow('"claims"')
})
