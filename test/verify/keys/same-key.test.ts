/**
 * A key that stands in a set twice is one key, however it is described there.
 */
import { Buffer } from 'node:buffer'
import { createVerifier, type VerifierEvent } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { createSetup, LIFETIME_MS } from '../support/key-endpoint.ts'
import { publish, WAYS } from '../support/key-ways.ts'
import { firstKey } from '../support/raw-token.ts'
import { remember } from '../support/remember.ts'

const issuer = await createTestIssuer({ algorithms: ['ES256'] })
const key = firstKey(issuer)
const { jwk } = key
const n = Buffer.from(String(jwk['n']), 'base64url')
const { use, alg, kid, ...bare } = jwk

describe.each<[string, object]>([
  ['unchanged', jwk],
  ['with a thumbprint of a certificate', { ...jwk, x5t: 'AAAA' }],
  ['with a certificate', { ...jwk, x5c: ['MIIB'] }],
  ['without use', { ...jwk, use: undefined }],
  ['without alg', { ...jwk, alg: undefined }],
  ['without use and alg', { ...bare, kid }],
  ['with key_ops', { ...jwk, key_ops: ['verify'] }],
  ['in plain base64', { ...jwk, n: n.toString('base64') }],
  ['with its members in another order', Object.fromEntries(Object.entries(jwk).reverse())],
  ['for encryption', { ...jwk, use: 'enc', alg: 'RSA-OAEP' }],
])('the same key a second time, %s,', (_, twin) => {
  test.each(WAYS)('is not ambiguous, by %s', async (way) => {
    for (const keys of [
      [jwk, twin],
      [twin, jwk],
    ]) {
      const { verifierBy, origin } = await publish(keys)
      const claims = { iss: origin, exp: 4_000_000_000 }
      const verifier = verifierBy(way)

      await expect(verifier.verify(await issuer.token(claims))).resolves.toBeDefined()
      await expect(
        verifier.verify(await issuer.token(claims, { header: { kid: undefined } })),
      ).resolves.toBeDefined()
    }
  })
})

test('the same key under another kid is found under both, and without a kid', async () => {
  const { verifierBy, origin } = await publish([jwk, { ...jwk, kid: 'other' }])
  const verifier = verifierBy('jwksUri')

  for (const header of [{}, { kid: 'other' }, { kid: undefined }]) {
    const token = await issuer.token({ iss: origin, exp: 4_000_000_000 }, { header })
    await expect(verifier.verify(token)).resolves.toBeDefined()
  }
})

test('a twin for another algorithm allows that algorithm, and no more', async () => {
  const { verifierBy, origin } = await publish([jwk, { ...jwk, alg: 'RS512' }])
  const claims = { iss: origin, exp: 4_000_000_000 }
  const outcomeOf = async (name: string): Promise<unknown> => {
    const token = await issuer.token(claims, { header: { alg: name } })
    return verifierBy('jwks')
      .verify(token)
      .catch(({ code, reason }: { code: string; reason: string }) => `${code} ${reason}`)
  }

  expect(await outcomeOf('RS256')).toHaveProperty('claims')
  expect(await outcomeOf('RS512')).toBe('ERR_TOKEN_SIGNATURE undefined')
  expect(await outcomeOf('RS384')).toBe('ERR_KEY_UNUSABLE mismatch')
})

test('counts as one key in the event', async () => {
  const { verifier, events, answer } = createSetup(issuer)
  const keys = [jwk, jwk, { ...jwk, x5t: 'AAAA' }, issuer.keyFor('ES256').jwk]
  answer(() => Response.json({ keys }))

  await verifier.hydrate()

  expect(events).toEqual([expect.objectContaining({ keys: 2, unusable: 0 } as VerifierEvent)])
})

test('keeps its tokens cached if a refresh describes it in another way', async () => {
  const { verifier, clock, answer } = createSetup(issuer)
  const token = await issuer.token({ iss: issuer.issuer, exp: 4_000_000_000 })
  answer(() => Response.json({ keys: [jwk] }))
  const cached = await remember(verifier, token)
  answer(() => Response.json({ keys: [{ ...jwk, x5t: 'AAAA' }] }))
  clock.advance(2 * LIFETIME_MS)

  expect(await verifier.verify(token)).toBe(cached)
})

test('two different keys with one kid are still ambiguous', async () => {
  const other = issuer.keys[1]?.jwk
  const verifier = createVerifier({
    ...{ issuer: issuer.issuer, audience: null },
    jwks: { keys: [jwk, { ...jwk, x5t: 'AAAA' }, { ...other, kid } as never] },
  })

  await expect(
    verifier.verify(await issuer.token({ iss: issuer.issuer, exp: 4_000_000_000 })),
  ).rejects.toMatchObject({ code: 'ERR_KEY_UNUSABLE', reason: 'ambiguous' })
})
