/**
 * Keycloak: realms, the client in azp, roles, and the kinds of token that the claim typ names.
 */
import { authorize, createVerifier } from 'jwt-gate'
import { keycloak } from 'jwt-gate/issuers'
import { describe, expect, test } from 'vitest'
import { createLookAlike, NOW, published, refusedAs } from './look-alike.ts'

const URL = 'https://sso.example.com'
const ISSUER = `${URL}/realms/shop`
const CERTS = `${ISSUER}/protocol/openid-connect/certs`
const REALM = { url: URL, realm: 'shop', audience: 'orders-api' }

const issuer = await createLookAlike(
  {
    // a realm also publishes a key for encryption
    [CERTS]: ([first, second]) => ({
      keys: [
        published(second as never, { use: 'enc', alg: 'RSA-OAEP', kid: 'encryption' }),
        published(first as never),
      ],
    }),
  },
  {
    header: { typ: 'JWT' },
    claims: {
      ...{
        iss: ISSUER,
        aud: ['orders-api', 'account'],
        sub: '5e0b6bb1-1e1c-4c39-9f1f-0c8a7d6d8a01',
      },
      ...{
        nbf: undefined,
        jti: 'onrtac:0b8f1f8e-6f0a-4c1f-8f5e-0f7c8a9b1c2d',
        auth_time: NOW - 60,
      },
      ...{
        typ: 'Bearer',
        azp: 'web-shop',
        sid: '9c6c3a0e',
        acr: '1',
        scope: 'openid email orders',
      },
      'allowed-origins': ['https://shop.example.com'],
      realm_access: { roles: ['default-roles-shop', 'staff'] },
      resource_access: { 'orders-api': { roles: ['clerk'] }, account: { roles: ['view-profile'] } },
      preferred_username: 'ada',
      email_verified: true,
    },
  },
)
const jwks = { keys: [issuer.keys[0]?.jwk as never] }

test('an access token passes; the keys are those of the realm', async () => {
  const verdict = await issuer.verify(
    keycloak({ ...REALM, clientId: 'web-shop' }),
    await issuer.token(),
  )

  expect(verdict).toHaveProperty('claims.azp', 'web-shop')
  expect(issuer.asked).toEqual([CERTS])
})

test.each([
  ['of the realm', {}, 'staff', 'clerk'],
  ['of a client', { rolesOf: 'orders-api' }, 'clerk', 'staff'],
])('access rules read the roles %s', async (_, change, has, hasNot) => {
  const verifier = createVerifier(keycloak({ ...REALM, ...change, jwks }), {
    now: () => NOW * 1_000,
  })
  const verified = await verifier.verify(await issuer.token())

  authorize(verified, { groups: [has], scopes: ['orders'] })
  expect(() => authorize(verified, { groups: [hasNot] })).toThrow('group')
  expect(verified.claims.realm_access?.roles).toContain('staff')
})

test('the name of a client may have a slash and a tilde', () => {
  expect(keycloak({ ...REALM, rolesOf: 'a/b~c' }).groupsClaim).toBe(
    '/resource_access/a~1b~0c/roles',
  )
})

test.each([
  ['an ID token', { typ: 'ID', aud: 'web-shop' }, { audience: 'web-shop' }],
  [
    'an ID token, if the audience is not checked',
    { typ: 'ID', aud: 'web-shop' },
    { audience: null },
  ],
  ['a refresh token', { typ: 'Refresh', aud: ISSUER }, { audience: ISSUER }],
  ['an offline token', { typ: 'Offline', aud: ISSUER }, { audience: ISSUER }],
  ['a logout token', { typ: 'Logout', aud: 'web-shop' }, { audience: 'web-shop' }],
  ['a token without typ', { typ: undefined }, {}],
])('%s is no access token', async (_, claims, change) => {
  const verdict = await issuer.verify(keycloak({ ...REALM, ...change }), await issuer.token(claims))

  expect(verdict).toEqual(refusedAs('ERR_CLAIM_TOKEN_USE', 'typ'))
})

test.each([
  [
    'another client, whatever client_id says',
    { azp: 'other', client_id: 'web-shop' },
    'ERR_CLAIM_CLIENT_ID',
  ],
  ['another realm of the server', { iss: `${URL}/realms/master` }, 'ERR_CLAIM_ISSUER'],
  ['a token without an audience mapper', { aud: 'account' }, 'ERR_CLAIM_AUDIENCE'],
])('%s is rejected', async (_, claims, code) => {
  const trusted = keycloak({ ...REALM, clientId: 'web-shop' })

  expect(await issuer.verify(trusted, await issuer.token(claims))).toEqual(refusedAs(code))
})

describe('the URL and the realm', () => {
  test.each([
    ['a slash at the end', { url: `${URL}/` }, ISSUER],
    ['the path of old versions', { url: `${URL}/auth/` }, `${URL}/auth/realms/shop`],
    ['a port', { url: 'http://localhost:8080' }, 'http://localhost:8080/realms/shop'],
    ['a realm with a space', { realm: 'my shop' }, `${URL}/realms/my%20shop`],
  ])('%s is understood', (_, change, expected) => {
    const trusted = keycloak({ ...REALM, ...change })

    expect(trusted.issuer).toBe(expected)
    expect(() => createVerifier(trusted)).not.toThrow()
  })

  test.each([
    ['the issuer as the URL', { url: ISSUER }, '"url" must end before /realms'],
    ['no scheme', { url: 'sso.example.com' }, '"url" must be the URL of the server'],
    ['a placeholder', { realm: '<realm>' }, '"realm" contains a placeholder'],
    ['no realm', { realm: undefined }, '"realm"'],
  ])('%s is a ConfigError', (_, change, message) => {
    expect(() => keycloak({ ...REALM, ...change } as never)).toThrow(message)
  })

  test('plain http to another host is a ConfigError of the verifier, unless it is allowed', () => {
    const trusted = keycloak({ ...REALM, url: 'http://keycloak:8080' })

    expect(() => createVerifier(trusted)).toThrow('jwks.insecureHosts')
    expect(() => createVerifier(trusted, { jwks: { insecureHosts: ['keycloak'] } })).not.toThrow()
  })
})
