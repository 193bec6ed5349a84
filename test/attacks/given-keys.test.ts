/**
 * That one given key fits every `kid` holds for no other key: for none that is fetched, and for none of several (RFC 8725 s3.10).
 */
import { createVerifier } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { expect, test } from 'vitest'
import { firstKey } from '../verify/support/raw-token.ts'
import { claimsOf, judge, NOT_FOUND, now, SIGNATURE, sayOf, trustKeys } from './setup.ts'

const issuer = await createTestIssuer({ now, algorithms: ['ES256'] })
const stranger = await createTestIssuer({ now })
const claims = claimsOf(issuer)
const es256 = issuer.keyFor('ES256')
const { kid, ...nameless } = firstKey(issuer).jwk

test('no token of a stranger is accepted because its kid does not matter', async () => {
  const trusted = trustKeys(issuer, nameless)
  const control = await issuer.token(claims)

  for (const header of [{}, { kid }, { kid: undefined }]) {
    const attack = await stranger.token(claims, { header })
    expect(await judge({ trusted, attack, control })).toBe(SIGNATURE)
  }
})

test('no given key beside another one fits a made-up kid', async () => {
  const control = await issuer.token(claims, { key: es256 })
  const attack = await issuer.token(claims, { header: { kid: 'made-up' } })

  for (const keys of [
    [nameless, es256.jwk],
    [es256.jwk, nameless],
  ]) {
    expect(await judge({ trusted: trustKeys(issuer, ...keys), attack, control })).toBe(NOT_FOUND)
  }
})

test('no given key with a kid fits another one', async () => {
  const attack = await issuer.token(claims, { key: es256, header: { kid: 'made-up' } })
  const control = await issuer.token(claims, { key: es256 })

  expect(await judge({ trusted: trustKeys(issuer, es256.jwk), attack, control })).toBe(NOT_FOUND)
})

test('no fetched key without a kid fits a made-up one, even if it is the only key', async () => {
  const verifier = createVerifier(
    { issuer: issuer.issuer, audience: 'api', jwksUri: issuer.jwksUri },
    { now, fetch: async () => Response.json({ keys: [nameless] }) },
  )
  const attack = await issuer.token(claims, { header: { kid: 'made-up' } })

  expect(await sayOf(() => verifier.verify(attack))).toBe(NOT_FOUND)
})
