/**
 * The token is good, and a rule rejects it: an access rule, the schema, or the `check` of the verifier.
 */
import type { AccessRule, JwtGateErrorCode, StandardSchemaV1 } from 'jwt-gate'
import { type Attempt, nowSeconds, type SetUp, type World } from './world.ts'

export async function createRuleSetUps(world: World): Promise<SetUp[]> {
  return [...(await createScopeSetUps(world)), ...(await createOtherSetUps(world))]
}

type Row = (
  names: readonly [string, JwtGateErrorCode],
  texts: readonly [string, string | RegExp],
  broken: Attempt,
  cured: Attempt,
) => SetUp
const row: Row = ([name, code], [cause, advice], broken, cured) => ({
  ...{ name, code, cause, advice, broken, cured },
})

async function createScopeSetUps({ pool, trust, token, trustPool }: World): Promise<SetUp[]> {
  const scopes = ['orders/read']
  const has = async (scope: unknown): Promise<Attempt> => ({
    ...{ trusted: trust(), token: await token({ scope }), access: { scopes } },
  })
  const good = await has('orders/read orders/write')
  const ofPool = { trusted: trustPool(), access: { scopes } }
  const signedIn = { ...ofPool, token: await pool.accessToken() }
  return [
    row(
      ['a scope that InitiateAuth never gives', 'ERR_ACCESS_SCOPE'],
      ['InitiateAuth never grants this scope', 'hosted pages'],
      signedIn,
      { ...ofPool, token: await pool.accessToken({ scope: 'openid orders/read' }) },
    ),
    row(
      ['a missing scope', 'ERR_ACCESS_SCOPE'],
      ['The token lacks a scope', '"orders/write"'],
      {
        ...good,
        access: { scopes: ['orders/write'] },
        token: await token({ scope: 'openid orders/read' }),
      },
      good,
    ),
    row(
      ['no scopes', 'ERR_ACCESS_SCOPE'],
      ['The token has no scopes', 'Request the scope at sign-in'],
      await has(undefined),
      good,
    ),
    row(
      ['another prefix of a scope', 'ERR_ACCESS_SCOPE'],
      ['The scope is written with another prefix', '"api://x/orders/read"'],
      await has('api://x/orders/read'),
      { ...(await has('api://x/orders/read')), access: { scopes: ['api://x/orders/read'] } },
    ),
    row(
      ['scopes with commas', 'ERR_ACCESS_SCOPE'],
      ['The scopes are not separated by spaces', 'RFC 6749'],
      await has('orders/read,orders/write'),
      good,
    ),
    row(
      ['an ID token, which has no scopes', 'ERR_ACCESS_SCOPE'],
      ['An ID token was sent where an access token is wanted', 'access_token'],
      { ...ofPool, trusted: trustPool({ tokenUse: null }), token: await pool.idToken() },
      {
        ...ofPool,
        trusted: trustPool({ tokenUse: null }),
        token: await pool.accessToken({ scope: 'orders/read' }),
      },
    ),
  ]
}

async function createOtherSetUps(world: World): Promise<SetUp[]> {
  const { pool, trust, token, trustPool } = world
  const access: AccessRule = { groups: ['admin'] }
  const has = async (claims: object, rule = access): Promise<Attempt> => ({
    ...{ trusted: trust(), token: await token({ ...claims }), access: rule },
  })
  const inGroup = await has({ groups: ['admin'] })
  const role: AccessRule = { claims: { '/realm_access/roles': 'admin' } }
  const inRealm = { realm_access: { roles: ['admin'] } }
  const machine = { trusted: trustPool(), token: await pool.machineToken() }
  const strong: AccessRule = { acr: ['mfa'] }
  const recent: AccessRule = { maxAuthAgeSeconds: 60 }
  const now = nowSeconds()
  const checked = (check: () => unknown): Attempt => ({
    ...{ trusted: trust(), token: inGroup.token, options: { check: check as () => undefined } },
  })
  const schema = (claims: StandardSchemaV1<unknown, unknown>): Attempt => ({
    ...{ trusted: trust({ claims }), token: inGroup.token },
  })
  return [
    row(
      ['a missing group', 'ERR_ACCESS_GROUP'],
      ['The user is not in the required group', '"users"'],
      await has({ groups: ['users'] }),
      inGroup,
    ),
    row(
      ['no groups', 'ERR_ACCESS_GROUP'],
      ['The user is in no group', 'get a new token'],
      await has({}),
      inGroup,
    ),
    row(
      ['another case of a group', 'ERR_ACCESS_GROUP'],
      ['The name of the group is spelled in another way', '"Admin"'],
      await has({ groups: ['Admin'] }),
      { ...(await has({ groups: ['Admin'] })), access: { groups: ['Admin'] } },
    ),
    row(
      ['groups in another claim', 'ERR_ACCESS_GROUP'],
      ['The groups are in another claim', 'Set "groupsClaim" to "/realm_access/roles"'],
      await has(inRealm),
      { ...(await has(inRealm)), trusted: trust({ groupsClaim: '/realm_access/roles' }) },
    ),
    row(
      ['a machine in no group', 'ERR_ACCESS_GROUP'],
      ['The token belongs to a machine, which is in no group', 'use scopes'],
      { ...machine, access },
      { ...machine, access: { scopes: ['orders/read'] } },
    ),
    row(
      ['a missing role', 'ERR_ACCESS_DENIED'],
      ['A claim has another value than the rule asks for', '"users"'],
      await has({ realm_access: { roles: ['users'] } }, role),
      await has(inRealm, role),
    ),
    row(
      ['no roles', 'ERR_ACCESS_DENIED'],
      ['A claim that the rule asks for is absent', '/realm_access/roles'],
      await has({}, role),
      await has(inRealm, role),
    ),
    row(
      ['a path with dots', 'ERR_ACCESS_DENIED'],
      ['The path of a claim is not written as a JSON Pointer', 'Write "/realm_access/roles":'],
      await has(inRealm, { claims: { 'realm_access.roles': ['admin'] } }),
      await has(inRealm, role),
    ),
    row(
      ['a path without its first slash', 'ERR_ACCESS_DENIED'],
      ['The path of a claim is not written as a JSON Pointer', 'Write "/realm_access/roles":'],
      await has(inRealm, { claims: { 'realm_access/roles': ['admin'] } }),
      await has(inRealm, role),
    ),
    row(
      ['a function of the rule', 'ERR_ACCESS_DENIED'],
      ['A function of the access rule denies access', 'return'],
      await has({}, { check: () => false }),
      await has({}, { check: () => true }),
    ),
    row(
      ['no second factor', 'ERR_ACCESS_AUTHENTICATION'],
      ['The user has not authenticated strongly enough', 'acr_values'],
      await has({ acr: 'pwd' }, strong),
      await has({ acr: 'mfa' }, strong),
    ),
    row(
      ['signed in too long ago', 'ERR_ACCESS_AUTHENTICATION'],
      ['The user has authenticated too long ago', 'prompt=login'],
      await has({ auth_time: now - 600 }, recent),
      await has({ auth_time: now }, recent),
    ),
    row(
      ['a check that returns false', 'ERR_TOKEN_CHECK'],
      ['The check of the verifier rejects the token', 'returned false'],
      checked(() => false),
      checked(() => undefined),
    ),
    row(
      ['a check that fails', 'ERR_CONFIG_INVALID'],
      ['Your function "check" has failed', /^It has thrown Error: the database is down\. /],
      checked(() => Promise.reject(new Error('the database is down'))),
      checked(() => undefined),
    ),
    row(
      ['a schema', 'ERR_TOKEN_CHECK'],
      ['The schema rejects the claims', '"tenant"'],
      schema(createSchema(() => ({ issues: [{ message: 'x', path: ['tenant'] }] }))),
      schema(createSchema((value) => ({ value }))),
    ),
    row(
      ['a schema that throws', 'ERR_TOKEN_CHECK'],
      ['The schema has thrown an error', 'boom'],
      schema(
        createSchema(() => {
          throw new Error('boom')
        }),
      ),
      schema(createSchema((value) => ({ value }))),
    ),
  ]
}

type Validate = StandardSchemaV1<unknown, unknown>['~standard']['validate']

function createSchema(validate: Validate): StandardSchemaV1<unknown, unknown> {
  return { '~standard': { version: 1, vendor: 'test', validate } }
}
