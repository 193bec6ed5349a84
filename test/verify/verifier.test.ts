/**
 * What a verifier answers, and how it may be used.
 */
import { createVerifier, type VerifiedToken } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'

const issuer = await createTestIssuer()
const trusted = { issuer: issuer.issuer, audience: null, jwks: issuer.jwks }
const verifier = createVerifier(trusted)

describe('the answer', () => {
  const verify = async (): Promise<VerifiedToken> =>
    verifier.verify(
      await issuer.token(
        { iss: issuer.issuer, exp: 4_000_000_000, groups: ['a'], deep: { list: [{ b: 1 }] } },
        { header: { x: [{}] } },
      ),
    )

  test('holds claims, header and issuer, and nothing else', async () => {
    const verified = await verify()

    expect(Reflect.ownKeys(verified)).toEqual(['claims', 'header', 'issuer'])
    expect(verified).toEqual({
      claims: { iss: issuer.issuer, exp: 4_000_000_000, groups: ['a'], deep: { list: [{ b: 1 }] } },
      header: { alg: 'RS256', kid: issuer.keys[0]?.kid, x: [{}] },
      issuer: issuer.issuer,
    })
  })

  test('is frozen, all the way down', async () => {
    const verified = await verify()

    for (const part of partsOf(verified)) expect(part).toSatisfy(Object.isFrozen)
    expect(() => Object.assign(verified.claims, { admin: true })).toThrow(TypeError)
    expect(() => (verified.claims['groups'] as string[]).push('admin')).toThrow(TypeError)
  })

  /** A value and all objects in it. */
  function partsOf(value: unknown): unknown[] {
    if (typeof value !== 'object' || value === null) return []
    return [value, ...Object.values(value).flatMap(partsOf)]
  }
})

test('its functions can be passed around on their own', async () => {
  const { verify, verifySync, hydrate, settled, close } = createVerifier(trusted)
  const token = await issuer.accessToken()

  await hydrate()
  await settled()

  expect(verifySync(token)).toEqual(await verify(token))
  expect(close()).toBeUndefined()
})

test('verify never throws, it rejects', async () => {
  const work = verifier.verify('x')

  expect(work).toBeInstanceOf(Promise)
  await expect(work).rejects.toMatchObject({ code: 'ERR_TOKEN_MALFORMED' })
})

test('many tokens at once do not get mixed up', async () => {
  const names = Array.from({ length: 50 }, (_, n) => `user-${n}`)
  const tokens = await Promise.all(names.map((sub) => issuer.accessToken({ sub })))

  const answers = await Promise.all([...tokens, ...tokens].map((token) => verifier.verify(token)))

  expect(answers.map(({ claims }) => claims.sub)).toEqual([...names, ...names])
})
