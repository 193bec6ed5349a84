/**
 * A published key must not decide how much a signature check costs, nor how long a refresh blocks the process (CVE-2006-2940,
 * CVE-2023-3446: parameters without an upper bound; CWE-400).
 */
import { Buffer } from 'node:buffer'
import {
  createPrivateKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  sign,
} from 'node:crypto'
import { createVerifier, type TrustedIssuer } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { createClock } from '../verify/support/clock.ts'
import { createGate, isPending } from '../verify/support/key-endpoint.ts'
import { firstKey } from '../verify/support/raw-token.ts'
import {
  ACCEPTED,
  claimsOf,
  haveRemembered,
  judge,
  MISMATCH,
  NOW,
  now,
  SIGNATURE,
  sayOf,
  trust,
  trustKeys,
} from './setup.ts'

const issuer = await createTestIssuer({ now, algorithms: ['ES256'] })
const claims = claimsOf(issuer)
const es256 = issuer.keyFor('ES256')
const control = await issuer.token(claims, { key: es256 })
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')
/** An odd number of this many bits, whose factors nobody knows. */
const modulus = (bits: number): string => {
  const bytes = Buffer.alloc(Math.ceil(bits / 8), 0xa5)
  bytes[0] = 1 << ((bits - 1) % 8)
  return text(bytes)
}
const toJwk = (key: KeyObject, kid: string): JsonWebKey & { kid: string } => ({
  ...key.export({ format: 'jwk' }),
  kid,
  alg: 'RS256',
})

/** A token that is signed with an RSA key. */
const signWithRsa = (kid: string, key: KeyObject, alg = 'RS256'): Promise<string> =>
  issuer.token(claims, {
    header: { kid, alg },
    sign: (input) => sign('sha256', Buffer.from(input), key),
  })

/** A key pair of 3072 bits with exchanged exponents: its signatures are valid, and take 13 ms to verify. */
function createSlowPair() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 3_072 })
  const { e, d, ...rest } = privateKey.export({ format: 'jwk' })
  const swapped = { ...rest, e: d, d: e, dp: e, dq: e } as JsonWebKey
  const jwk = { kty: 'RSA', n: rest.n, e: d, kid: 'slow', alg: 'RS256' }
  return { jwk, privateKey: createPrivateKey({ key: swapped, format: 'jwk' }) }
}

describe('no RSA key is used that is needlessly slow', () => {
  const slow = createSlowPair()
  const answers = (keys: readonly object[]): typeof globalThis.fetch => {
    const jwks_uri = issuer.jwksUri
    return async (url) =>
      Response.json(url === jwks_uri ? { keys } : { issuer: issuer.issuer, jwks_uri })
  }
  const { jwks: _, ...unlisted } = trust(issuer)

  test.each<[string, (keys: object[]) => TrustedIssuer]>([
    ['that are given as "jwks"', (keys) => trustKeys(issuer, ...keys)],
    ['fetched from a jwksUri', () => ({ ...unlisted, jwksUri: issuer.jwksUri })],
    ['found by discovery', () => unlisted],
  ])('with an exponent as long as its modulus, among keys %s', async (_name, toTrusted) => {
    const keys = [slow.jwk, es256.jwk]
    const verifier = createVerifier(toTrusted(keys), { now, fetch: answers(keys) })
    const attack = await signWithRsa('slow', slow.privateKey)

    expect(await sayOf(() => verifier.verify(attack))).toBe(MISMATCH)
    expect(await sayOf(() => verifier.verify(control))).toBe(ACCEPTED)
    expect(await sayOf(() => verifier.verifySync(attack))).toBe(MISMATCH)
  })

  test('and no verifier can be created from such keys alone', () => {
    expect(() => createVerifier(trustKeys(issuer, slow.jwk))).toThrow('"jwks" has no usable key')
  })

  const { n, e } = firstKey(issuer).jwk as unknown as { n: string; e: string }
  const zeros = (letters: number): string => 'A'.repeat(letters)
  test.each([
    ['a modulus of 8193 bits', { n: modulus(8_193), e }, MISMATCH],
    ['a modulus of 16384 bits', { n: modulus(16_384), e }, MISMATCH],
    ['a modulus of 400 KB', { n: 'B'.repeat(400_000), e }, MISMATCH],
    ['a modulus of 400 KB, zeros except at the end', { n: zeros(400_000) + n, e }, MISMATCH],
    ['an exponent of 33 bits', { n, e: text(Buffer.from('0100000001', 'hex')) }, MISMATCH],
    ['an exponent of 64 bits', { n, e: text(Buffer.from('8000000000000001', 'hex')) }, MISMATCH],
    // importing it to find out its length takes a tenth of a second, and quadratic time for longer ones
    ['an exponent of 30 KB', { n, e: 'B'.repeat(40_000) }, MISMATCH],
    ['an exponent of 30 KB, zeros except at the end', { n, e: zeros(40_000) + e }, MISMATCH],
    ['an even exponent', { n, e: text(Buffer.from([1, 0, 2])) }, MISMATCH],
    ['the control: a modulus of 8192 bits', { n: modulus(8_192), e }, SIGNATURE],
    [
      'the control: an exponent of 32 bits',
      { n, e: text(Buffer.from('ffffffff', 'hex')) },
      SIGNATURE,
    ],
    ['the control: leading zeros', { n: `AAAA${n}`, e: `AAAA${e}` }, SIGNATURE],
  ])('%s', async (_name, members, outcome) => {
    const jwk = { kty: 'RSA', kid: 'made', alg: 'RS256', ...members }
    const bytes = Math.ceil((members.n.replace(/^A+/, '').length * 6) / 8)
    const attack = await issuer.token(claims, {
      header: { kid: 'made', alg: 'RS256' },
      sign: () => new Uint8Array(Math.min(bytes, 4_096)).fill(1),
    })

    expect(await judge({ trusted: trustKeys(issuer, jwk, es256.jwk), attack, control })).toBe(
      outcome,
    )
  })

  test('the control: a real exponent of 32 bits', async () => {
    const pair = generateKeyPairSync('rsa', { modulusLength: 2_048, publicExponent: 0xfffffffb })
    const trusted = trustKeys(issuer, toJwk(pair.publicKey, 'wide'), es256.jwk)
    const attack = await signWithRsa('wide', pair.privateKey)

    expect(await judge({ trusted, attack, control })).toBe(ACCEPTED)
  })

  test.each([
    ['P-256', 'ES256', 'x'],
    ['P-256', 'ES256', 'y'],
  ])('a key on %s for %s whose %s has 400 KB of leading zeros', async (_crv, _alg, name) => {
    const jwk = { ...es256.jwk, kid: 'long', [name]: zeros(400_000) + es256.jwk[name] }
    const attack = await issuer.token(claims, { key: es256, header: { kid: 'long' } })

    expect(await judge({ trusted: trustKeys(issuer, jwk, es256.jwk), attack, control })).toBe(
      MISMATCH,
    )
  })
})

/** Whether a call needs neither the thread pool nor the event loop. */
async function isSettledAtOnce(call: Promise<unknown>): Promise<boolean> {
  let isSettled = false
  const settle = call.then(() => {
    isSettled = true
  })
  await new Promise((resolve) => process.nextTick(resolve))
  const outcome = isSettled
  await settle
  return outcome
}

test('an RSA key of 4096 bits does not wait for the thread pool', async () => {
  const pair = generateKeyPairSync('rsa', { modulusLength: 4_096 })
  const jwk = { ...toJwk(pair.publicKey, 'usual'), alg: undefined }
  const verifier = createVerifier(trustKeys(issuer, jwk), { now })
  const good = await signWithRsa('usual', pair.privateKey)

  expect(await isSettledAtOnce(verifier.verify(good))).toBe(true)
})

describe('an RSA key of more than 4096 bits', () => {
  // 513 bytes, of which the first is rarely used: one signature in four begins with a zero
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 4_098 })
  const jwk = toJwk(publicKey, 'large')
  const trusted = trustKeys(issuer, { ...jwk, alg: undefined }, es256.jwk)

  test('does not block the calling thread', async () => {
    const verifier = createVerifier(trusted, { now })
    const good = await signWithRsa('large', privateKey)

    expect(publicKey.asymmetricKeyDetails?.modulusLength).toBeGreaterThan(4_096)
    expect(await isSettledAtOnce(verifier.verify(good))).toBe(false)
    expect(verifier.verifySync(good).claims).toEqual(claims)
  })

  test('accepts no signature of another length', async () => {
    const short = await issuer.token(claims, {
      header: { kid: 'large', alg: 'PS256' },
      sign: (input) => withoutZero(() => signPss(input, privateKey)),
    })
    const whole = await issuer.token(claims, {
      header: { kid: 'large', alg: 'PS256' },
      sign: (input) => signPss(input, privateKey),
    })

    expect(await judge({ trusted, attack: short, control })).toBe(SIGNATURE)
    expect(await judge({ trusted, attack: whole, control })).toBe(ACCEPTED)
  })

  /** The maximum that OpenSSL accepts. */
  function withoutZero(make: () => Buffer): Buffer {
    for (let tries = 0; tries < 1_000; tries++) {
      const signature = make()
      if (signature[0] === 0) return signature.subarray(1)
    }
    throw new Error('no signature begins with a zero')
  }

  function signPss(input: string, key: KeyObject): Buffer {
    const padding = 6 // RSA_PKCS1_PSS_PADDING
    return sign('sha256', Buffer.from(input), { key, padding, saltLength: 32 })
  }
})

describe('no refresh blocks the process', () => {
  const many = Array.from({ length: 99 }, (_, at) => ({
    ...generateKeyPairSync('ec', { namedCurve: 'P-521' }).publicKey.export({ format: 'jwk' }),
    kid: `many ${at}`,
  }))
  const keys = [...many, es256.jwk]

  function startEndpoint() {
    const clock = createClock(now())
    let answer: () => Response | Promise<Response> = () => Response.json({ keys })
    const verifier = createVerifier(
      { issuer: issuer.issuer, audience: null, jwksUri: issuer.jwksUri },
      { now: clock.now, fetch: async () => answer() },
    )
    const setAnswer = (next: typeof answer): void => {
      answer = next
    }
    return { clock, verifier, setAnswer }
  }

  /** How many turns the event loop makes until a promise settles. */
  async function countTurns(work: Promise<unknown>): Promise<number> {
    let turns = 0
    let isDone = false
    const done = work.finally(() => {
      isDone = true
    })
    while (!isDone) {
      await new Promise((resolve) => setImmediate(resolve))
      turns++
    }
    await done
    return turns
  }

  test('with however many keys: they are imported in separate turns', async () => {
    const { verifier } = startEndpoint()

    expect(await countTurns(verifier.hydrate())).toBeGreaterThan(90)
    expect(await sayOf(() => verifier.verifySync(control))).toBe(ACCEPTED)
  })

  test('and keys that are already loaded are not imported again', async () => {
    const { clock, verifier } = startEndpoint()
    const lasting = await issuer.token({ ...claims, exp: NOW + 3_600 }, { key: es256 })
    await verifier.hydrate()
    const kept = await haveRemembered(verifier, lasting)
    clock.advance(590_000)

    expect(await countTurns(verifier.hydrate())).toBeLessThan(20)
    expect(await verifier.verify(lasting)).toBe(kept)
  })

  test('a key that is listed a hundred times is imported once', async () => {
    const { verifier, setAnswer } = startEndpoint()
    setAnswer(() => Response.json({ keys: [...Array(99).fill(many[0]), es256.jwk] }))

    expect(await countTurns(verifier.hydrate())).toBeLessThan(20)
  })

  test('close() ends an import, and the keys that were imported by then are not used', async () => {
    const { verifier, setAnswer } = startEndpoint()
    const first = verifier.verify(control)
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
    expect(await isPending(first)).toBe(true)

    const { promise, resolve } = createGate<Response>()
    setAnswer(() => promise)
    verifier.close()
    expect(await sayOf(() => first)).toBe('ERR_JWKS_UNAVAILABLE closed')
    const second = verifier.verify(control)
    for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve))
    expect(await isPending(second)).toBe(true)
    expect(await sayOf(() => verifier.verifySync(control))).toBe('ERR_JWKS_NOT_LOADED')
    resolve(Response.json({ keys: [es256.jwk] }))

    expect(await sayOf(() => second)).toBe(ACCEPTED)
  })
})
