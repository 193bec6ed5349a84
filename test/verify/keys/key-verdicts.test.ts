/**
 * A set of forty keys, good and bad: the verdict on each, through every way to an issuer's keys, and what the event says of it.
 */
import { Buffer } from 'node:buffer'
import { generateKeyPairSync } from 'node:crypto'
import { createVerifier, type VerifierEvent } from 'jwt-gate'
import { createTestIssuer, type TestKey } from 'jwt-gate/testing'
import { expect, test } from 'vitest'
import { publish, WAYS } from '../support/key-ways.ts'

const issuer = await createTestIssuer({ algorithms: ['ES256', 'ES512', 'PS256', 'Ed25519'] })
const [rsa, , ec, p521, pss, ed] = issuer.keys as [TestKey, ...TestKey[]] & TestKey[]
const plain = (value: unknown): string => Buffer.from(String(value), 'base64url').toString('base64')
const zero = (value: unknown): string =>
  Buffer.concat([Buffer.alloc(1), Buffer.from(String(value), 'base64url')]).toString('base64url')
const short = generateKeyPairSync('rsa', { modulusLength: 1_024 }).publicKey.export({
  format: 'jwk',
})

/** A key, a change to it, and the reason why it is then not used. */
const CASES: [name: string, key: TestKey, change: object, reason?: string][] = [
  ['rsa', rsa, {}],
  ['ec', ec as TestKey, {}],
  ['p521', p521 as TestKey, {}],
  ['pss', pss as TestKey, {}],
  ['ed', ed as TestKey, {}],
  ['plain-n', rsa, { n: plain(rsa.jwk['n']), e: plain('AQAB') }],
  ['plain-xy', ec as TestKey, { x: plain(ec?.jwk['x']), y: plain(ec?.jwk['y']) }],
  ['plain-ed', ed as TestKey, { x: plain(ed?.jwk['x']) }],
  ['zero-n', rsa, { n: zero(rsa.jwk['n']) }],
  ['zero-x', p521 as TestKey, { x: zero(p521?.jwk['x']) }],
  ['x5c', rsa, { x5c: ['MIIB'], x5t: 'AAAA' }],
  ['unknown-members', rsa, { 'x-other': { a: [1] }, nbf: 1 }],
  ['no-use', rsa, { use: undefined }],
  ['no-alg', rsa, { alg: undefined }],
  ['more-ops', rsa, { use: undefined, key_ops: ['verify', 'encrypt', 'wrapKey'] }],
  ['encryption', rsa, { use: 'enc', alg: 'RSA-OAEP' }, 'use'],
  ['svid', rsa, { use: 'jwt-svid' }, 'use'],
  ['ops', rsa, { key_ops: ['wrapKey'] }, 'key_ops'],
  ['oaep', rsa, { alg: 'RSA-OAEP', use: undefined }, 'alg'],
  ['es256k', ec as TestKey, { crv: 'secp256k1' }, 'crv'],
  ['x25519', ed as TestKey, { crv: 'X25519' }, 'crv'],
  ['oct', rsa, { kty: 'oct', k: 'AAAA' }, 'private'],
  ['no-kty', rsa, { kty: undefined }, 'kty'],
  ['private', rsa, { d: 'AQAB' }, 'private'],
  ['short', rsa, { n: short.n }, 'too_short'],
  ['long', rsa, { n: Buffer.alloc(1_025, 0xff).toString('base64url') }, 'too_long'],
  ['exponent', rsa, { e: 'Aw' }, 'exponent'],
  ['even-exponent', rsa, { e: 'AQAC' }, 'exponent'],
  ['broken', rsa, { n: '!' }, 'malformed'],
  ['off-curve', ec as TestKey, { x: ec?.jwk['y'], y: ec?.jwk['x'] }, 'malformed'],
  ['order-4', ed as TestKey, { x: Buffer.alloc(32).toString('base64url') }, 'small_order'],
]
const keys = CASES.map(([kid, { jwk }, change]) => ({ ...jwk, ...change, kid }))
// the same keys a second time
const set = [...keys.slice(0, 7).map((jwk) => ({ ...jwk, x5t: 'BBBB' })), null, 1, ...keys]

test.each(WAYS)('each key of forty has its verdict, by %s', async (way) => {
  const events: VerifierEvent[] = []
  const { verifierBy, origin } = await publish(set)
  const verifier = verifierBy(way, { onEvent: (event) => events.push(event) })
  const verdicts = await Promise.all(
    CASES.map(async ([kid, key]) => {
      const token = await issuer.token({ iss: origin, exp: 4e9 }, { key, header: { kid } })
      return verifier.verify(token).then(
        () => [kid, undefined],
        ({ code }: { code: string }) => [kid, code],
      )
    }),
  )

  expect(set).toHaveLength(40)
  expect(verdicts).toEqual(CASES.map(([kid, , , reason]) => [kid, reason && 'ERR_KEY_UNUSABLE']))
  const left = CASES.flatMap(([kid, , , reason]) =>
    reason ? [reason === 'private' ? { reason } : { kid, reason }] : [],
  )
  const none = { reason: 'not_an_object' }
  const unusableKeys = [none, none, ...left]
  const counts = { keys: 5, unusable: unusableKeys.length, unusableKeys }
  expect(events).toEqual(way === 'jwks' ? [] : [expect.objectContaining(counts)])
})

test('a set without a usable key says why, each key by its kid', async () => {
  const { verifierBy, origin } = await publish([
    { ...rsa.jwk, ...short, kid: 'old' },
    { ...rsa.jwk, use: 'enc', kid: undefined },
  ])
  const token = await issuer.token({ iss: origin, exp: 4e9 })

  await expect(verifierBy('jwksUri').verify(token)).rejects.toMatchObject({
    ...{ code: 'ERR_JWKS_INVALID', reason: 'no_usable_key' },
    cause: { message: 'Unusable keys: old (too_short), no kid (use)' },
  })
  expect(() => verifierBy('jwks')).toThrow('Its keys: old (too_short), no kid (use)')
})

test('a set without any key says so', async () => {
  const { verifierBy, origin } = await publish([])
  const token = await issuer.token({ iss: origin, exp: 4e9 })

  await expect(verifierBy('jwksUri').verify(token)).rejects.toMatchObject({
    cause: { message: 'Unusable keys: none' },
  })
})

test('a set without a usable key names the algorithms that were looked for', () => {
  const jwks = { keys: [{ kty: 'AKP', alg: 'ML-DSA-65', kid: 'pq', pub: 'AAAA' }] }
  const create = (algorithms?: ['ES256']) => () =>
    createVerifier({ issuer: 'https://idp.example', audience: null, jwks, algorithms })

  expect(create(['ES256'])).toThrow('for signatures with ES256 (RSA')
  expect(create()).toThrow(/with RS256, .*Ed25519.*Its keys: pq \(/)
})
