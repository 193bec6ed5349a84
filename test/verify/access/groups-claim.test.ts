/**
 * `groupsClaim`: the place where an issuer writes groups.
 */
import { authorize, createVerifier, type TrustedIssuer } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'

const issuer = await createTestIssuer()
const good = { iss: issuer.issuer, exp: 4_000_000_000 }

function createFor(groupsClaim: string | undefined, change: Partial<TrustedIssuer> = {}) {
  const { jwks } = issuer
  return createVerifier({ issuer: issuer.issuer, audience: null, jwks, groupsClaim, ...change })
}

async function judge(groupsClaim: string | undefined, claims: object): Promise<string> {
  const verifier = createFor(groupsClaim)
  const token = await issuer.token({ ...good, ...claims })
  const outcomes = new Set<string>()
  // the third is cached
  for (const _time of [1, 2, 3]) {
    const verified = await verifier.verify(token)
    // a wrapper may pass on a copy
    for (const one of [verified, { ...verified }]) {
      try {
        authorize(one, { groups: ['admin', 'x'], allGroups: ['admin'] })
        outcomes.add('allowed')
      } catch (error) {
        outcomes.add((error as { code: string }).code)
      }
    }
  }
  return [...outcomes].join()
}

describe('groups are read from', () => {
  test.each<[string | undefined, object]>([
    [undefined, { groups: ['admin'] }],
    ['roles', { roles: ['admin'] }],
    ['roles', { roles: 'admin' }],
    ['/realm_access/roles', { realm_access: { roles: ['user', 'admin'] } }],
    ['https://api.example/groups', { 'https://api.example/groups': ['admin'] }],
    ['/resource_access/my~1app/roles', { resource_access: { 'my/app': { roles: ['admin'] } } }],
    ['/cognito:groups', { 'cognito:groups': ['admin'] }],
    ['groups', { 'cognito:groups': ['user'], groups: ['admin'] }],
  ])('%s in %j', async (groupsClaim, claims) => {
    expect(await judge(groupsClaim, claims)).toBe('allowed')
  })
})

describe('no other claim takes the place of', () => {
  test.each<[string, object]>([
    ['roles', { groups: ['admin'] }],
    ['roles', { 'cognito:groups': ['admin'] }],
    ['roles', { roles: null, groups: ['admin'] }],
    ['roles', { roles: [], groups: ['admin'] }],
    ['roles', { roles: { 0: 'admin' } }],
    ['roles', { '/roles': ['admin'], Roles: ['admin'] }],
    ['/realm_access/roles', { 'realm_access/roles': ['admin'], groups: ['admin'] }],
    ['/realm_access/roles', { realm_access: ['admin'], roles: ['admin'] }],
    ['/realm_access/roles/length', { realm_access: { roles: ['admin'] } }],
  ])('%s: not in %j', async (groupsClaim, claims) => {
    expect(await judge(groupsClaim, claims)).toBe('ERR_ACCESS_GROUP')
  })
})

test('each issuer of a verifier has its own', async () => {
  const tenant = 'https://idp.example'
  const verifier = createVerifier([
    { issuer: issuer.issuer, audience: null, jwks: issuer.jwks, groupsClaim: 'roles' },
    { issuer: tenant, audience: null, jwks: issuer.jwks },
  ])
  const mint = (iss: string, claims: object) => issuer.token({ ...good, iss, ...claims })
  const judgeOne = async (iss: string, claims: object) => {
    const verified = await verifier.verify(await mint(iss, claims))
    return () => authorize(verified, { groups: ['admin'] })
  }

  expect(await judgeOne(issuer.issuer, { roles: 'admin' })).not.toThrow()
  expect(await judgeOne(tenant, { groups: 'admin' })).not.toThrow()
  expect(await judgeOne(issuer.issuer, { groups: 'admin' })).toThrow()
  expect(await judgeOne(tenant, { roles: 'admin' })).toThrow()
})

test('is no visible member of a verified token', async () => {
  const verified = await createFor('roles').verify(await issuer.token({ ...good }))

  expect(Object.keys(verified)).toEqual(['claims', 'header', 'issuer'])
  expect(JSON.stringify(verified)).not.toContain('roles')
})
