/**
 * A compressed key set must not grow beyond the limit, whatever its size on the wire (RFC 8725 s3.6).
 */
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { createVerifier } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { startKeyServer } from '../verify/support/key-server.ts'
import { ACCEPTED, claimsOf, now, sayOf } from './setup.ts'

const TOO_LARGE = 'ERR_JWKS_INVALID too_large'
const issuer = await createTestIssuer({ now })
const token = await issuer.token(claimsOf(issuer))

/** A valid key set of a hundred megabytes. */
const bomb = Buffer.from(JSON.stringify(issuer.jwks).padEnd(100_000_000, ' '))
const small = Buffer.from(JSON.stringify(issuer.jwks))
const fast = { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } }

async function outcomeOf(body: Uint8Array, encoding: string): Promise<string> {
  const { origin } = await startKeyServer((_, response) =>
    response.setHeader('content-encoding', encoding).end(body),
  )
  const verifier = createVerifier(
    { issuer: issuer.issuer, audience: 'api', jwksUri: origin },
    { now },
  )
  return sayOf(() => verifier.verify(token))
}

describe.each<[string, (bytes: Uint8Array) => Uint8Array]>([
  ['gzip', (bytes) => gzipSync(bytes)],
  ['deflate', (bytes) => deflateSync(bytes)],
  ['deflate', (bytes) => deflateRawSync(bytes)],
  ['br', (bytes) => brotliCompressSync(bytes, fast)],
])('a bomb in %s', (encoding, compress) => {
  test('is refused before it takes its memory', async () => {
    const body = compress(bomb)
    const before = process.memoryUsage().arrayBuffers

    expect(body.length).toBeLessThan(524_288)
    expect(await outcomeOf(body, encoding)).toBe(TOO_LARGE)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000)
  })

  test('the control: the same keys without its filling', async () => {
    expect(await outcomeOf(compress(small), encoding)).toBe(ACCEPTED)
  })
})

test('a bomb in many gzip members is refused', async () => {
  const member = gzipSync(Buffer.alloc(200_000, ' '))

  expect(await outcomeOf(Buffer.concat(Array(500).fill(member)), 'gzip')).toBe(TOO_LARGE)
})

test('gzip in gzip is decompressed once', async () => {
  expect(await outcomeOf(gzipSync(gzipSync(small)), 'gzip')).toBe('ERR_JWKS_INVALID not_json')
  expect(await outcomeOf(gzipSync(gzipSync(small)), 'gzip, gzip')).toBe('ERR_JWKS_INVALID not_json')
})
