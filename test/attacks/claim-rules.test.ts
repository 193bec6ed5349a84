/**
 * A rule for claims is met by exactly the values that it lists: of the same type, spelled the same, and in the token itself.
 */
import { type AccessRule, authorize, createVerifier } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { ACCEPTED, claimsOf, now, sayOf, trust } from './setup.ts'

type ClaimRule = NonNullable<AccessRule['claims']>

const issuer = await createTestIssuer({ now })
const verifier = createVerifier(trust(issuer), { now })

async function judgeClaims(claims: ClaimRule, given: Record<string, unknown>): Promise<string> {
  const verified = await verifier.verify(await issuer.token({ ...claimsOf(issuer), ...given }))
  return sayOf(() => authorize(verified, { claims }))
}

describe('the role admin is not granted by', () => {
  test.each<unknown>([
    undefined,
    null,
    '',
    'Admin',
    'ADMIN',
    'admins',
    'xadmin',
    'admi',
    'admin ',
    ' admin',
    'admin\0',
    'admin,user',
    'admin user',
    '["admin"]',
    '\u0430dmin',
    '*',
    '.*',
    true,
    1,
    {},
    { admin: true },
    { 0: 'admin', length: 1 },
    { toString: 'admin' },
    { value: 'admin' },
    { roles: ['admin'] },
    [],
    ['Admin'],
    ['adm', 'in'],
    ['admin '],
    ['admin,user'],
    [['admin']],
    [{ 0: 'admin' }],
    [{ name: 'admin' }],
    [null],
    [true],
  ])('roles of %j', async (roles) => {
    expect(await judgeClaims({ roles: 'admin' }, { roles: ['admin'] })).toBe(ACCEPTED)
    expect(await judgeClaims({ roles: 'admin' }, { roles })).toMatch(/^ERR_ACCESS_DENIED roles /)
    expect(await judgeClaims({ '/a/roles': ['admin', 'x'] }, { a: { roles } })).toMatch(
      /^ERR_ACCESS_DENIED \/a\/roles /,
    )
  })
})

test.each<[string | number | boolean, unknown[]]>([
  [1, ['1', '1.0', true, [true], ['1'], 1.5, -1, { 1: 1 }, [[1]]]],
  [0, ['0', '', false, null, [], ['0'], [null], {}]],
  ['1', [1, [1], true, '01', '1.0', 11]],
  [true, ['true', 1, 'yes', [1], ['true'], {}, [[true]]]],
  [false, ['false', 0, '', null, [], [0], [null]]],
  ['null', [null, [null]]],
  ['undefined', [undefined, null]],
])('%j is not any of %j', async (value, others) => {
  expect(await judgeClaims({ level: value }, { level: value })).toBe(ACCEPTED)
  expect(await judgeClaims({ level: value }, { level: [value] })).toBe(ACCEPTED)
  for (const level of others) {
    expect(await judgeClaims({ level: value }, { level })).toMatch(/^ERR_ACCESS_DENIED level /)
  }
})

describe('nothing that a claim inherits counts', () => {
  test.each([
    '/constructor/name',
    '/__proto__/constructor/name',
    '/a/constructor/name',
    '/a/__proto__/tag',
    '/list/constructor/name',
    '/list/length',
    '/text/length',
    '/text/0',
    'constructor',
    '__proto__',
    'toString',
  ])('%s', async (name) => {
    const given = { a: {}, list: ['x'], text: 'x' }
    const values = ['Object', 'Array', 'String', 'Function', 'x', 1]

    expect(await judgeClaims({ [name]: values }, given)).toBe(`ERR_ACCESS_DENIED ${name} missing`)
  })

  test.each(['tenant', '/a/tenant'])('%s of a polluted prototype', async (name) => {
    expect(await judgeClaims({ [name]: 'acme' }, { tenant: 'acme', a: { tenant: 'acme' } })).toBe(
      ACCEPTED,
    )
    Object.defineProperty(Object.prototype, 'tenant', { value: 'acme', configurable: true })
    try {
      expect(await judgeClaims({ [name]: 'acme' }, { a: {} })).toBe(
        `ERR_ACCESS_DENIED ${name} missing`,
      )
    } finally {
      Reflect.deleteProperty(Object.prototype, 'tenant')
    }
  })

  test('a member __proto__ is a claim of its own, and no prototype', async () => {
    const verified = await verifier.verify(await issuer.token(claimsOf(issuer)))
    const claims = JSON.parse('{ "a": { "__proto__": { "role": "admin" } } }')
    const say = (name: string) =>
      sayOf(() => authorize({ ...verified, claims }, { claims: { [name]: 'admin' } }))

    expect(await say('/a/__proto__/role')).toBe(ACCEPTED)
    expect(await say('/a/role')).toBe('ERR_ACCESS_DENIED /a/role missing')
  })
})

describe('a pointer leads to one place only', () => {
  test.each<[string, Record<string, unknown>]>([
    ['/a/roles', { 'a/roles': ['admin'] }],
    ['/a/roles', { '/a/roles': ['admin'] }],
    ['/a/roles', { roles: ['admin'], a: {} }],
    ['/a/roles', { a: { roles: ['user'] }, roles: ['admin'] }],
    ['/a/roles', { a: [{ roles: ['admin'] }] }],
    ['/a/roles', { a: '{"roles":["admin"]}' }],
    ['/a/roles', { A: { roles: ['admin'] } }],
    ['/a/roles', { a: { b: { roles: ['admin'] } } }],
    ['/a~1roles', { a: { roles: ['admin'] } }],
    ['/a/0', { a: { '00': 'admin' } }],
    ['/a/01', { a: ['x', 'admin'] }],
    ['/a/-1', { a: ['admin'] }],
    ['/a/1e0', { a: ['x', 'admin'] }],
    ['a.roles', { a: { roles: ['admin'] } }],
    ['roles', { realm_access: { roles: ['admin'] } }],
    ['/roles/', { roles: ['admin'] }],
  ])('%s is not met by %j', async (name, given) => {
    expect(await judgeClaims({ [name]: 'admin' }, given)).toMatch(/^ERR_ACCESS_DENIED /)
  })
})

test('no list of claims is met by one of them', async () => {
  const rule = { tenant: 'acme', '/tenant': ['acme', 'x'], roles: ['a', 'b'] }
  const all = { tenant: 'acme', roles: ['b'] }

  expect(await judgeClaims(rule, all)).toBe(ACCEPTED)
  for (const name of ['tenant', 'roles']) {
    expect(await judgeClaims(rule, { ...all, [name]: 'c' })).toBe(
      `ERR_ACCESS_DENIED ${name} mismatch`,
    )
  }
})
