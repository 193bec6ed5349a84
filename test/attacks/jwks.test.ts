/**
 * No entry of a key set may add a key that is not the issuer's or make the good keys unusable (RFC 7517 s4, s5, s9; RFC 8725
 * s3.8; GHSA-675f-rq2r-jw82).
 */
import { createVerifier, type VerifierOptions } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { createClock } from '../verify/support/clock.ts'
import { firstKey } from '../verify/support/raw-token.ts'
import {
  ACCEPTED,
  claimsOf,
  haveRemembered,
  NOT_FOUND,
  NOW,
  now,
  SIGNATURE,
  sayOf,
} from './setup.ts'

const issuer = await createTestIssuer({ now, algorithms: ['ES256'] })
const stranger = await createTestIssuer({ now })
const claims = claimsOf(issuer)
const token = await issuer.token(claims)
const good = firstKey(issuer).jwk
const { kid } = good
const evil = { ...firstKey(stranger).jwk, kid }
const ec = issuer.keyFor('ES256').jwk

function createOnline(serve: () => Response | Promise<Response>, options: VerifierOptions = {}) {
  return createVerifier(
    { issuer: issuer.issuer, audience: 'api', jwksUri: issuer.jwksUri },
    { now, fetch: async () => serve(), ...options },
  )
}

const sayFor = (serve: () => Response | Promise<Response>, options?: VerifierOptions) =>
  sayOf(() => createOnline(serve, options).verify(token))

test('the control: a set with the key', async () => {
  expect(await sayFor(() => Response.json({ keys: [good] }))).toBe(ACCEPTED)
})

const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`
const BAD_NEIGHBOURS: [string, string][] = [
  ['null', 'null'],
  ['text', '"key"'],
  ['a number', '1'],
  ['a list', '[[]]'],
  ['an empty object', '{}'],
  ['a symmetric key with the same kid', JSON.stringify({ kty: 'oct', kid, k: 'AAAA' })],
  ['a private key', JSON.stringify({ ...good, kid: 'x', d: 'AQAB' })],
  ['an RSA key without members', '{"kty":"RSA","kid":"x"}'],
  ['an unknown kind of key', '{"kty":"NEW","kid":"x"}'],
  ['a key for encryption with the same kid', JSON.stringify({ ...evil, use: 'enc' })],
  ['a point off its curve', JSON.stringify({ ...ec, kid: 'x', y: ec['x'] })],
  ['a kid that is a list', JSON.stringify({ ...evil, kid: [kid] })],
  ['a kid that is an object', JSON.stringify({ ...evil, kid: { toString: kid } })],
  ['a kid of __proto__', JSON.stringify({ ...evil, kid: '__proto__' })],
  ['a member named __proto__', '{"__proto__":{"kty":"RSA"},"kid":"x"}'],
  ['a key nested very deeply', `{"kty":"RSA","kid":"x","deep":${deep}}`],
  ['the same key again', JSON.stringify(good)],
]

describe('no neighbour keeps a good key from being used, or is used for it', () => {
  test.each(BAD_NEIGHBOURS)('%s', async (_, neighbour) => {
    const text = JSON.stringify(good)
    const serve = () => new Response(`{"keys":[${neighbour},${text},${neighbour}]}`)
    const forged = await stranger.token(claims, { header: { kid } })
    const verifier = createOnline(serve)

    expect(await sayFor(serve)).toBe(ACCEPTED)
    expect(await sayOf(() => verifier.verify(forged))).toBe(SIGNATURE)
  })
})

test('if two keys have the same kid, neither is tried', async () => {
  const forged = await stranger.token(claims, { header: { kid } })

  for (const keys of [
    [good, evil],
    [evil, good],
  ]) {
    const verifier = createOnline(() => Response.json({ keys }))
    expect(await sayOf(() => verifier.verify(forged))).toBe('ERR_KEY_UNUSABLE kid ambiguous')
    expect(await sayOf(() => verifier.verify(token))).toBe('ERR_KEY_UNUSABLE kid ambiguous')
  }
})

test.each<[string, object]>([
  ['private', { ...good, d: 'AQAB' }],
  ['symmetric', { kty: 'oct', kid, k: 'AAAA' }],
  ['for encryption', { ...good, use: 'enc' }],
  ['broken', { ...good, n: 'AAAA' }],
])('no key is used that is %s, even if it is the only one', async (_, key) => {
  expect(await sayFor(() => Response.json({ keys: [key] }))).toBe('ERR_JWKS_INVALID no_usable_key')
})

test('an unknown key is no verdict on the token while the endpoint is down, because the key may be new', async () => {
  const clock = createClock()
  let isUp = true
  const serve = () => (isUp ? Response.json({ keys: [ec] }) : new Response('', { status: 500 }))
  const verifier = createOnline(serve, { now: clock.now })

  expect(await sayOf(() => verifier.verify(token))).toBe(NOT_FOUND)
  isUp = false
  clock.advance(10_000)

  expect(await sayOf(() => verifier.verify(token))).toBe('ERR_JWKS_UNAVAILABLE status')
})

test('a key that was withdrawn is gone: new keys replace the old ones (GHSA-675f-rq2r-jw82)', async () => {
  const clock = createClock()
  const served = { keys: [good, ec] }
  const verifier = createOnline(() => Response.json(served), { now: clock.now })
  const lasting = await issuer.token({ ...claims, exp: NOW + 3_600 })

  await haveRemembered(verifier, lasting)
  served.keys = [ec]
  clock.advance(600_000)
  await verifier.hydrate()

  expect(await sayOf(() => verifier.verify(lasting))).toBe(NOT_FOUND)
})

test('made-up kids cannot hide a rotated key, and do not cause one fetch each', async () => {
  const clock = createClock()
  let requests = 0
  const served = { keys: [ec] }
  const serve = () => {
    requests++
    return Response.json(served)
  }
  const verifier = createOnline(serve, { now: clock.now })
  for (let n = 0; n < 50; n++) {
    const made = await issuer.token(claims, { header: { kid: `made-up-${n}` }, sign: () => 'AAAA' })
    // a key that was not looked up for lack of budget is marked as limited, which is no verdict on the token
    const said = n < 4 ? 'ERR_KEY_NOT_FOUND kid' : 'ERR_KEY_NOT_FOUND kid limited'
    expect(await sayOf(() => verifier.verify(made))).toBe(said)
  }
  const flood = requests

  served.keys = [ec, good]
  clock.advance(10_000)

  expect(await sayOf(() => verifier.verify(token))).toBe(ACCEPTED)
  expect(flood).toBeLessThanOrEqual(4)
})
