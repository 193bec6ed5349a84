/**
 * A valid token must not get access that it was not granted: scopes and groups are compared as whole names, and are read only
 * from their own claims (RFC 6749 s3.3; RFC 9068 s2.2.3; RFC 6750 s3.1).
 */
import { type AccessRule, authorize, createVerifier } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { ACCEPTED, claimsOf, now, sayOf, trust } from './setup.ts'

const issuer = await createTestIssuer({ now })
const verifier = createVerifier(trust(issuer), { now })

async function judgeAccess(rule: AccessRule, claims: Record<string, unknown>): Promise<string> {
  const verified = await verifier.verify(await issuer.token({ ...claimsOf(issuer), ...claims }))
  return sayOf(() => authorize(verified, rule))
}

const SCOPES: unknown[] = [
  undefined,
  null,
  '',
  ' ',
  'rea',
  'reads',
  'xread',
  'READ',
  'read:all',
  'read/',
  'read.write',
  'read,write',
  'read;write',
  'read\twrite',
  'read\nwrite',
  'read\u00a0write',
  'read\u2028write',
  'read\0',
  '"read"',
  're ad',
  'r\u0435ad',
  'read\u200b',
  '*',
  '.*',
  'true',
  'write admin',
  1,
  true,
  {},
  { read: true },
  { 0: 'read', length: 1 },
  { includes: 'read' },
  [],
  ['READ'],
  ['rea', 'd'],
  ['read write'],
  ['read '],
  [['read']],
  [{ toString: 'read' }],
  [true],
]

describe('no scope is granted by', () => {
  test.each(SCOPES)('a scope of %j', async (scope) => {
    expect(await judgeAccess({ scopes: ['read'] }, { scope: 'read' })).toBe(ACCEPTED)
    expect(await judgeAccess({ scopes: ['read'] }, { scope })).toBe('ERR_ACCESS_SCOPE')
    expect(await judgeAccess({ anyScope: ['read', 'x'] }, { scope })).toBe('ERR_ACCESS_SCOPE')
  })

  test.each(['scopes', 'permissions', 'roles', 'Scope', 'groups', 'cognito:groups', 'constructor'])(
    'the claim %s',
    async (name) => {
      const claims = { scope: 'other', [name]: 'read' }

      expect(await judgeAccess({ scopes: ['read'] }, { scope: 'read other' })).toBe(ACCEPTED)
      expect(await judgeAccess({ scopes: ['read'] }, claims)).toBe('ERR_ACCESS_SCOPE')
    },
  )

  test.each<unknown>(['other', '', [], {}, 0])('scp when scope is %j', async (scope) => {
    expect(await judgeAccess({ scopes: ['read'] }, { scp: ['read'] })).toBe(ACCEPTED)
    expect(await judgeAccess({ scopes: ['read'] }, { scope, scp: ['read'] })).toBe(
      'ERR_ACCESS_SCOPE',
    )
  })
})

const GROUPS: unknown[] = [
  undefined,
  null,
  '',
  'SuperAdminsWannabe admin',
  // a string is a list with this one group
  'admin user',
  'admin,user',
  'admin;user',
  'admin\nuser',
  ' admin',
  'admin ',
  'Admin',
  'admi',
  'superadmin',
  '*',
  '.*',
  '["admin"]',
  1,
  true,
  {},
  { admin: true },
  { 0: 'admin', length: 1 },
  [],
  ['Admin'],
  ['ADMIN'],
  ['admins'],
  ['xadmin'],
  ['admi'],
  ['admin '],
  [' admin'],
  ['admin\0'],
  ['admin,user'],
  ['admin user'],
  ['\u0430dmin'],
  ['adm\u0131n'],
  ['*'],
  [''],
  [null],
  [true],
  [['admin']],
  [{ name: 'admin' }],
  ['toString', '__proto__'],
]

describe('no group is named by', () => {
  test.each(GROUPS)('groups of %j', async (groups) => {
    for (const name of ['cognito:groups', 'groups']) {
      expect(await judgeAccess({ groups: ['admin'] }, { [name]: ['admin'] })).toBe(ACCEPTED)
      expect(await judgeAccess({ groups: ['admin'] }, { [name]: groups })).toBe('ERR_ACCESS_GROUP')
      expect(await judgeAccess({ allGroups: ['admin'] }, { [name]: groups })).toBe(
        'ERR_ACCESS_GROUP',
      )
    }
  })

  test('another groups claim when cognito:groups is present', async () => {
    const claims = { 'cognito:groups': ['user'], groups: ['admin'] }

    expect(await judgeAccess({ groups: ['user'] }, claims)).toBe(ACCEPTED)
    expect(await judgeAccess({ groups: ['admin'] }, claims)).toBe('ERR_ACCESS_GROUP')
  })

  test.each(['cognito:roles', 'roles', 'scope', 'Groups'])('the claim %s', async (name) => {
    const claims = { groups: ['user'], [name]: ['admin'] }

    expect(await judgeAccess({ groups: ['user'] }, claims)).toBe(ACCEPTED)
    expect(await judgeAccess({ groups: ['admin'] }, claims)).toBe('ERR_ACCESS_GROUP')
  })
})

test.each([
  ['scope', { scopes: ['admin'] }],
  ['scp', { scopes: ['admin'] }],
  ['groups', { groups: ['admin'] }],
  ['cognito:groups', { allGroups: ['admin'] }],
] as [string, AccessRule][])('an inherited %s grants nothing', async (name, rule) => {
  expect(await judgeAccess(rule, { [name]: ['admin'] })).toBe(ACCEPTED)
  Object.defineProperty(Object.prototype, name, { value: ['admin'], configurable: true })
  try {
    expect(await judgeAccess(rule, {})).toMatch(/^ERR_ACCESS_/)
  } finally {
    Reflect.deleteProperty(Object.prototype, name)
  }
})

describe('no weak or old authentication passes for', () => {
  const seconds = now() / 1_000
  const strong = { acr: 'mfa', auth_time: seconds }

  test.each<[AccessRule, Record<string, unknown>, string]>([
    [{ acr: ['mfa'] }, { acr: undefined, amr: ['mfa'] }, 'acr missing'],
    [{ acr: ['mfa'] }, { acr: undefined, acr_values: 'mfa' }, 'acr missing'],
    [{ acr: ['mfa'] }, { acr: 'mfa ' }, 'acr mismatch'],
    [{ acr: ['mfa'] }, { acr: 'pwd mfa' }, 'acr mismatch'],
    [{ acr: ['mfa'] }, { acr: ['pwd', 'mfa'] }, 'acr invalid'],
    [{ acr: ['mfa'] }, { acr: { 0: 'mfa', length: 1 } }, 'acr invalid'],
    [{ maxAuthAgeSeconds: 60 }, { auth_time: seconds - 61 }, 'auth_time mismatch'],
    [{ maxAuthAgeSeconds: 60 }, { auth_time: -1e308 }, 'auth_time mismatch'],
    [{ maxAuthAgeSeconds: 60 }, { auth_time: 1e308 }, 'auth_time future'],
    [{ maxAuthAgeSeconds: 60 }, { auth_time: seconds * 1_000 }, 'auth_time future'],
    [{ maxAuthAgeSeconds: 60 }, { auth_time: `${seconds}` }, 'auth_time invalid'],
    [{ maxAuthAgeSeconds: 60 }, { auth_time: [seconds] }, 'auth_time invalid'],
    [{ maxAuthAgeSeconds: 60 }, { auth_time: false }, 'auth_time invalid'],
    [{ maxAuthAgeSeconds: 60 }, { auth_time: undefined, iat: seconds }, 'auth_time missing'],
    [{ acr: ['mfa'], maxAuthAgeSeconds: 60 }, { auth_time: seconds - 61 }, 'auth_time mismatch'],
  ])('%j: %j', async (rule, change, outcome) => {
    expect(await judgeAccess(rule, strong)).toBe(ACCEPTED)
    expect(await judgeAccess(rule, { ...strong, ...change })).toBe(
      `ERR_ACCESS_AUTHENTICATION ${outcome}`,
    )
  })
})

describe('nothing less than all of a rule is enough', () => {
  const all = { scope: 'a b', groups: ['g', 'h'] }

  test.each<[AccessRule, Record<string, unknown>, string]>([
    [{ scopes: ['a', 'b'] }, { scope: 'a' }, 'ERR_ACCESS_SCOPE'],
    [{ scopes: ['a', 'b'] }, { scope: 'b' }, 'ERR_ACCESS_SCOPE'],
    [{ anyScope: ['a', 'b'] }, { scope: 'c' }, 'ERR_ACCESS_SCOPE'],
    [{ allGroups: ['g', 'h'] }, { groups: ['g'] }, 'ERR_ACCESS_GROUP'],
    [{ allGroups: ['g', 'h'] }, { groups: ['h'] }, 'ERR_ACCESS_GROUP'],
    [{ groups: ['g', 'h'] }, { groups: ['i'] }, 'ERR_ACCESS_GROUP'],
    [{ scopes: ['a'], groups: ['g'] }, { groups: ['x'] }, 'ERR_ACCESS_GROUP'],
    [{ scopes: ['a'], groups: ['g'] }, { scope: 'x' }, 'ERR_ACCESS_SCOPE'],
    [{ scopes: ['a'], anyScope: ['b'] }, { scope: 'a' }, 'ERR_ACCESS_SCOPE'],
    [{ groups: ['g'], allGroups: ['h'] }, { groups: ['g'] }, 'ERR_ACCESS_GROUP'],
  ])('%j', async (rule, change, outcome) => {
    expect(await judgeAccess(rule, all)).toBe(ACCEPTED)
    expect(await judgeAccess(rule, { ...all, ...change })).toBe(outcome)
  })

  test.each<unknown>([false, 0, 1, 'true', undefined, null, {}, Promise.resolve(true)])(
    'a check that returns %s',
    async (answer) => {
      expect(await judgeAccess({ check: () => true }, {})).toBe(ACCEPTED)
      expect(await judgeAccess({ check: () => answer as boolean }, {})).toBe('ERR_ACCESS_DENIED')
    },
  )

  test.each<unknown>([null, '', [], [''], [null], {}, 1])(
    'no rule can be empty by mistake: %j',
    async (value) => {
      for (const name of ['scopes', 'anyScope', 'groups', 'allGroups']) {
        expect(await judgeAccess({ [name]: value } as AccessRule, {})).toBe('ERR_CONFIG_INVALID')
      }
      expect(await judgeAccess({}, {})).toBe(ACCEPTED)
    },
  )
})
