/**
 * What a verifier returns, and how it may be used.
 */
import { createVerifier, type VerifiedToken } from 'jwt-gate'
import { createTestIssuer, type TestKey } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { split } from './support/raw-token.ts'

const issuer = await createTestIssuer({ algorithms: ['ES256', 'Ed25519'] })
const trusted = { issuer: issuer.issuer, audience: null, jwks: issuer.jwks }
const verifier = createVerifier(trusted)

describe('the result', () => {
  const verify = async (): Promise<VerifiedToken> =>
    verifier.verify(
      await issuer.token(
        { iss: issuer.issuer, exp: 4_000_000_000, groups: ['a'], deep: { list: [{ b: 1 }] } },
        { header: { x: [{}] } },
      ),
    )

  test('has claims, header and issuer, and nothing else', async () => {
    const verified = await verify()

    expect(Reflect.ownKeys(verified)).toEqual(['claims', 'header', 'issuer'])
    expect(verified).toEqual({
      claims: { iss: issuer.issuer, exp: 4_000_000_000, groups: ['a'], deep: { list: [{ b: 1 }] } },
      header: { alg: 'RS256', kid: issuer.keys[0]?.kid, x: [{}] },
      issuer: issuer.issuer,
    })
  })

  test('is deeply frozen', async () => {
    const verified = await verify()

    for (const part of partsOf(verified)) expect(part).toSatisfy(Object.isFrozen)
    expect(() => Object.assign(verified.claims, { admin: true })).toThrow(TypeError)
    expect(() => (verified.claims['groups'] as string[]).push('admin')).toThrow(TypeError)
  })

  test('is not affected by members that another library has added to Object.prototype', async () => {
    const token = await issuer.token({ iss: issuer.issuer, exp: 4_000_000_000, sub: 'first seen' })
    const foreign = {}
    Object.defineProperty(Object.prototype, 'foreign', {
      value: foreign,
      enumerable: true,
      configurable: true,
    })
    try {
      verifier.verifySync(token)
    } finally {
      delete (Object.prototype as { foreign?: unknown }).foreign
    }

    expect(foreign).not.toSatisfy(Object.isFrozen)
  })

  /** A value and all objects in it. */
  function partsOf(value: unknown): unknown[] {
    if (typeof value !== 'object' || value === null) return []
    return [value, ...Object.values(value).flatMap(partsOf)]
  }
})

test('the functions of a verifier can be used without the verifier', async () => {
  const { verify, verifySync, hydrate, settled, close } = createVerifier(trusted)
  const token = await issuer.accessToken()

  await hydrate()
  await settled()

  expect(verifySync(token)).toEqual(await verify(token))
  expect(close()).toBeUndefined()
})

test('close works for a verifier without a cache', async () => {
  const uncached = createVerifier(trusted, { tokenCache: false })
  const token = await issuer.accessToken()

  uncached.close()

  await expect(uncached.verify(token)).resolves.toMatchObject({ issuer: issuer.issuer })
})

test('verify never throws, it rejects', async () => {
  const work = verifier.verify('x')

  expect(work).toBeInstanceOf(Promise)
  await expect(work).rejects.toMatchObject({ code: 'ERR_TOKEN_MALFORMED' })
})

test('many concurrent tokens are not mixed up', async () => {
  const names = Array.from({ length: 50 }, (_, n) => `user-${n}`)
  const tokens = await Promise.all(names.map((sub) => issuer.accessToken({ sub })))

  const answers = await Promise.all([...tokens, ...tokens].map((token) => verifier.verify(token)))

  expect(answers.map(({ claims }) => claims.sub)).toEqual([...names, ...names])
})

test('good and bad tokens in several algorithms do not affect each other', async () => {
  const makeToken = (n: number): Promise<string> =>
    issuer.token(
      { iss: issuer.issuer, exp: 4_000_000_000, sub: `user-${n}`, padding: 'x'.repeat(n * 7) },
      { key: issuer.keys[n % 4] as TestKey, ...(n % 3 === 0 && { sign: () => 'AAAA' }) },
    )
  const tokens = await Promise.all(Array.from({ length: 48 }, (_, n) => makeToken(n)))

  const outcomes = await Promise.all(
    tokens.map((token) =>
      verifier.verify(token).then(
        ({ claims }) => claims.sub,
        ({ code }) => code,
      ),
    ),
  )

  expect(outcomes).toEqual(
    tokens.map((_, n) => (n % 3 === 0 ? 'ERR_TOKEN_SIGNATURE' : `user-${n}`)),
  )
})

test('headers that differ from token to token are returned correctly', async () => {
  for (let n = 0; n < 120; n++) {
    const token = await issuer.accessToken()
    const [, payload, signature] = split(token)
    const { header } = await verifier.verify(token)
    expect(header).toEqual({ alg: 'RS256', kid: issuer.keys[0]?.kid })

    const other = await issuer.token({ iss: issuer.issuer, exp: 4e9 }, { header: { n } })
    expect((await verifier.verify(other)).header['n']).toBe(n)
    await expect(
      verifier.verify(`${split(other)[0]}.${payload}.${signature}`),
    ).rejects.toMatchObject({ code: 'ERR_TOKEN_SIGNATURE' })
  }
})
