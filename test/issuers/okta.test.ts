/**
 * Okta: custom authorization servers and the server of an organization.
 */
import { authorize, createVerifier } from 'jwt-gate'
import { okta } from 'jwt-gate/issuers'
import { describe, expect, test } from 'vitest'
import { createLookAlike, refusedAs } from './look-alike.ts'

const DOMAIN = 'example.okta.com'
const ISSUER = `https://${DOMAIN}/oauth2/default`
const ORGANIZATION = `https://${DOMAIN}`
const CLIENT = '0oa1client2ID3example5d7'
const CUSTOM = { domain: DOMAIN, authorizationServerId: 'default', audience: 'api://default' }

const issuer = await createLookAlike(
  {
    [`${ISSUER}/v1/keys`]: (keys) => ({ keys: keys.map(({ jwk }) => jwk) }),
    [`${ORGANIZATION}/oauth2/v1/keys`]: (keys) => ({ keys: keys.map(({ jwk }) => jwk) }),
  },
  {
    claims: {
      ver: 1,
      jti: 'AT.0mP4JKAZX1iACIT4vbEDF7LpvDVjxypPMf0D7uX39RE',
      iss: ISSUER,
      aud: 'api://default',
      sub: 'ada@example.com',
      nbf: undefined,
      cid: CLIENT,
      uid: '00u1user2ID3example5d7',
      scp: ['openid', 'orders.read'],
      auth_time: 1_794_999_000,
      groups: ['admins'],
    },
  },
)
const organization = { iss: ORGANIZATION, aud: ORGANIZATION, groups: undefined }
const organizationHeader = { typ: 'application/okta-internal-at+jwt' }

test('an access token of a custom authorization server passes, without typ', async () => {
  const verdict = await issuer.verify(okta({ ...CUSTOM, clientId: CLIENT }), await issuer.token())

  expect(verdict).toHaveProperty('claims.cid', CLIENT)
  expect(issuer.asked).toEqual([`${ISSUER}/v1/keys`])
})

test('access rules read scp and groups', async () => {
  const fetch = async () => Response.json({ keys: issuer.keys.map(({ jwk }) => jwk) })
  const verifier = createVerifier(okta(CUSTOM), { fetch, now: () => 1_795_000_000_000 })
  const verified = await verifier.verify(await issuer.token())

  authorize(verified, { scopes: ['orders.read'], groups: ['admins'] })
  expect(() => authorize(verified, { scopes: ['orders.write'] })).toThrow('scope')
  expect(verified.claims.scp).toEqual(['openid', 'orders.read'])
})

test('an access token of the organization passes only where that is spelled out, and has a typ of its own', async () => {
  const trusted = okta({ domain: DOMAIN, authorizationServerId: null, audience: ORGANIZATION })
  const token = await issuer.token(organization, { header: organizationHeader })

  expect(await issuer.verify(trusted, token)).toHaveProperty('claims.iss', ORGANIZATION)
  expect(await issuer.verify(okta(CUSTOM), token)).toEqual(refusedAs('ERR_TOKEN_TYPE'))
  expect(await issuer.verify(trusted, await issuer.token(organization))).toEqual(
    refusedAs('ERR_TOKEN_TYPE'),
  )
})

test('a token of a custom server with the typ of the organization is rejected', async () => {
  const token = await issuer.token({}, { header: organizationHeader })

  expect(await issuer.verify(okta(CUSTOM), token)).toEqual(refusedAs('ERR_TOKEN_TYPE'))
})

test('an ID token is no access token, even where the audience is the client', async () => {
  const token = await issuer.token({
    ...{ aud: CLIENT, jti: 'ID.radCQMOQUmyv', cid: undefined, uid: undefined, scp: undefined },
    ...{ sub: '00u1user2ID3example5d7', idp: '00o1', amr: ['pwd'], nonce: 'n', at_hash: 'a' },
  })

  expect(await issuer.verify(okta(CUSTOM), token)).toEqual(refusedAs('ERR_CLAIM_AUDIENCE'))
  expect(await issuer.verify(okta({ ...CUSTOM, audience: CLIENT }), token)).toEqual(
    refusedAs('ERR_CLAIM_TOKEN_USE', 'cid'),
  )
})

test.each([
  [
    'another client, whatever client_id and azp say',
    { cid: 'other', client_id: CLIENT, azp: CLIENT },
    'ERR_CLAIM_CLIENT_ID',
  ],
  ['another authorization server', { iss: `${ORGANIZATION}/oauth2/aus1other` }, 'ERR_CLAIM_ISSUER'],
])('%s is rejected', async (_, claims, code) => {
  const trusted = okta({ ...CUSTOM, clientId: CLIENT })

  expect(await issuer.verify(trusted, await issuer.token(claims))).toEqual(refusedAs(code))
})

describe('the options', () => {
  test.each([`https://${DOMAIN}`, `https://${DOMAIN}/`, 'EXAMPLE.okta.com'])(
    'the domain %s is understood',
    (domain) => {
      expect(okta({ ...CUSTOM, domain })).toMatchObject({ issuer: ISSUER })
    },
  )

  test.each([
    ['the issuer as the domain', { domain: ISSUER }, '"authorizationServerId"'],
    ['the admin console', { domain: 'example-admin.okta.com' }, 'leave out "-admin"'],
    ['a placeholder', { domain: 'https://{yourOktaDomain}' }, '"domain" contains a placeholder'],
    ['no server', { authorizationServerId: undefined }, '"authorizationServerId" must be given'],
    [
      'a server as a path',
      { authorizationServerId: 'oauth2/default' },
      '"authorizationServerId" must be an ID',
    ],
    ['a name that is no option', { orgUrl: ORGANIZATION }, '"orgUrl" is not an option'],
  ])('%s is a ConfigError', (_, change, message) => {
    expect(() => okta({ ...CUSTOM, ...change } as never)).toThrow(message)
  })
})
