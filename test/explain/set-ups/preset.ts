/**
 * The conditions that the functions of `jwt-gate/issuers` add.
 */
import type { JwtGateErrorCode } from 'jwt-gate'
import { auth0, entra, firebase, google, keycloak, okta } from 'jwt-gate/issuers'
import { type Attempt, nowSeconds, type SetUp, type World } from './world.ts'

const NO_ACCESS_TOKEN = 'The token is no access token'
const ID_TOKEN = 'An ID token was sent where an access token is wanted'
const TENANT = '11111111-2222-3333-4444-555555555555'
const API = '44444444-2222-3333-4444-555555555555'
const SERVER = 'https://example.okta.com'

export async function createPresetSetUps({ pool }: World): Promise<SetUp[]> {
  const { jwks } = pool
  const iat = nowSeconds()
  const sign = (claims: object): Promise<string> =>
    pool.token({ sub: 'alice', iat, exp: iat + 600, ...claims }, { header: { typ: 'JWT' } })
  const row = (
    [name, code]: readonly [string, JwtGateErrorCode],
    [cause, advice]: readonly [string, string],
    broken: Attempt,
    cured: Attempt,
  ): SetUp => ({ name, code, cause, advice, broken, cured })

  const ofKeycloak = (rolesOf?: string) =>
    keycloak({ url: 'https://sso.example.com', realm: 'shop', audience: 'orders', jwks, rolesOf })
  const bearer = {
    ...{ iss: 'https://sso.example.com/realms/shop', aud: 'orders', typ: 'Bearer', azp: 'web' },
    realm_access: { roles: ['default-roles-shop'] },
    resource_access: { 'orders/api': { roles: ['admin'] } },
  }
  const inKeycloak = await sign(bearer)

  const ofEntra = entra({ tenantId: TENANT, audience: API, jwks })
  const local = await sign({ ...bearer, iss: 'http://localhost:8080/realms/shop' })
  const inEntra = {
    ...{ iss: `https://login.microsoftonline.com/${TENANT}/v2.0`, aud: API, tid: TENANT },
    ...{ ver: '2.0', azp: 'web' },
  }
  const goodEntra: Attempt = {
    trusted: ofEntra,
    token: await sign({ ...inEntra, scp: 'orders' }),
  }

  const ofAuth0 = auth0({ domain: 'tenant.eu.auth0.com', audience: 'https://api.example', jwks })
  const inAuth0 = { iss: 'https://tenant.eu.auth0.com/', aud: 'https://api.example' }
  const goodAuth0: Attempt = {
    trusted: ofAuth0,
    token: await sign({ ...inAuth0, azp: 'web', permissions: ['read:orders'] }),
  }

  const roles = 'https://myapp/roles'
  const inAction: Attempt = {
    trusted: ofAuth0,
    token: await sign({ ...inAuth0, azp: 'web', [roles]: ['staff', 'users'] }),
  }
  const ofFirebase = firebase({ projectId: 'shop-1a2b3', jwks })
  const inFirebase: Attempt = {
    trusted: ofFirebase,
    token: await sign({
      ...{ iss: 'https://securetoken.google.com/shop-1a2b3', aud: 'shop-1a2b3', auth_time: iat },
      roles: ['staff'],
    }),
  }

  const ofGoogle = (hostedDomain: string) => google({ clientId: 'web', hostedDomain, jwks })
  const inGoogle = { iss: 'https://accounts.google.com', aud: 'web', at_hash: 'x', hd: 'b.com' }
  const goodGoogle: Attempt = { trusted: ofGoogle('b.com'), token: await sign(inGoogle) }

  const ofOkta = okta({
    ...{ domain: 'example.okta.com', authorizationServerId: 'default', jwks },
    audience: 'api://default',
  })
  const inOkta = { aud: 'api://default', cid: 'web', scp: ['orders'] }
  return [
    row(
      ['an ID token for keycloak()', 'ERR_CLAIM_TOKEN_USE'],
      [ID_TOKEN, 'see "ID tokens" in docs/issuers.md'],
      { trusted: ofKeycloak(), token: await sign({ ...bearer, typ: 'ID' }) },
      { trusted: ofKeycloak(), token: inKeycloak },
    ),
    row(
      ['another realm for keycloak()', 'ERR_CLAIM_ISSUER'],
      [
        'The token is from another realm, tenant or authorization server of the same issuer',
        'Set the issuer (by an option of the preset, such as "domain", "realm" or "projectId") to',
      ],
      {
        trusted: ofKeycloak(),
        token: await sign({ ...bearer, iss: 'https://sso.example.com/realms/x' }),
      },
      { trusted: ofKeycloak(), token: inKeycloak },
    ),
    row(
      ['another host name for keycloak()', 'ERR_CLAIM_ISSUER'],
      [
        'The token has another host name of the same issuer',
        'and "jwksUri" (in a copy: { ...keycloak({ … }), jwksUri: … }) to an address',
      ],
      { trusted: ofKeycloak(), token: local },
      { trusted: { ...ofKeycloak(), issuer: 'http://localhost:8080/realms/shop' }, token: local },
    ),
    row(
      ['a refresh token for keycloak()', 'ERR_CLAIM_TOKEN_USE'],
      [NO_ACCESS_TOKEN, 'Its "typ" is "Refresh"'],
      { trusted: ofKeycloak(), token: await sign({ ...bearer, typ: 'Refresh' }) },
      { trusted: ofKeycloak(), token: inKeycloak },
    ),
    row(
      ['roles of a client of Keycloak', 'ERR_ACCESS_GROUP'],
      ['The groups are in another claim', 'Set "rolesOf" to "orders/api"'],
      { trusted: ofKeycloak(), token: inKeycloak, access: { groups: ['admin'] } },
      { trusted: ofKeycloak('orders/api'), token: inKeycloak, access: { groups: ['admin'] } },
    ),
    row(
      ['roles of the realm in place of a client', 'ERR_ACCESS_GROUP'],
      ['The groups are in another claim', 'Leave "rolesOf" out'],
      {
        ...{ trusted: ofKeycloak('orders/api'), token: inKeycloak },
        access: { groups: ['default-roles-shop'] },
      },
      { trusted: ofKeycloak(), token: inKeycloak, access: { groups: ['default-roles-shop'] } },
    ),
    row(
      ['an ID token for entra()', 'ERR_CLAIM_TOKEN_USE'],
      [ID_TOKEN, 'see "ID tokens" in docs/issuers.md'],
      { trusted: ofEntra, token: await sign({ ...inEntra, azp: undefined, nonce: 'n' }) },
      goodEntra,
    ),
    row(
      ['a token without a client for entra()', 'ERR_CLAIM_TOKEN_USE'],
      [NO_ACCESS_TOKEN, 'It has no "azp", which every access token of this issuer has. Send'],
      { trusted: ofEntra, token: await sign({ ...inEntra, azp: undefined }) },
      goodEntra,
    ),
    row(
      ['a client without a permission for entra()', 'ERR_CLAIM_MISSING'],
      ['The client has no permission for this API', 'request "<API>/.default"'],
      { trusted: ofEntra, token: await sign(inEntra) },
      goodEntra,
    ),
    row(
      ['another tenant in tid', 'ERR_CLAIM_INVALID'],
      ['The token does not name its tenant (tid)', 'both must name the same tenant'],
      { trusted: ofEntra, token: await sign({ ...inEntra, tid: API, scp: 'orders' }) },
      goodEntra,
    ),
    row(
      ['permissions of Auth0', 'ERR_ACCESS_SCOPE'],
      ['The scope is in another claim', '{ claims: { "permissions": "read:orders" } }'],
      { ...goodAuth0, access: { scopes: ['read:orders'] } },
      { ...goodAuth0, access: { claims: { permissions: 'read:orders' } } },
    ),
    row(
      ['an iss of Auth0 without its slash', 'ERR_CLAIM_ISSUER'],
      [
        'The slash at the end of the "iss" is missing',
        'Tokens of "https://tenant.eu.auth0.com/" have the slash, so this one is not from there',
      ],
      {
        trusted: ofAuth0,
        token: await sign({ ...inAuth0, iss: 'https://tenant.eu.auth0.com', azp: 'web' }),
      },
      goodAuth0,
    ),
    row(
      ['an iss of a preset with a slash too many', 'ERR_CLAIM_ISSUER'],
      [
        'There is a slash too many at the end of the "iss"',
        'Tokens of "https://sso.example.com/realms/shop" have no slash, so this one is not from there',
      ],
      {
        trusted: ofKeycloak(),
        token: await sign({ ...bearer, iss: 'https://sso.example.com/realms/shop/' }),
      },
      { trusted: ofKeycloak(), token: inKeycloak },
    ),
    row(
      ['roles in a namespaced claim of Auth0', 'ERR_ACCESS_GROUP'],
      ['The groups are in another claim', `Use the rule { claims: { "${roles}": "staff" } }.`],
      { ...inAction, access: { groups: ['admin', 'staff'] } },
      { ...inAction, access: { claims: { [roles]: 'staff' } } },
    ),
    row(
      ['permissions of Auth0 in place of groups', 'ERR_ACCESS_GROUP'],
      [
        'The groups are in another claim',
        'Use the rule { claims: { "permissions": "read:orders" } }.',
      ],
      { ...goodAuth0, access: { groups: ['read:orders'] } },
      { ...goodAuth0, access: { claims: { permissions: 'read:orders' } } },
    ),
    row(
      ['roles for firebase()', 'ERR_ACCESS_GROUP'],
      ['The groups are in another claim', 'Use the rule { claims: { "roles": "staff" } }.'],
      { ...inFirebase, access: { groups: ['staff'] } },
      { ...inFirebase, access: { claims: { roles: 'staff' } } },
    ),
    row(
      ['an organization that google() does not accept', 'ERR_TOKEN_CHECK'],
      [
        'A claim has another value than the configured one',
        '"hd" is "b.com", and "hostedDomain" is ["a.com"]',
      ],
      { ...goodGoogle, trusted: ofGoogle('a.com') },
      goodGoogle,
    ),
    row(
      ['a private account for google()', 'ERR_CLAIM_MISSING'],
      [
        'The token lacks a claim that the configuration asks for',
        'It has no "hd", and "hostedDomain" is ["b.com"]',
      ],
      { ...goodGoogle, token: await sign({ ...inGoogle, hd: undefined }) },
      goodGoogle,
    ),
    row(
      ['an ID token of another client for google()', 'ERR_CLAIM_AUDIENCE'],
      ['The token is for another audience', '"aud" is "other"'],
      { ...goodGoogle, token: await sign({ ...inGoogle, aud: 'other' }) },
      goodGoogle,
    ),
    row(
      ["a token of Okta's own server", 'ERR_CLAIM_ISSUER'],
      [
        "The token is from the organization's own server of Okta",
        `Get the token at ${SERVER}/oauth2/default:`,
      ],
      { trusted: ofOkta, token: await sign({ ...inOkta, iss: SERVER }) },
      { trusted: ofOkta, token: await sign({ ...inOkta, iss: `${SERVER}/oauth2/default` }) },
    ),
  ]
}
