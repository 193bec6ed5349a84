/**
 * Tokens and keys as real authorization servers make them, and the configuration that fits each.
 */
import { authorize, createVerifier, type TrustedIssuer } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'

const issuer = await createTestIssuer()
const { issuer: iss, jwks } = issuer
const base = { issuer: iss, audience: 'api', jwks }
const claims = { iss, aud: 'api', sub: 'alice', exp: 4_000_000_000 }
const AT_JWT = { header: { typ: 'at+jwt' } }

async function say(trusted: Partial<TrustedIssuer>, change: object, header?: object) {
  const token = await issuer.token({ ...claims, ...change }, header)
  return createVerifier({ ...base, ...trusted })
    .verify(token)
    .then(
      () => 'accepted',
      ({ code }) => code,
    )
}

test('scopes in a list under a name of its own are read by a rule for claims', async () => {
  const token = await issuer.token({ ...claims, scopes: ['read', 'write'] })
  const verified = await createVerifier(base).verify(token)

  expect(() => authorize(verified, { claims: { scopes: ['read'] } })).not.toThrow()
  expect(() => authorize(verified, { scopes: ['read'] })).toThrow(/scope/)
  expect(() => authorize(verified, { claims: { scopes: ['admin'] } })).toThrow()
})

test('an audience that is the scope, two of them in one text, needs a rule for claims', async () => {
  expect(await say({ audience: 'read' }, { aud: 'read write' })).toBe('ERR_CLAIM_AUDIENCE')
  expect(await say({ audience: null }, { aud: 'read write' })).toBe('accepted')

  const token = await issuer.token({ ...claims, aud: 'read write' })
  const verified = await createVerifier({ ...base, audience: null }).verify(token)
  expect(() => authorize(verified, { claims: { aud: ['read write'] } })).not.toThrow()
  expect(() => authorize(verified, { claims: { aud: ['read'] } })).toThrow()
})

describe('the type of a token', () => {
  test('may be at+JWT, in any case', async () => {
    const trusted = { tokenType: 'at+jwt', requiredClaims: ['sub'] } as const
    expect(await say(trusted, {}, { header: { typ: 'at+JWT' } })).toBe('accepted')
  })

  test('tells an ID token with the audience of the API, which is accepted by default', async () => {
    const idToken = [{}, { header: { typ: 'JWT' } }] as const

    expect(await say({}, ...idToken)).toBe('accepted')
    expect(await say({ tokenType: 'at+jwt' }, ...idToken)).toBe('ERR_TOKEN_TYPE')
    expect(await say({ tokenType: 'at+jwt', requiredClaims: ['sub'] }, {}, AT_JWT)).toBe('accepted')
  })

  test('is JWT for the access tokens of some servers, which at+jwt rejects', async () => {
    const accessToken = [{ client_id: 'web' }, { header: { typ: 'JWT' } }] as const

    expect(await say({ tokenType: 'JWT' }, ...accessToken)).toBe('accepted')
    expect(await say({ tokenType: 'at+jwt' }, ...accessToken)).toBe('ERR_TOKEN_TYPE')
  })
})

test('a token without iat is accepted, unless its age is limited', async () => {
  expect(await say({}, {})).toBe('accepted')
  expect(await say({ maxTokenAgeSeconds: 3_600 }, {})).toBe('ERR_CLAIM_MISSING')
})

test('keys for another use, such as jwt-svid, and tokens without iss are rejected', async () => {
  const keys = jwks.keys.map((key) => ({ ...key, use: 'jwt-svid' }))

  expect(() => createVerifier({ ...base, jwks: { keys } })).toThrow(/no usable key/)
  expect(await say({}, { iss: undefined })).toBe('ERR_CLAIM_ISSUER')
})
