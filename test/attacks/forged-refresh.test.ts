/**
 * Forged signatures must not cause more requests than made-up kids may, nor lock out good tokens (RFC 8725 s3.10 of its update).
 */
import { createTestIssuer, type TestKey } from 'jwt-gate/testing'
import { expect, test } from 'vitest'
import { createSetup } from '../verify/support/key-endpoint.ts'
import { ACCEPTED, sayOf } from './setup.ts'

const issuer = await createTestIssuer({ algorithms: ['ES256'] })
const claims = { iss: issuer.issuer, exp: 4_000_000_000 }
const [first, second] = issuer.keys as [TestKey, TestKey]
const good = await issuer.token(claims)
const COOLDOWN_MS = 10_000

const forge = (n: number): Promise<string> =>
  issuer.token({ ...claims, n }, { key: second, header: { kid: first.kid } })
const makeUp = (n: number): Promise<string> =>
  issuer.token({ ...claims, n }, { header: { kid: `made-up-${n}` } })
const flood = async (verify: (token: string) => unknown, make: typeof forge): Promise<string[]> => {
  const tokens = await Promise.all(Array.from({ length: 50 }, (_, n) => make(n)))
  const said: string[] = []
  for (const token of tokens) said.push(await sayOf(() => verify(token)))
  return [...new Set(said)]
}

test('a flood of forged tokens causes three requests, then one per cooldown', async () => {
  const { verifier, clock, requests } = createSetup(issuer)
  await verifier.verify(good)

  expect(await flood(verifier.verify, forge)).toEqual(['ERR_TOKEN_SIGNATURE'])
  expect(requests()).toBe(1 + 3)

  clock.advance(COOLDOWN_MS)
  await flood(verifier.verify, forge)
  expect(requests()).toBe(1 + 4)
  expect(await sayOf(() => verifier.verify(good))).toBe(ACCEPTED)
})

test('forged tokens at the same time cause no more', async () => {
  const { verifier, requests } = createSetup(issuer)
  await verifier.verify(good)

  const tokens = await Promise.all(Array.from({ length: 50 }, (_, n) => forge(n)))
  await Promise.all(tokens.map((token) => sayOf(() => verifier.verify(token))))

  expect(requests()).toBeLessThanOrEqual(1 + 3)
})

test('forged tokens and made-up kids share one budget', async () => {
  const { verifier, requests } = createSetup(issuer)
  await verifier.verify(good)

  await flood(verifier.verify, forge)
  await flood(verifier.verify, makeUp)

  expect(requests()).toBe(1 + 3)
})

test('a rotated key is found within the cooldown under a flood of forged tokens', async () => {
  const { verifier, clock, publish } = createSetup(issuer)
  await verifier.verify(good)
  await flood(verifier.verify, forge)
  publish(0, 1)
  const rotated = await issuer.token(claims, { key: second })
  expect(await sayOf(() => verifier.verify(rotated))).toBe('ERR_KEY_NOT_FOUND kid limited')

  clock.advance(COOLDOWN_MS)
  await flood(verifier.verify, forge)

  expect(await sayOf(() => verifier.verify(rotated))).toBe(ACCEPTED)
})

test('a signature of a length that no key can have causes no request', async () => {
  const { verifier, answer, requests } = createSetup(issuer)
  const key = issuer.keyFor('ES256')
  answer(() => Response.json(issuer.jwks))
  await verifier.verify(await issuer.token(claims, { key }))

  const attack = await issuer.token(claims, { key, sign: () => new Uint8Array(63) })

  expect(await sayOf(() => verifier.verify(attack))).toBe('ERR_TOKEN_SIGNATURE length')
  expect(requests()).toBe(1)
})
