/**
 * The bytes around a key set: a byte order mark, and compression that nobody asked for.
 */
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { createVerifier } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { startKeyServer } from '../support/key-server.ts'

const issuer = await createTestIssuer()
const MARK = '\ufeff'
const INVALID = { code: 'ERR_JWKS_INVALID', reason: 'not_json' }

type Encode = (text: string) => string | Uint8Array

/** Serves keys and discovery, encoded in this way, and returns a verifier for both. */
async function serve(encode: Encode, encoding?: string) {
  const { origin } = await startKeyServer((request, response) => {
    if (encoding !== undefined) response.setHeader('content-encoding', encoding)
    const metadata = { issuer: origin, jwks_uri: `${origin}/keys` }
    response.end(encode(JSON.stringify(request.url === '/keys' ? issuer.jwks : metadata)))
  })
  const token = await issuer.token({ iss: origin, exp: 4_000_000_000 })
  const verify = (jwksUri: string | undefined, maxBytes = 524_288): Promise<unknown> =>
    createVerifier({ issuer: origin, audience: null, jwksUri }, { jwks: { maxBytes } }).verify(
      token,
    )
  return { byUri: `${origin}/keys`, verify }
}

const READ: [string, Encode, string?][] = [
  ['after a byte order mark', (text) => MARK + text],
  ['in gzip', gzipSync, 'gzip'],
  ['in gzip after a byte order mark', (text) => gzipSync(MARK + text), 'gzip'],
  ['in gzip, called x-gzip', gzipSync, 'x-gzip'],
  ['in gzip, called GZIP', gzipSync, ' GZIP '],
  ['in deflate', deflateSync, 'deflate'],
  ['in deflate without its header', deflateRawSync, 'deflate'],
  ['in brotli', brotliCompressSync, 'br'],
  ['unchanged, called identity', (text) => text, 'identity'],
  ['unchanged, under an unknown name', (text) => text, 'aws-chunked'],
]

describe.each(READ)('JSON %s is read', (_, encode, encoding) => {
  test('from jwksUri', async () => {
    const { byUri, verify } = await serve(encode, encoding)

    await expect(verify(byUri)).resolves.toBeDefined()
  })

  test('by discovery', async () => {
    const { verify } = await serve(encode, encoding)

    await expect(verify(undefined)).resolves.toBeDefined()
  })
})

test.each<[string, Encode, string?]>([
  ['two byte order marks', (text) => MARK + MARK + text],
  ['a byte order mark of UTF-16', (text) => Buffer.from(MARK + text, 'utf16le')],
  ['text that is called gzip', (text) => text, 'gzip'],
  ['text that is called brotli', (text) => text, 'br'],
  ['gzip that is called nothing', gzipSync],
  ['gzip that ends early', (text) => gzipSync(text).subarray(0, -20), 'gzip'],
  ['nothing that is called gzip', () => '', 'gzip'],
  ['nothing that is called deflate', () => '', 'deflate'],
])('%s is no JSON', async (_, encode, encoding) => {
  const { byUri, verify } = await serve(encode, encoding)

  await expect(verify(byUri)).rejects.toMatchObject(INVALID)
})

test('the limit applies to the decompressed body', async () => {
  const { byUri, verify } = await serve(gzipSync, 'gzip')
  const size = Buffer.byteLength(JSON.stringify(issuer.jwks))

  await expect(verify(byUri, size)).resolves.toBeDefined()
  await expect(verify(byUri, size - 1)).rejects.toMatchObject({ reason: 'too_large' })
})

test('the body of a failure is not decompressed', async () => {
  const { origin } = await startKeyServer((_, response) =>
    response.writeHead(403, { 'content-encoding': 'gzip' }).end('Forbidden'),
  )
  const verifier = createVerifier({ issuer: issuer.issuer, audience: null, jwksUri: origin })

  await expect(verifier.verify(await issuer.accessToken())).rejects.toMatchObject({
    code: 'ERR_JWKS_UNAVAILABLE',
    reason: 'status',
  })
})
