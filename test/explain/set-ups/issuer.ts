/**
 * The issuer of the token is not trusted.
 */
import { type Attempt, AUDIENCE, ISSUER, OTHER_POOL, type SetUp, type World } from './world.ts'

const TENANT = '11111111-2222-3333-4444-555555555555'
const OTHER_TENANT = '99999999-2222-3333-4444-555555555555'
const V2 = `https://login.microsoftonline.com/${TENANT}/v2.0`
const V1 = `https://sts.windows.net/${TENANT}/`
const REALM = 'https://id.example.com/realms/main'

/** A name, the configured issuer, that of the token, the title, and a part of the advice. */
type Row = readonly [name: string, configured: string, iss: string, cause: string, advice: string]

// biome-ignore format: a table
const ROWS: readonly Row[] = [
  ['a slash is missing', ISSUER, `${ISSUER}/`, 'A slash is missing at the end of the issuer', `Set "issuer" to "${ISSUER}/"`],
  ['a slash too many', `${ISSUER}/`, ISSUER, 'There is a slash too many at the end of the issuer', `Set "issuer" to "${ISSUER}"`],
  ['http for https', 'http://id.example.com', 'https://id.example.com', 'The issuer has https where http is configured', 'https://id.example.com'],
  ['https for http', 'https://id.example.com', 'http://id.example.com', 'The issuer has http where https is configured', 'KC_HOSTNAME'],
  ['another case', 'https://ID.example.com', 'https://id.example.com', 'The issuer is spelled in another way', 'case'],
  ['another port', 'https://id.example.com:8443', 'https://id.example.com', 'The issuer is spelled in another way', 'port'],
  ['another realm', REALM, 'https://id.example.com/realms/other', 'The token is from another realm, tenant or authorization server of the same issuer', '/realms/other'],
  ['the old path of Keycloak', REALM, 'https://id.example.com/auth/realms/main', 'The token is from another realm, tenant or authorization server of the same issuer', '/auth/realms/main'],
  ['another host name', 'https://keycloak.internal/realms/main', REALM, 'The token has another host name of the same issuer', 'KC_HOSTNAME'],
  ['the name of a service in docker compose', 'http://keycloak:8080/realms/shop', 'http://localhost:8080/realms/shop', 'The token has another host name of the same issuer', 'KC_HOSTNAME'],
  ['a realm on localhost', REALM, 'http://localhost:8080/realms/main', 'The token has another host name of the same issuer', '"jwksUri" to an address that this process can reach'],
  ['a realm on 127.0.0.1', REALM, 'http://127.0.0.1:8080/realms/main', 'The token has another host name of the same issuer', 'KC_HOSTNAME'],
  ['another tenant of Entra', V2, V2.replace(TENANT, OTHER_TENANT), 'The token is from another tenant', OTHER_TENANT],
  ['version 1 of Entra', V2, V1, 'The token has the issuer of another version of Entra ID', 'requestedAccessTokenVersion'],
  ['no tenant of Entra', 'https://login.microsoftonline.com/common/v2.0', V2, 'The issuer is configured without a tenant', TENANT],
  ['a token of an emulator', ISSUER, 'http://localhost:9229/local_1abc', 'The token is from an emulator', 'To accept it in development, trust this issuer, too, with the "jwksUri" of the emulator. Never'],
  ['a token of LocalStack', ISSUER, 'http://localhost.localstack.cloud:4566/eu-west-1_1', 'The token is from an emulator', 'Never trust it in production'],
  ['another environment', ISSUER, 'https://staging.example.net', 'The token is from another issuer', 'https://staging.example.net'],
]

export async function createIssuerSetUps(world: World): Promise<SetUp[]> {
  const { trust, token, pool, trustPool } = world
  const rows = ROWS.map(async ([name, configured, iss, cause, advice]): Promise<SetUp> => {
    const sent = await token({ iss })
    return {
      ...{ name, code: 'ERR_CLAIM_ISSUER', cause, advice },
      broken: { trusted: trust({ issuer: configured }), token: sent },
      cured: { trusted: trust({ issuer: iss }), token: sent },
    }
  })
  const row = (
    [name, cause, advice]: readonly [string, string, string],
    broken: Attempt,
    cured: Attempt,
  ): SetUp => ({ name, code: 'ERR_CLAIM_ISSUER', cause, advice, broken, cured })
  const access = await pool.accessToken()
  const { issuer, userPoolId, jwks } = pool
  const newForm = issuer.replace('cognito-idp', 'issuer-cognito-idp')
  const inNewForm = await pool.accessToken({ iss: newForm })
  const emulator = `http://localhost:9229/${userPoolId}`
  const emulated = await pool.accessToken({ iss: emulator })
  const graph = { iss: V1, aud: '00000003-0000-0000-c000-000000000000' }
  const own = await token({ iss: V2 })
  return [
    ...(await Promise.all(rows)),
    row(
      ['another Region', 'The token is from a user pool in another Region', userPoolId],
      { trusted: trustPool({ userPoolId: 'us-east-1_TestPool1' }), token: access },
      { trusted: trustPool({ userPoolId }), token: access },
    ),
    row(
      ['another pool', 'The token is from another user pool', userPoolId],
      { trusted: trustPool({ userPoolId: OTHER_POOL }), token: access },
      { trusted: trustPool({ userPoolId }), token: access },
    ),
    row(
      [
        'a token of an emulator of the same pool',
        'The token is from an emulator',
        'give cognito() the options "issuer" and "jwksUri" of the emulator',
      ],
      { trusted: trustPool(), token: emulated },
      { trusted: trustPool({ issuer: emulator }), token: emulated },
    ),
    row(
      [
        'one form of Cognito issuers only',
        "The token has the other one of Cognito's two issuer forms",
        'leave "issuer" out',
      ],
      { trusted: trustPool({ issuer }), token: inNewForm },
      { trusted: trustPool(), token: inNewForm },
    ),
    row(
      ['a token for Microsoft Graph', 'The token is for Microsoft Graph', 'User.Read'],
      { trusted: trust({ issuer: V2 }), token: await token(graph, { header: { nonce: 'n' } }) },
      { trusted: trust({ issuer: V2 }), token: own },
    ),
    row(
      ['no iss', 'The token does not say who issued it', '"iss"'],
      { trusted: trust(), token: await token({ iss: undefined }) },
      { trusted: trust(), token: await token() },
    ),
    row(
      ['an iss that is no text', 'The issuer of the token is no text', '["a"]'],
      { trusted: trust(), token: await token({ iss: ['a'] }) },
      { trusted: trust(), token: await token() },
    ),
    row(
      [
        'a function that does not know the issuer',
        'Your function does not know the issuer of the token',
        ISSUER,
      ],
      { trusted: () => undefined, token: await token() },
      { trusted: () => ({ issuer: ISSUER, audience: AUDIENCE, jwks }), token: await token() },
    ),
  ]
}
