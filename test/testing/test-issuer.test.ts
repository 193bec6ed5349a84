/**
 * The test issuer: its tokens and its keys.
 */
import { Buffer } from 'node:buffer'
import { cognito, createVerifier } from 'jwt-gate'
import { createTestIssuer, type TestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { claimsOf, decode, headerOf } from './decode.ts'

const NOW_SECONDS = 1_784_514_532
const now = (): number => NOW_SECONDS * 1_000 + 999
const issuer = await createTestIssuer({ now })
const UUID = expect.stringMatching(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)

describe('tokens', () => {
  test('of a user’s access have the claims that Cognito gives them, and no others', async () => {
    const token = await issuer.accessToken()

    expect(claimsOf(token)).toEqual({
      sub: UUID,
      iss: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_TestPool1',
      version: 2,
      client_id: issuer.clientId,
      origin_jti: UUID,
      event_id: UUID,
      token_use: 'access',
      scope: 'aws.cognito.signin.user.admin',
      auth_time: NOW_SECONDS,
      exp: NOW_SECONDS + 3_600,
      iat: NOW_SECONDS,
      jti: UUID,
      username: 'alice',
    })
  })

  test('of a user’s identity have the claims that Cognito gives them, and no others', async () => {
    const token = await issuer.idToken()

    expect(claimsOf(token)).toEqual({
      sub: UUID,
      email_verified: true,
      iss: issuer.issuer,
      'cognito:username': 'alice',
      origin_jti: UUID,
      aud: issuer.clientId,
      event_id: UUID,
      token_use: 'id',
      auth_time: NOW_SECONDS,
      exp: NOW_SECONDS + 3_600,
      iat: NOW_SECONDS,
      jti: UUID,
      email: 'alice@example.com',
    })
  })

  test('of a client have the claims that Cognito gives them, and no others', async () => {
    const token = await issuer.machineToken()

    expect(claimsOf(token)).toEqual({
      sub: issuer.clientId,
      token_use: 'access',
      scope: 'orders/read orders/write',
      auth_time: NOW_SECONDS,
      iss: issuer.issuer,
      exp: NOW_SECONDS + 3_600,
      iat: NOW_SECONDS,
      version: 2,
      jti: UUID,
      client_id: issuer.clientId,
    })
  })

  test('have Cognito’s header, without a type', async () => {
    const token = await issuer.accessToken()

    expect(headerOf(token)).toEqual({ kid: issuer.keys[0]?.kid, alg: 'RS256' })
  })

  test('of the two kinds are signed with different keys', async () => {
    const kids = [
      headerOf(await issuer.accessToken())['kid'],
      headerOf(await issuer.idToken())['kid'],
      headerOf(await issuer.machineToken())['kid'],
    ]

    expect(kids).toEqual([issuer.keys[0]?.kid, issuer.keys[1]?.kid, issuer.keys[0]?.kid])
    expect(kids[0]).not.toBe(kids[1])
  })

  test('are never the same twice', async () => {
    const [one, other] = await Promise.all([issuer.accessToken(), issuer.accessToken()])

    expect(one).not.toBe(other)
  })

  test('may have claims added, changed and removed', async () => {
    const token = await issuer.accessToken({ 'custom:a': [1], username: 'bob', exp: undefined })

    expect(claimsOf(token)).toMatchObject({ 'custom:a': [1], username: 'bob' })
    expect(claimsOf(token)).not.toHaveProperty('exp')
  })

  test('are accepted by their verifiers, with each of the two keys', async () => {
    const verifier = verifierFor(issuer)

    const access = await verifier.verify(await issuer.accessToken())
    const id = await verifier.verify(await issuer.idToken())

    expect(access.claims.token_use).toBe('access')
    expect(id.claims.token_use).toBe('id')
  })

  test('have the real time if no clock is given', async () => {
    const own = await createTestIssuer()

    const { iat } = claimsOf(await own.accessToken())

    expect(Math.abs(Number(iat) - Date.now() / 1_000)).toBeLessThan(60)
  })
})

describe('a custom token', () => {
  test('has the claims that it is given, and no others', async () => {
    const token = await issuer.token({ a: 1 })

    expect(claimsOf(token)).toEqual({ a: 1 })
  })

  test('may have any text as its payload', async () => {
    const token = await issuer.token('{"exp":1,"exp":2}')

    expect(decode(token, 1)).toBe('{"exp":1,"exp":2}')
  })

  test('may have header members added, changed and removed', async () => {
    const token = await issuer.token({}, { header: { kid: undefined, alg: 'none', typ: 'JWT' } })

    expect(headerOf(token)).toEqual({ alg: 'none', typ: 'JWT' })
  })

  test('is signed with the given key', async () => {
    const own = await createTestIssuer({ now, algorithms: ['ES256', 'EdDSA'] })
    const verifier = createVerifier({ issuer: own.issuer, audience: null, jwks: own.jwks }, { now })
    const claims = claimsOf(await own.accessToken())

    const tokens = await Promise.all(
      (['ES256', 'EdDSA'] as const).map((alg) => own.token(claims, { key: own.keyFor(alg) })),
    )

    for (const token of tokens) await expect(verifier.verify(token)).resolves.toBeDefined()
    expect(tokens.map((token) => headerOf(token)['alg'])).toEqual(['ES256', 'EdDSA'])
  })

  test('may have any text as its third part', async () => {
    const token = await issuer.token({}, { sign: () => '' })

    expect(token).toMatch(/\.$/)
  })

  test('may have any bytes as its third part, made from the signing input', async () => {
    const token = await issuer.token(
      {},
      { sign: async (signingInput, key) => Buffer.from(`${key.alg} ${signingInput}`) },
    )

    const [header, payload] = token.split('.')
    expect(decode(token, 2)).toBe(`RS256 ${header}.${payload}`)
  })

  test('cannot be created for an algorithm without a key', () => {
    expect(() => issuer.keyFor('ES512')).toThrow('This issuer has no ES512 key')
  })
})

describe('keys', () => {
  test('are public in the key set, and only for signatures', () => {
    expect(issuer.jwks.keys).toHaveLength(2)
    for (const jwk of issuer.jwks.keys) {
      expect(Object.keys(jwk).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use'])
      expect(jwk).toMatchObject({ alg: 'RS256', use: 'sig', kty: 'RSA' })
    }
  })

  test('are all new after a rotation, of the same algorithms', async () => {
    const own = await createTestIssuer({ now, algorithms: ['ES256'] })
    const before = own.keys
    const token = await own.accessToken()

    await own.rotateKeys()

    expect(own.keys.map(({ alg }) => alg)).toEqual(['RS256', 'RS256', 'ES256'])
    const kids = new Set([...before, ...own.keys].map(({ kid }) => kid))
    expect(kids.size).toBe(6)
    await expect(verifierFor(own).verify(token)).rejects.toMatchObject({
      code: 'ERR_KEY_NOT_FOUND',
    })
    await expect(verifierFor(own).verify(await own.accessToken())).resolves.toBeDefined()
  })
})

function verifierFor({ userPoolId, clientId, fetch }: TestIssuer) {
  return createVerifier(cognito({ userPoolId, clientId, tokenUse: null }), { fetch, now })
}
