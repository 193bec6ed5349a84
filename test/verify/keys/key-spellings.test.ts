/**
 * The members of a key are read as its issuer wrote them: in base64url or plain base64, padded or not, with leading zero bytes.
 */
import { Buffer } from 'node:buffer'
import type { Algorithm, JsonWebKey } from 'jwt-gate'
import { createTestIssuer, type TestKey } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { createTestKey } from '../../../src/testing/test-key.ts'
import { isAvailable } from '../../../src/verify/algorithms.ts'
import { publish, WAYS } from '../support/key-ways.ts'

const algorithms = (['ES256', 'ES384', 'ES512', 'Ed25519', 'ML-DSA-44'] as const).filter(
  isAvailable,
)
const issuer = await createTestIssuer({ algorithms })
const MEMBERS = ['n', 'e', 'x', 'y', 'pub']

/** The same key with every public member rewritten. */
function respell(jwk: JsonWebKey, spell: (bytes: Buffer) => string): JsonWebKey {
  const entries = Object.entries(jwk).map(([name, value]) =>
    MEMBERS.includes(name)
      ? [name, spell(Buffer.from(value as string, 'base64url'))]
      : [name, value],
  )
  return Object.fromEntries(entries)
}

const padded = (text: string): string => text.padEnd(Math.ceil(text.length / 4) * 4, '=')
const withZero = (bytes: Buffer): Buffer => Buffer.concat([Buffer.alloc(1), bytes])

const SPELLINGS: [string, (bytes: Buffer) => string][] = [
  ['in base64url, as the RFC asks', (bytes) => bytes.toString('base64url')],
  ['in plain base64 with its padding', (bytes) => bytes.toString('base64')],
  ['in plain base64 without padding', (bytes) => bytes.toString('base64').replace(/=+$/, '')],
  ['in base64url with padding', (bytes) => padded(bytes.toString('base64url'))],
  ['with a leading zero byte', (bytes) => withZero(bytes).toString('base64url')],
  ['in padded base64 with a leading zero byte', (bytes) => withZero(bytes).toString('base64')],
]

async function mint(iss: string, key: TestKey): Promise<string> {
  return issuer.token({ iss, exp: 4_000_000_000 }, { key })
}

describe.each(['RS256', ...algorithms] as Algorithm[])('a key for %s', (alg) => {
  const key = issuer.keyFor(alg)

  test.each(SPELLINGS)('may be written %s', async (_, spell) => {
    const { verifierBy, origin } = await publish([respell(key.jwk, spell)])
    const token = await mint(origin, key)

    for (const way of WAYS) {
      await expect(verifierBy(way).verify(token), way).resolves.toMatchObject({ issuer: origin })
    }
  })
})

test('a coordinate may lack its leading zero bytes', async () => {
  const key = await createShortKey()
  const short = respell(key.jwk, (bytes) =>
    bytes.subarray(bytes.findIndex(Boolean)).toString('base64url'),
  )
  const { verifierBy, origin } = await publish([short])
  const token = await mint(origin, key)

  expect(short).not.toEqual(key.jwk)
  for (const way of WAYS) {
    await expect(verifierBy(way).verify(token), way).resolves.toBeDefined()
  }
})

/** One P-521 key in two has a coordinate that begins with a zero byte. */
async function createShortKey(): Promise<TestKey> {
  for (let tries = 0; tries < 100; tries++) {
    const key = await createTestKey('ES512')
    if (Buffer.from(String(key.jwk['y']), 'base64url')[0] === 0) return key
  }
  throw new Error('no coordinate begins with a zero')
}
