/**
 * Which tokens the verified-token cache stores, under which key, and how many.
 */
import { inspect } from 'node:util'
import { createVerifier } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { digestToken } from '../../../src/verify/token/digest.ts'
import { readVerifierOptions } from '../../../src/verify/verifier-options.ts'
import { split } from '../support/raw-token.ts'
import { remember } from '../support/remember.ts'

const issuer = await createTestIssuer({ algorithms: ['ES256'] })
const trusted = { issuer: issuer.issuer, audience: null, jwks: issuer.jwks }

describe('a cached token', () => {
  test('does not vouch for a token that differs in one character', async () => {
    const verifier = createVerifier(trusted)
    const token = await issuer.accessToken()
    await remember(verifier, token)

    for (let at = 0; at < token.length; at++) {
      const letter = token[at] === 'A' ? 'B' : 'A'
      const other = token.slice(0, at) + letter + token.slice(at + 1)
      await expect(verifier.verify(other)).rejects.toMatchObject({ name: 'TokenError' })
    }
  })

  test('does not vouch for its own text with something around it', async () => {
    const verifier = createVerifier(trusted)
    const token = await issuer.accessToken()
    await remember(verifier, token)

    for (const other of [` ${token}`, `${token} `, `${token}\0`, `${token}.`, token.slice(0, -1)]) {
      await expect(verifier.verify(other)).rejects.toMatchObject({ code: 'ERR_TOKEN_MALFORMED' })
    }
  })

  test('is not the same as its counterpart with another ECDSA signature of the same key', async () => {
    const verifier = createVerifier(trusted)
    const claims = { iss: issuer.issuer, exp: 4_000_000_000 }
    const key = issuer.keyFor('ES256')
    const first = await remember(verifier, await issuer.token(claims, { key }))

    const second = await remember(verifier, await issuer.token(claims, { key }))

    expect(second).toEqual(first)
    expect(second).not.toBe(first)
  })

  test('is cached by one verifier only', async () => {
    const token = await issuer.accessToken()
    await remember(createVerifier(trusted), token)

    const strict = createVerifier({ ...trusted, audience: 'api' })

    await expect(strict.verify(token)).rejects.toMatchObject({ code: 'ERR_CLAIM_AUDIENCE' })
  })
})

describe('a rejected token', () => {
  test.each([
    ['expired', { exp: 1 }],
    ['for another client', { client_id: 'other' }],
  ])('is never cached: %s', async (_, claims) => {
    const verifier = createVerifier({ ...trusted, clientId: issuer.clientId })
    const token = await issuer.accessToken(claims)

    await expect(verifier.verify(token)).rejects.toThrow()
    await expect(verifier.verify(token)).rejects.toThrow()
    expect(() => verifier.verifySync(token)).toThrow()
  })

  test('does not evict cached tokens', async () => {
    const verifier = createVerifier(trusted, { tokenCache: { max: 1 } })
    const token = await issuer.accessToken()
    const first = await remember(verifier, token)

    const [header, payload] = split(token)
    for (const bad of [`${header}.${payload}.AAAA`, 'x', await issuer.accessToken({ exp: 1 })]) {
      await expect(verifier.verify(bad)).rejects.toThrow()
    }

    expect(await verifier.verify(token)).toBe(first)
  })
})

describe('a token that is verified for the first time', () => {
  test('is cached only when it is verified again', async () => {
    const verifier = createVerifier(trusted)
    const token = await issuer.accessToken()

    const [first, second, third] = [
      await verifier.verify(token),
      verifier.verifySync(token),
      await verifier.verify(token),
    ]

    expect(second).not.toBe(first)
    expect(third).toBe(second)
  })

  test('does not evict cached tokens, even in large numbers', async () => {
    const verifier = createVerifier(trusted, { tokenCache: { max: 2 } })
    const token = await issuer.accessToken()
    const remembered = await remember(verifier, token)

    for (let at = 0; at < 100; at++) await verifier.verify(await issuer.accessToken({ at }))
    await verifier.verify(token)

    expect(await verifier.verify(token)).toBe(remembered)
  })
})

describe('the maximum', () => {
  test('evicts the least recently used token', async () => {
    const verifier = createVerifier(trusted, { tokenCache: { max: 2 } })
    const tokens = await Promise.all([
      issuer.accessToken(),
      issuer.idToken(),
      issuer.machineToken(),
    ])
    const [a, b, c] = tokens as [string, string, string]
    const ofA = await remember(verifier, a)
    const ofB = await remember(verifier, b)

    await verifier.verify(a)
    await remember(verifier, c)

    expect(await verifier.verify(a)).toBe(ofA)
    expect(await verifier.verify(b)).not.toBe(ofB)
  })

  test('holds for tokens that are verified several times in a row', async () => {
    const verifier = createVerifier(trusted, { tokenCache: { max: 1 } })
    const [a, b] = [await issuer.accessToken(), await issuer.idToken()]
    const ofA = await remember(verifier, a)
    const again = [await verifier.verify(a), await verifier.verify(a)]

    const ofB = await remember(verifier, b)
    const anew = await verifier.verify(a)

    expect(again.map((one) => one === ofA)).toEqual([true, true])
    expect(ofB.claims['token_use']).toBe('id')
    expect(anew.claims['token_use']).toBe('access')
    expect(anew).not.toBe(ofA)
  })

  test('is 5000 by default', () => {
    expect(readVerifierOptions().cachedTokens).toBe(5_000)
    expect(readVerifierOptions({ tokenCache: { max: 7 } }).cachedTokens).toBe(7)
    expect(readVerifierOptions({ tokenCache: false }).cachedTokens).toBe(0)
  })
})

describe('secrets', () => {
  test('the name of a token is a SHA-256 digest of all of it', () => {
    const token = 'x'.repeat(1_000)

    expect(digestToken(token)).toHaveLength(32)
    expect(Buffer.from(digestToken('abc'), 'latin1').toString('hex')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    )
    expect(digestToken(`${token}a`)).not.toBe(digestToken(`${token}b`))
  })

  test('the result includes neither the token nor its signature', async () => {
    const token = await issuer.accessToken()

    const verified = await createVerifier(trusted).verify(token)

    const [, payload, signature] = split(token)
    const text = inspect(verified, { depth: null, showHidden: true })
    expect(text).not.toContain(signature)
    expect(text).not.toContain(payload)
  })
})
