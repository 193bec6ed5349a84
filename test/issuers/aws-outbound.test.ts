/**
 * IAM outbound identity federation: an issuer for each account, found by discovery.
 */
import { authorize, createVerifier } from 'jwt-gate'
import { awsOutbound } from 'jwt-gate/issuers'
import { expect, test } from 'vitest'
import { createLookAlike, NOW, refusedAs } from './look-alike.ts'

const ISSUER = 'https://abc123-def456-ghi789-jkl012.tokens.sts.global.api.aws'
const AUDIENCE = 'https://api.example.com'
const AWS = 'https://sts.amazonaws.com/'
const aws = { aws_account: '123456789012', source_region: 'us-east-1', org_id: 'o-abc1234567' }
const ROLE = 'arn:aws:iam::123456789012:role/DataProcessing'

const issuer = await createLookAlike(
  {
    [`${ISSUER}/.well-known/openid-configuration`]: () => ({
      issuer: ISSUER,
      jwks_uri: `${ISSUER}/.well-known/jwks.json`,
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256', 'ES384'],
    }),
    [`${ISSUER}/.well-known/jwks.json`]: (keys) => ({ keys: keys.map(({ jwk }) => jwk) }),
  },
  {
    header: { typ: 'JWT' },
    claims: {
      ...{ iss: ISSUER, aud: AUDIENCE, sub: ROLE, jti: 'xyz123', nbf: undefined },
      [AWS]: { ...aws, principal_tags: { team: 'data' }, request_tags: { 'job-id': 'job-1' } },
    },
  },
  ['ES384'],
)
const trusted = awsOutbound({ issuerUrl: ISSUER, audience: AUDIENCE, accountId: '1234-5678-9012' })

test.each(['RS256', 'ES384'])(
  'a token that is signed with %s passes; the keys are discovered',
  async (alg) => {
    const key = issuer.keys.find((one) => one.alg === alg)

    expect(
      await issuer.verify(trusted, await issuer.token({}, { key: key as never })),
    ).toHaveProperty('claims.sub', ROLE)
    expect(issuer.asked.slice(0, 2)).toEqual([
      `${ISSUER}/.well-known/openid-configuration`,
      `${ISSUER}/.well-known/jwks.json`,
    ])
  },
)

test('access rules ask for a role and a region', async () => {
  const one = awsOutbound({
    issuerUrl: ISSUER,
    audience: AUDIENCE,
    jwks: { keys: issuer.keys.map(({ jwk }) => jwk) },
  })
  const verified = await createVerifier(one, { now: () => NOW * 1_000 }).verify(
    await issuer.token(),
  )

  authorize(verified, {
    claims: { sub: ROLE, '/https:~1~1sts.amazonaws.com~1/source_region': 'us-east-1' },
  })
  expect(() =>
    authorize(verified, { claims: { sub: 'arn:aws:iam::123456789012:role/Other' } }),
  ).toThrow('denied')
  expect(verified.claims[AWS].aws_account).toBe('123456789012')
})

test.each([
  ['another account', { [AWS]: { ...aws, aws_account: '210987654321' } }, 'ERR_TOKEN_CHECK'],
  ['no account', { [AWS]: {} }, 'ERR_CLAIM_MISSING'],
  ['none of the claims of AWS', { [AWS]: undefined }, 'ERR_CLAIM_MISSING'],
  ['the claim as text', { [AWS]: '123456789012' }, 'ERR_CLAIM_MISSING'],
  [
    'the account as a tag of the workload',
    { [AWS]: { request_tags: { aws_account: '123456789012' } } },
    'ERR_CLAIM_MISSING',
  ],
  [
    'the issuer of another account',
    { iss: 'https://other.tokens.sts.global.api.aws' },
    'ERR_CLAIM_ISSUER',
  ],
  ['another audience', { aud: 'https://other.example.com' }, 'ERR_CLAIM_AUDIENCE'],
])('%s does not pass', async (_, claims, code) => {
  expect(await issuer.verify(trusted, await issuer.token(claims))).toEqual(refusedAs(code))
})

test.each([
  [
    'an account without an issuer',
    { accountId: '123456789012', audience: AUDIENCE },
    'get-outbound-web-identity-federation-info',
  ],
  ['no audience', { issuerUrl: ISSUER }, '"audience"'],
  [
    'an account as a number',
    { issuerUrl: ISSUER, audience: AUDIENCE, accountId: 123456789012 },
    '"accountId"',
  ],
  [
    'the URL of the keys',
    { issuerUrl: `${ISSUER}/.well-known/jwks.json`, audience: AUDIENCE },
    '"issuerUrl" must be the domain alone',
  ],
])('%s is a ConfigError', (_, options, message) => {
  expect(() => awsOutbound(options as never)).toThrow(message)
})
