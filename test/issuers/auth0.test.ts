/**
 * Auth0: both profiles of access tokens, the slash at the end of the issuer, and what is no access token.
 */
import { authorize, createVerifier } from 'jwt-gate'
import { auth0 } from 'jwt-gate/issuers'
import { describe, expect, test } from 'vitest'
import { createLookAlike, NOW, published, refusedAs } from './look-alike.ts'

const DOMAIN = 'tenant.eu.auth0.com'
const ISSUER = `https://${DOMAIN}/`
const KEYS = `https://${DOMAIN}/.well-known/jwks.json`
const API = 'https://api.example.com'
const CLIENT = 'my0client0id0of0thirty0two0chars'

const issuer = await createLookAlike(
  { [KEYS]: (keys) => ({ keys: keys.map((key) => published(key)) }) },
  {
    header: { typ: 'JWT' },
    claims: {
      iss: ISSUER,
      sub: 'auth0|650000000000000000000001',
      aud: [API, `${ISSUER}userinfo`],
      nbf: undefined,
      scope: 'openid profile read:orders',
      azp: CLIENT,
      permissions: ['read:orders'],
    },
  },
  ['PS256'],
)
const trusted = auth0({ domain: DOMAIN, audience: API })
const idClaims = {
  aud: CLIENT,
  azp: undefined,
  scope: undefined,
  permissions: undefined,
  nickname: 'ada',
  email: 'ada@example.com',
  sid: 'a-session',
  nonce: 'a-nonce',
}

test('an access token of a user passes; its keys come from the one place where Auth0 has them', async () => {
  const { claims } = (await issuer.verify(trusted, await issuer.token())) as { claims: object }

  expect(claims).toMatchObject({ iss: ISSUER, permissions: ['read:orders'] })
  expect(issuer.asked).toEqual([KEYS])
})

test.each([
  [
    'a token of the client credentials grant',
    { sub: `${CLIENT}@clients`, aud: API, gty: 'client-credentials' },
    {},
  ],
  [
    'the profile of RFC 9068',
    { azp: undefined, client_id: CLIENT, jti: '73WakrfVb' },
    { typ: 'at+jwt' },
  ],
])('%s passes', async (_, claims, header) => {
  const token = await issuer.token(claims, { header })

  expect(
    await issuer.verify(auth0({ domain: DOMAIN, audience: API, clientId: CLIENT }), token),
  ).toHaveProperty('claims')
})

test('a token that is signed with PS256 passes', async () => {
  const key = issuer.keys.find(({ alg }) => alg === 'PS256')

  expect(
    await issuer.verify(trusted, await issuer.token({}, { key: key as never })),
  ).toHaveProperty('claims')
})

test('access rules read scopes and permissions', async () => {
  const verifier = createVerifier(
    auth0({ domain: DOMAIN, audience: API, jwks: { keys: issuer.keys.map(({ jwk }) => jwk) } }),
    { now: () => NOW * 1_000 },
  )
  const verified = await verifier.verify(await issuer.token())

  authorize(verified, { scopes: ['read:orders'], claims: { permissions: ['read:orders'] } })
  expect(verified.claims.permissions).toEqual(['read:orders'])
})

describe('the domain', () => {
  test.each([
    ['with a scheme', `https://${DOMAIN}`],
    ['as the issuer', ISSUER],
    ['in capitals', DOMAIN.toUpperCase()],
    ['between blanks', ` ${DOMAIN}\n`],
  ])('%s gives the same issuer, with the slash at its end', (_, domain) => {
    expect(auth0({ domain, audience: API })).toMatchObject({ issuer: ISSUER, jwksUri: KEYS })
  })

  test.each([
    ['a path', `${ISSUER}authorize`],
    ['plain http', `http://${DOMAIN}`],
    ['a user', `https://me@${DOMAIN}`],
    ['a query', `${DOMAIN}?a`],
    ['a placeholder', '{yourDomain}'],
    ['a placeholder in capitals', 'YOUR_DOMAIN'],
    ['nothing', ''],
    ['no text', 5],
  ])('cannot have %s', (_, domain) => {
    expect(() => auth0({ domain: domain as string, audience: API })).toThrow('"domain"')
  })
})

describe('what does not pass', () => {
  test('an ID token, even where the audience is the client', async () => {
    const token = await issuer.token(idClaims)
    const careless = auth0({ domain: DOMAIN, audience: [API, CLIENT] })

    expect(await issuer.verify(trusted, token)).toEqual(refusedAs('ERR_CLAIM_AUDIENCE'))
    expect(await issuer.verify(careless, token)).toEqual(refusedAs('ERR_CLAIM_TOKEN_USE', 'azp'))
  })

  test.each([
    [
      'a token for another API of the tenant',
      { aud: 'https://other.example.com' },
      'ERR_CLAIM_AUDIENCE',
    ],
    ['a token of another tenant', { iss: 'https://other.eu.auth0.com/' }, 'ERR_CLAIM_ISSUER'],
    ['an issuer without its slash', { iss: ISSUER.slice(0, -1) }, 'ERR_CLAIM_ISSUER'],
    ['another application', { azp: 'another' }, 'ERR_CLAIM_CLIENT_ID'],
  ])('%s', async (_, claims, code) => {
    const one = auth0({ domain: DOMAIN, audience: API, clientId: CLIENT })

    expect(await issuer.verify(one, await issuer.token(claims))).toEqual(refusedAs(code))
  })

  test('a configuration without an audience', () => {
    expect(() => createVerifier(auth0({ domain: DOMAIN } as never))).toThrow(
      '"audience" must be given',
    )
    expect(() => auth0({ domain: DOMAIN, audience: 'YOUR_API_IDENTIFIER' })).toThrow(
      '"audience" contains a placeholder',
    )
  })
})
