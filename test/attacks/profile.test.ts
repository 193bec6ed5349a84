/**
 * A token that is bound to a key must not be accepted without proof of that key, and no token may lack what its profile or the
 * verifier requires (RFC 9449 s7.1, s7.2; RFC 8705 s3; RFC 9068 s2.2).
 */
import { createTestIssuer, type TestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { claimsOf, judge, now, trust } from './setup.ts'

const issuer = await createTestIssuer({ now })

describe('a token that is bound to a key is no bearer token', () => {
  const jkt = '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I'

  test.each<unknown>([
    { jkt },
    { 'x5t#S256': jkt },
    { jwk: { kty: 'RSA' } },
    { kid: 'x' },
    { jku: 'https://evil.example' },
    { unknown: true },
    {},
    [],
    null,
    false,
    0,
    '',
    jkt,
  ])('cnf %j', async (cnf) => {
    const bound = { ...claimsOf(issuer), cnf }
    const attack = await issuer.token(bound)
    const control = await issuer.token({ ...bound, cnf: undefined, CNF: cnf })

    expect(await judge({ trusted: trust(issuer), attack, control })).toBe(
      'ERR_TOKEN_UNSUPPORTED cnf',
    )
  })
})

test.each(['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti'])(
  'no RFC 9068 token does without %s',
  async (claim) => {
    const mint = (by: TestIssuer, change: object): Promise<string> =>
      by.token({ ...claimsOf(by), ...change }, { header: { typ: 'at+jwt' } })
    const trusted = trust(issuer, { tokenType: 'at+jwt' })
    const control = await mint(issuer, {})

    for (const value of [undefined, null]) {
      const attack = await mint(issuer, { [claim]: value })
      expect(await judge({ trusted, attack, control })).toMatch(
        new RegExp(`^ERR_CLAIM_.* ${claim} `),
      )
    }
  },
)

test.each<[string, object, object, string]>([
  ['the exp', {}, { exp: undefined }, 'ERR_CLAIM_MISSING exp missing'],
  ['the iss', {}, { iss: undefined }, 'ERR_CLAIM_ISSUER iss missing'],
  ['the audience', {}, { aud: undefined }, 'ERR_CLAIM_AUDIENCE aud missing'],
  [
    'the client',
    { clientId: 'app' },
    { client_id: undefined },
    'ERR_CLAIM_CLIENT_ID client_id missing',
  ],
  ['the age', { maxTokenAgeSeconds: 9 }, { iat: undefined }, 'ERR_CLAIM_MISSING iat missing'],
  ['its own claims', {}, { tenant: undefined }, 'ERR_CLAIM_MISSING tenant missing'],
  ['the type of sub', {}, { sub: 1 }, 'ERR_CLAIM_INVALID sub invalid'],
])(
  'a list of required claims in place of those of RFC 9068 does not turn off %s',
  async (_, rule, change, outcome) => {
    const mint = (claims: object): Promise<string> =>
      issuer.token(
        { ...claimsOf(issuer), tenant: 'acme', ...claims },
        { header: { typ: 'at+jwt' } },
      )
    const trusted = trust(issuer, { tokenType: 'at+jwt', requiredClaims: ['tenant'], ...rule })

    expect(
      await judge({ trusted, attack: await mint(change), control: await mint({ jti: undefined }) }),
    ).toBe(outcome)
  },
)

describe('no required claim counts as present if it is', () => {
  test.each<[string, Record<string, unknown>]>([
    ['missing', { tenant: undefined }],
    ['null', { tenant: null }],
    ['in capitals', { tenant: undefined, TENANT: 'acme' }],
    ['inside another claim', { tenant: undefined, claims: { tenant: 'acme' } }],
  ])('%s', async (_, change) => {
    const trusted = trust(issuer, { requiredClaims: ['tenant'] })
    const good = { ...claimsOf(issuer), tenant: 'acme' }
    const attack = await issuer.token({ ...good, ...change })

    const outcome = await judge({ trusted, attack, control: await issuer.token(good) })

    expect(outcome).toBe('ERR_CLAIM_MISSING tenant missing')
  })

  test.each(['toString', 'constructor', 'hasOwnProperty', 'valueOf'])(
    '%s, which every object inherits',
    async (name) => {
      const trusted = trust(issuer, { requiredClaims: [name] })
      const attack = await issuer.token(claimsOf(issuer))
      const control = await issuer.token({ ...claimsOf(issuer), [name]: 'acme' })

      expect(await judge({ trusted, attack, control })).toBe(`ERR_CLAIM_MISSING ${name} missing`)
    },
  )
})

test.each<unknown>(['evil', '', null, 1, undefined])(
  "no claim passes that the issuer's schema rejects: %j",
  async (tenant) => {
    const validate = (value: unknown) =>
      (value as Record<string, unknown>)['tenant'] === 'acme'
        ? { value }
        : { issues: [{ message: 'no', path: ['tenant'] }] }
    const trusted = trust(issuer, {
      claims: { '~standard': { version: 1, vendor: 'test', validate } },
    })
    const attack = await issuer.token({ ...claimsOf(issuer), tenant })
    const control = await issuer.token({ ...claimsOf(issuer), tenant: 'acme' })

    expect(await judge({ trusted, attack, control })).toBe('ERR_TOKEN_CHECK tenant schema')
  },
)
