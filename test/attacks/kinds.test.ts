/**
 * A token must not pass as one of another kind, pool, client or environment (RFC 8725 s2.7, s2.8, s3.12; RFC 9068 s5; AWS:
 * verifying JSON web tokens of Amazon Cognito).
 */
import { type CognitoOptions, cognito, createVerifier } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { claimsOf, judge, NOT_FOUND, now, SIGNATURE } from './setup.ts'

const pool = await createTestIssuer({ now })
const stranger = await createTestIssuer({ now })
const { userPoolId, clientId, jwks } = pool
const OTHER_KIND = 'ERR_CLAIM_TOKEN_USE token_use'
const OTHER_CLIENT = 'ERR_CLAIM_CLIENT_ID client_id'

/** Verified by a verifier for Cognito tokens of one kind, with a good token of that kind as the control. */
const judgeKind = async (
  tokenUse: 'access' | 'id',
  attack: string,
  change: Partial<CognitoOptions> = {},
): Promise<string> =>
  judge({
    trusted: cognito({ userPoolId, clientId, tokenUse, jwks, ...change } as CognitoOptions),
    attack,
    control: tokenUse === 'id' ? await pool.idToken() : await pool.accessToken(),
  })

describe('an ID token is no access token', () => {
  test.each<[string, Record<string, unknown>]>([
    ['unchanged', {}],
    ['with a client_id', { client_id: clientId }],
    ['with a client_id and a scope', { client_id: clientId, scope: 'admin' }],
    ['with a token_use in capitals', { token_use: 'ACCESS', client_id: clientId }],
    ['with both kinds in a list', { token_use: ['access', 'id'], client_id: clientId }],
    ['with both kinds in a string', { token_use: 'access id', client_id: clientId }],
    ['without token_use', { token_use: undefined, client_id: clientId }],
    ['with a token_use of null', { token_use: null, client_id: clientId }],
    ['with a token_use of true', { token_use: true, client_id: clientId }],
    ['with tokenUse', { token_use: undefined, tokenUse: 'access', client_id: clientId }],
  ])('%s', async (_, claims) => {
    const attack = await pool.idToken(claims)

    expect(await judgeKind('access', attack)).toContain(OTHER_KIND)
    expect(await judgeKind('access', attack, { clientId: null })).toContain(OTHER_KIND)
  })
})

describe('an access token is no ID token', () => {
  test.each<[string, Record<string, unknown>]>([
    ['unchanged', {}],
    ['with an aud', { aud: clientId }],
    ['with an aud and an e-mail address', { aud: clientId, email: 'admin@example.com' }],
    ['with a token_use in capitals', { token_use: 'ID', aud: clientId }],
    ['with both kinds in a list', { token_use: ['id', 'access'], aud: clientId }],
    ['without token_use', { token_use: undefined, aud: clientId }],
    ['with an unknown token_use', { token_use: 'refresh', aud: clientId }],
  ])('%s', async (_, claims) => {
    const attack = await pool.accessToken(claims)

    expect(await judgeKind('id', attack)).toContain(OTHER_KIND)
    expect(await judgeKind('id', attack, { clientId: null })).toContain(OTHER_KIND)
  })

  test("nor is a machine's access token", async () => {
    expect(await judgeKind('id', await pool.machineToken({ aud: clientId }))).toContain(OTHER_KIND)
  })
})

describe('a verifier for both kinds checks each kind by its own rules', () => {
  test.each<[string, () => Promise<string>, string]>([
    [
      'the access token of another client',
      () => pool.accessToken({ client_id: 'x' }),
      OTHER_CLIENT,
    ],
    [
      'an access token with its client in aud',
      () => pool.accessToken({ client_id: 'x', aud: clientId }),
      OTHER_CLIENT,
    ],
    ['the ID token of another client', () => pool.idToken({ aud: 'x' }), 'ERR_CLAIM_AUDIENCE aud'],
    [
      'an ID token with its client in client_id',
      () => pool.idToken({ aud: 'x', client_id: clientId }),
      'ERR_CLAIM_AUDIENCE aud',
    ],
    ['a token without token_use', () => pool.accessToken({ token_use: undefined }), OTHER_KIND],
    ['a token of a third kind', () => pool.accessToken({ token_use: 'refresh' }), OTHER_KIND],
  ])('and rejects %s', async (_, mint, outcome) => {
    expect(await judgeKind('access', await mint(), { tokenUse: null })).toContain(outcome)
  })
})

describe('nothing of another pool, client or environment passes', () => {
  const poolIssuer = (change: (iss: string) => string): Promise<string> =>
    pool.accessToken({ iss: change(pool.issuer) })

  test.each<[string, () => Promise<string>, string]>([
    ['another pool', () => poolIssuer((iss) => `${iss}2`), 'ERR_CLAIM_ISSUER iss'],
    [
      'another pool whose id differs in case',
      () => poolIssuer((iss) => iss.replace('TestPool', 'testpool')),
      'ERR_CLAIM_ISSUER iss',
    ],
    [
      'another Region',
      () => poolIssuer((iss) => iss.replaceAll('eu-west-1', 'us-east-1')),
      'ERR_CLAIM_ISSUER iss',
    ],
    [
      'another Region in the host only',
      () => poolIssuer((iss) => iss.replace('eu-west-1.', 'us-east-1.')),
      'ERR_CLAIM_ISSUER iss',
    ],
    [
      'the partition of China',
      () => poolIssuer((iss) => iss.replace('.com/', '.com.cn/')),
      'ERR_CLAIM_ISSUER iss',
    ],
    [
      'a FIPS endpoint',
      () => poolIssuer((iss) => iss.replace('cognito-idp', 'cognito-idp-fips')),
      'ERR_CLAIM_ISSUER iss',
    ],
    [
      'an identity pool',
      () => poolIssuer(() => 'https://cognito-identity.amazonaws.com'),
      'ERR_CLAIM_ISSUER iss',
    ],
    [
      'an emulator',
      () => poolIssuer(() => 'http://localhost:9229/eu-west-1_TestPool1'),
      'ERR_CLAIM_ISSUER iss',
    ],
    ['the keys of another pool', () => stranger.accessToken(), NOT_FOUND],
    [
      'the keys of another pool under a kid of this pool',
      () => stranger.token(claimsOf(pool), { header: { kid: pool.keys[0]?.kid } }),
      SIGNATURE,
    ],
    ['another client', () => pool.accessToken({ client_id: 'other' }), OTHER_CLIENT],
    ['another machine client', () => pool.machineToken({ client_id: 'other' }), OTHER_CLIENT],
    [
      'a client in azp only, beside another client_id',
      () => pool.accessToken({ client_id: 'other', azp: clientId }),
      OTHER_CLIENT,
    ],
  ])('%s', async (_, mint, outcome) => {
    expect(await judgeKind('access', await mint())).toContain(outcome)
  })

  test.each<[string, Record<string, unknown>]>([
    ['another resource', { aud: 'https://b.example' }],
    ['no resource', {}],
    ['the client as the resource', { aud: clientId }],
  ])('%s (RFC 8707)', async (_, claims) => {
    const audience = 'https://a.example'
    const attack = await pool.accessToken(claims)
    const control = await pool.accessToken({ aud: audience })
    const trusted = cognito({ userPoolId, clientId, tokenUse: 'access', jwks, audience })

    expect(await judge({ trusted, attack, control })).toContain('ERR_CLAIM_AUDIENCE aud')
  })
})

test('no verifier that was created without a client accepts a token', () => {
  const make = (options: object) => () =>
    createVerifier(cognito({ userPoolId, jwks, ...options } as CognitoOptions))

  expect(make({ tokenUse: 'access' })).toThrow('"clientId"')
  expect(make({ clientId })).toThrow('"tokenUse"')
  expect(make({ clientId, tokenUse: 'access' })).not.toThrow()
})
