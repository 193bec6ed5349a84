/**
 * An issuer changes a key under its name: a wrong signature may cost one refresh.
 */
import { createVerifier, type VerifierEvent, type VerifierOptions } from 'jwt-gate'
import { createTestIssuer, type TestKey } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { createSetup } from '../support/key-endpoint.ts'

const issuer = await createTestIssuer({ algorithms: ['ES256', 'ES256'] })
const claims = { iss: issuer.issuer, exp: 4_000_000_000 }
const [rs1, rs2, es1, es2] = issuer.keys as [TestKey, TestKey, TestKey, TestKey]
const SIGNATURE = { code: 'ERR_TOKEN_SIGNATURE', status: 401 }

/** Keys that the issuer publishes under one name, or under none. */
const serve =
  (kid: string | undefined, ...keys: TestKey[]) =>
  () =>
    Response.json({ keys: keys.map(({ jwk }) => ({ ...jwk, kid })) })

describe.each<[string, string | undefined, TestKey, TestKey]>([
  ['an RSA key', 'k', rs1, rs2],
  ['an EC key', 'k', es1, es2],
  ['a key without a name', undefined, rs1, rs2],
])('%s that was changed', (_, kid, before, after) => {
  async function createChanged(options?: VerifierOptions) {
    const setup = createSetup(issuer, options)
    setup.answer(serve(kid, before))
    const header = { kid }
    await setup.verifier.verify(await issuer.token(claims, { key: before, header }))
    return { ...setup, token: await issuer.token(claims, { key: after, header }) }
  }

  test('is looked for quietly: wrong signatures cause no event about the budget', async () => {
    const events: string[] = []
    const onEvent = ({ type }: VerifierEvent) => events.push(type)
    const { verifier, token } = await createChanged({ onEvent })

    for (let n = 0; n < 10; n++) {
      await expect(verifier.verify(token)).rejects.toMatchObject(SIGNATURE)
    }

    expect(events).not.toContain('jwks.unknown_kid_limited')
  })

  test('is found with its first token', async () => {
    const { verifier, answer, requests, token } = await createChanged()
    answer(serve(kid, after))

    await expect(verifier.verify(token)).resolves.toMatchObject({ claims })
    expect(verifier.verifySync(token).claims).toEqual(claims)
    expect(requests()).toBe(2)
  })

  test('is requested once for many tokens at the same time', async () => {
    const { verifier, answer, requests, token } = await createChanged()
    answer(serve(kid, after))

    await Promise.all(Array.from({ length: 50 }, () => verifier.verify(token)))

    expect(requests()).toBe(2)
  })

  test('is not looked for by verifySync', async () => {
    const { verifier, requests, token } = await createChanged()

    expect(() => verifier.verifySync(token)).toThrow(expect.objectContaining(SIGNATURE))
    expect(requests()).toBe(1)
  })

  test('is a wrong signature while the endpoint is down', async () => {
    const { verifier, answer, requests, events, token } = await createChanged()
    answer(() => Promise.reject(new TypeError('fetch failed')))

    await expect(verifier.verify(token)).rejects.toMatchObject(SIGNATURE)
    await expect(verifier.verify(token)).rejects.toMatchObject(SIGNATURE)
    // one refresh with its retry; then the pause
    expect(requests()).toBe(3)
    expect(events.map(({ type }) => type)).toEqual(['jwks.fetched', 'jwks.failed'])
  })
})

test('no refresh is made for keys that were fetched for this token', async () => {
  const { verifier, answer, requests } = createSetup(issuer)
  answer(serve('k', rs1))

  const token = await issuer.token(claims, { key: rs2, header: { kid: 'k' } })

  await expect(verifier.verify(token)).rejects.toMatchObject(SIGNATURE)
  expect(requests()).toBe(1)
})

test('no refresh is made for keys that are given', async () => {
  const { issuer: iss, jwks } = issuer
  const fetch = () => expect.fail('nothing may be fetched')
  const verifier = createVerifier({ issuer: iss, audience: null, jwks }, { fetch })
  const token = await issuer.token(claims, { key: rs2, header: { kid: rs1.kid } })

  await expect(verifier.verify(token)).rejects.toMatchObject(SIGNATURE)
})
