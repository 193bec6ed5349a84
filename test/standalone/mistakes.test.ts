/**
 * Mistakes in every variable: rejected at once, with the name of the variable and the allowed values, and without its value.
 */
import { describe, expect, test } from 'vitest'
import type { Environment } from '../../src/standalone/settings.ts'
import { VARIABLES, type VariableName } from '../../src/standalone/variables.ts'
import { ISSUER, POOL } from './environments.ts'
import { access, expectAccepted, RULE, refusalOf, SECRET } from './refusals.ts'

const INEXACT = access({ 'GET /a/{b}': RULE, 'GET /a/{b}/c': RULE })

describe('an invalid value is rejected', () => {
  test.each<[VariableName, string, Environment]>([
    ['JWT_GATE_USER_POOL_ID', SECRET, POOL],
    ['JWT_GATE_USER_POOL_ID', 'nowhere_Example', POOL],
    ['JWT_GATE_USER_POOL_ID', 'eu-west-1_A,,eu-west-1_B', POOL],
    ['JWT_GATE_USER_POOL_ID', 'eu-west-1_A, eu-west-1_A', POOL],
    ['JWT_GATE_CLIENT_ID', ',', POOL],
    ['JWT_GATE_CLIENT_ID', `${SECRET},`, POOL],
    ['JWT_GATE_TOKEN_USE', SECRET, POOL],
    ['JWT_GATE_TOKEN_USE', 'Access', POOL],
    ['JWT_GATE_TOKEN_USE', 'null', POOL],
    ['JWT_GATE_TOKEN_USE', 'toString', POOL],
    ['JWT_GATE_ISSUER', SECRET, ISSUER],
    ['JWT_GATE_ISSUER', 'http://idp.example', ISSUER],
    ['JWT_GATE_ISSUER', 'https://idp.example?tenant=1', ISSUER],
    ['JWT_GATE_ISSUER', 'https://idp.example,https://b.example', ISSUER],
    ['JWT_GATE_ISSUER', 'https://idp.example, https://b.example', ISSUER],
    ['JWT_GATE_ISSUER', 'https://idp.example,', ISSUER],
    ['JWT_GATE_ISSUER', 'idp.example,b.example', ISSUER],
    ['JWT_GATE_ISSUER', 'https://idp.example;https://b.example', ISSUER],
    ['JWT_GATE_ISSUER', 'https://idp.example https://b.example', ISSUER],
    ['JWT_GATE_ISSUER', 'https://idp.example\nhttps://b.example', ISSUER],
    ['JWT_GATE_ISSUER', '["https://idp.example"]', ISSUER],
    ['JWT_GATE_ISSUER', '"https://idp.example"', ISSUER],
    ['JWT_GATE_ISSUER', '[{"issuer":"https://idp.example"}]', ISSUER],
    ['JWT_GATE_JWKS_URI', 'https://idp.example/a,https://idp.example/b', ISSUER],
    ['JWT_GATE_JWKS_URI', '["https://idp.example/a"]', ISSUER],
    ['JWT_GATE_AUDIENCE', `${SECRET},,`, ISSUER],
    ['JWT_GATE_ALGORITHMS', 'HS256', ISSUER],
    ['JWT_GATE_ALGORITHMS', 'RS256,none', ISSUER],
    ['JWT_GATE_ALGORITHMS', SECRET, ISSUER],
    ['JWT_GATE_JWKS_URI', SECRET, ISSUER],
    ['JWT_GATE_JWKS_URI', 'http://idp.example/jwks', ISSUER],
    ['JWT_GATE_JWKS_URI', `https://user:${SECRET}@idp.example`, POOL],
    ['JWT_GATE_JWKS', SECRET, ISSUER],
    ['JWT_GATE_JWKS', '[]', ISSUER],
    ['JWT_GATE_JWKS', 'null', POOL],
    ['JWT_GATE_JWKS', '0', POOL],
    ['JWT_GATE_JWKS', 'false', ISSUER],
    ['JWT_GATE_JWKS', '{"keys":{}}', POOL],
    ['JWT_GATE_JWKS', '{"keys":[]}', POOL],
    ['JWT_GATE_JWKS', `{"keys":[{"kty":"oct","k":"${SECRET}"}]}`, ISSUER],
    ['JWT_GATE_ACCESS', SECRET, POOL],
    ['JWT_GATE_ACCESS', 'null', POOL],
    ['JWT_GATE_ACCESS', '[]', POOL],
    ['JWT_GATE_ACCESS', '{}', POOL],
    ['JWT_GATE_ACCESS', 'false', POOL],
    ['JWT_GATE_ACCESS', access({ 'get /orders': RULE }), POOL],
    ['JWT_GATE_ACCESS', access({ '/orders': RULE }), POOL],
    ['JWT_GATE_ACCESS', access({ 'GET /orders': null }), POOL],
    ['JWT_GATE_ACCESS', access({ 'GET /orders': { scopes: [] } }), POOL],
    ['JWT_GATE_ACCESS', access({ 'GET /orders': { scopes: ['read write'] } }), POOL],
    ['JWT_GATE_ACCESS', access({ 'GET /orders': { allGroups: 7 } }), POOL],
    ['JWT_GATE_ACCESS', access({ 'GET /orders': { scope: ['read'] } }), POOL],
    ['JWT_GATE_ACCESS', access({ 'GET /orders': { token: ['read'] } }), POOL],
    ['JWT_GATE_ACCESS', access({ 'GET /orders': { check: SECRET } }), POOL],
    ['JWT_GATE_ACCESS', access({ 'GET /orders': { claims: {} } }), POOL],
    ['JWT_GATE_ACCESS', access({ 'GET /orders': { claims: { role: [] } } }), POOL],
    ['JWT_GATE_ACCESS', access({ 'GET /orders': { claims: { role: null } } }), POOL],
    ['JWT_GATE_ACCESS', access({ 'GET /orders': { claims: { role: { a: SECRET } } } }), POOL],
    ['JWT_GATE_ACCESS', access({ 'GET /orders': { claims: { '/role~': 'a' } } }), POOL],
    ['JWT_GATE_ACCESS', '{"__proto__":{}}', POOL],
    ['JWT_GATE_ACCESS', INEXACT, POOL],
    ['JWT_GATE_EXACT', 'no', { ...POOL, JWT_GATE_ACCESS: access({ 'GET /orders': RULE }) }],
    ['JWT_GATE_EXACT', 'true', { ...POOL, JWT_GATE_ACCESS: INEXACT }],
    ['JWT_GATE_POLICY', SECRET, POOL],
    ['JWT_GATE_RESPONSE', 'iam', POOL],
    ['JWT_GATE_RESPONSE', 'Simple', POOL],
    ['JWT_GATE_UNAUTHORIZED', '401', POOL],
    ['JWT_GATE_TOKEN', 'Authorization', POOL],
    ['JWT_GATE_TOKEN', '{}', POOL],
    ['JWT_GATE_TOKEN', 'null', POOL],
    ['JWT_GATE_TOKEN', '0', POOL],
    ['JWT_GATE_TOKEN', '"token"', POOL],
    ['JWT_GATE_TOKEN', '{"query":""}', POOL],
    ['JWT_GATE_TOKEN', '{"header":"X Token"}', POOL],
    ['JWT_GATE_TOKEN', '{"body":"token"}', POOL],
    ['JWT_GATE_TOKEN', '{"query":"token","origins":"https://app.example.com"}', POOL],
    ['JWT_GATE_TOKEN', '{"cookie":"session","origins":"https://app.example.com/"}', POOL],
  ])('%s=%s', (name, value, env) => {
    const message = refusalOf({ ...env, [name]: value })

    expect(message).toContain(name)
    expect(message).not.toContain(SECRET)
    expect(message).not.toMatch(
      /"(?:userPoolId|issuer|audience|algorithms|jwks|jwksUri|access|policy|exact)"/,
    )
  })

  test.each(Object.keys(VARIABLES) as VariableName[])('%s without a value', (name) => {
    const message = refusalOf({ ...POOL, [name]: '' })

    expect(message).toBe(`${name} must be ${VARIABLES[name].takes}`)
  })
})

describe('an invalid list of issuers is rejected, and the message names the option', () => {
  const entry = { issuer: 'https://idp.example', audience: 'https://api.example' }
  const pool = { userPoolId: 'eu-west-1_A', clientId: 'app', tokenUse: 'access' }

  test.each<[string, unknown]>([
    [' must be a list of issuers as JSON', SECRET],
    [' must be a list of issuers as JSON', []],
    [' must be a list of issuers as JSON', {}],
    [' must be a list of issuers as JSON', entry],
    [' must be a list of issuers as JSON', null],
    [' must be a list of issuers as JSON', 'https://idp.example'],
    [' must be a list of issuers as JSON', ['https://idp.example']],
    [' must be a list of issuers as JSON', [entry, null]],
    [' must be a list of issuers as JSON', [[entry]]],
  ])('%s: %j', (text, list) => {
    const message = refusalOf({ JWT_GATE_ISSUERS: list === SECRET ? SECRET : JSON.stringify(list) })

    expect(message).toBe(
      `JWT_GATE_ISSUERS${text}: [{"issuer": "https://idp.example.com", "audience": "https://api.example.com"}]`,
    )
  })

  test.each<[string, unknown[]]>([
    ['audience', [{ issuer: 'https://idp.example' }]],
    ['audience', [entry, { ...entry, audience: '' }]],
    ['issuer', [{ ...entry, issuer: undefined }]],
    ['issuer', [{ ...entry, issuer: 'http://idp.example' }]],
    ['issuer', [entry, entry]],
    ['jwksUri', [{ ...entry, jwksUri: SECRET }]],
    ['jwks', [{ ...entry, jwks: [] }]],
    ['algorithms', [{ ...entry, algorithms: ['HS256'] }]],
    ['tokenType', [{ ...entry, tokenType: 'id' }]],
    ['tokenUse', [{ ...entry, tokenUse: SECRET }]],
    ['clientId', [{ ...entry, clientId: [] }]],
    ['clientIdClaim', [{ ...entry, clientIdClaim: 'cid' }]],
    ['groupsClaim', [{ ...entry, groupsClaim: '/~' }]],
    ['requiredClaims', [{ ...entry, requiredClaims: [] }]],
    ['maxTokenAgeSeconds', [{ ...entry, maxTokenAgeSeconds: SECRET }]],
    ['claims', [{ ...entry, claims: { tenant: SECRET } }]],
    ['userPoolId', [{ ...pool, userPoolId: null }]],
    ['userPoolId', [{ ...pool, userPoolId: SECRET }]],
    ['clientId', [{ ...pool, clientId: undefined }]],
    ['tokenUse', [entry, { ...pool, tokenUse: undefined }]],
    ['audience', [{ ...pool, tokenUse: 'id', audience: 'api' }]],
    ['claims', [{ ...pool, claims: {} }]],
  ])('"%s" in %j', (option, list) => {
    const message = refusalOf({ JWT_GATE_ISSUERS: JSON.stringify(list) })

    expect(message).toMatch(new RegExp(`^"${option}" in JWT_GATE_ISSUERS `))
    expect(message).not.toContain(SECRET)
  })

  test.each<[string, unknown[]]>([
    ['audiences', [{ ...entry, audiences: 'api' }]],
    ['algorithms', [{ ...pool, algorithms: ['ES256'] }]],
  ])('%s is not an option: %j', (name, list) => {
    const message = refusalOf({ JWT_GATE_ISSUERS: JSON.stringify(list) })

    expect(message).toMatch(`"${name}" is not an option of an entry of JWT_GATE_ISSUERS, which has`)
  })

  test.each([
    '[{"issuer":"https://a.example","issuer":"https://b.example","audience":"api"}]',
    '[{"issuer":"https://a.example","audience":"api","__proto__":{}}]',
  ])('ambiguous members: %s', (JWT_GATE_ISSUERS) => {
    expect(refusalOf({ JWT_GATE_ISSUERS })).toMatch(
      /^JWT_GATE_ISSUERS must not contain a duplicate /,
    )
  })
})

test.each(['https://idp.example,https://b.example', '["https://idp.example"]'])(
  'several issuers in one variable point to the variable for a list: %s',
  (JWT_GATE_ISSUER) => {
    expect(refusalOf({ ...ISSUER, JWT_GATE_ISSUER })).toBe(
      'JWT_GATE_ISSUER must be one value: for several issuers, set JWT_GATE_ISSUERS to a list of them',
    )
  },
)

describe('an unknown name is rejected', () => {
  test.each([
    'JWT_GATE_CLIENTID',
    'JWT_GATE_AUDIENCES',
    'jwt_gate_access',
    'JWT_GATE_',
    'JWT_GATE_toString',
  ])('%s', (name) => {
    const message = refusalOf({ ...POOL, [name]: SECRET })

    expect(message).toMatch(`${name} is not a variable of this authorizer`)
    expect(message).not.toContain(SECRET)
  })
})

test('an inexact policy is rejected with its routes and the variables that solve the problem', () => {
  const map = access({ 'GET /a/{b}': RULE, 'GET /a/{b}/c': { scopes: ['write'] } })

  const message = refusalOf({ ...POOL, JWT_GATE_ACCESS: map })

  expect(message).toContain('GET /a/{b}')
  expect(message).toContain('JWT_GATE_EXACT to false')
  expect(message).toContain('JWT_GATE_POLICY to "request"')
})

test.each<[string, Environment, string]>([
  [
    'a rule with an unknown member',
    { JWT_GATE_ACCESS: access({ 'GET /orders': { token: ['read'] } }) },
    '"token" is not an option of a rule in JWT_GATE_ACCESS, ',
  ],
  ['a token source', { JWT_GATE_TOKEN: '{"query":""}' }, '"query" in JWT_GATE_TOKEN must be '],
  [
    'the origins of a cookie',
    { JWT_GATE_TOKEN: '{"cookie":"session","origins":["*"]}' },
    '"origins" in JWT_GATE_TOKEN must be ',
  ],
])('the error for a member of %s names its variable', (_, env, start) => {
  expect(refusalOf({ ...POOL, ...env })).toMatch(new RegExp(`^${start}`))
})

test.each(['scopes', 'anyScope', 'groups', 'allGroups', 'claims', 'acr', 'maxAuthAgeSeconds'])(
  'the error for an empty list of %s names the variable',
  (member) => {
    const message = refusalOf({
      ...POOL,
      JWT_GATE_ACCESS: access({ 'GET /orders': { [member]: [] } }),
    })

    expect(message).toMatch(new RegExp(`^"${member}" in JWT_GATE_ACCESS must be `))
  },
)

test('other variables are ignored', () => {
  expectAccepted({
    ...POOL,
    PATH: '',
    AWS_REGION: 'eu-west-1',
    JWT_GATEWAY: 'x',
    MY_JWT_GATE_ACCESS: 'x',
  })
})

test('a variable that is undefined counts as missing', () => {
  expectAccepted({ ...POOL, JWT_GATE_ISSUER: undefined, JWT_GATE_TYPO: undefined })
})
