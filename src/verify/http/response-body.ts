/**
 * Reads the body of a response: bounded, decompressed and decoded.
 */
import { Buffer } from 'node:buffer'
import { KeysError } from '../errors.ts'

/** Some servers compress whatever a client asks for (RFC 9110 s8.4.1). `unzip` reads gzip and zlib. */
const DECODERS = new Map<string | undefined, 'unzip' | 'brotliDecompress'>([
  ['gzip', 'unzip'],
  ['x-gzip', 'unzip'],
  ['deflate', 'unzip'],
  ['br', 'brotliDecompress'],
])

/**
 * @param maxBytes - the limit of the body, before and after decompression
 * @param encoding - the `Content-Encoding`; any other than those above is ignored
 * @throws {@link KeysError} `ERR_JWKS_INVALID` if the body is too large or cannot be decompressed
 */
export async function readBody(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number,
  encoding?: string,
): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.byteLength
    if (size > maxBytes) throw new KeysError('ERR_JWKS_INVALID', { reason: 'too_large' })
    parts.push(chunk)
  }
  const body = await decompress(Buffer.concat(parts), maxBytes, encoding?.trim().toLowerCase())
  // unlike a Buffer, it removes a byte order mark
  return new TextDecoder().decode(body)
}

async function decompress(
  body: Buffer,
  maxBytes: number,
  encoding: string | undefined,
): Promise<Buffer> {
  const decoder = DECODERS.get(encoding)
  if (decoder === undefined) return body
  // loaded on demand, because few servers need it
  const { default: zlib } = await import('node:zlib')
  // some servers send a deflate stream without its zlib header (RFC 9110 s8.4.1.2)
  const isRaw = encoding === 'deflate' && (body[0] ?? 0) % 16 !== 8
  return new Promise((resolve, reject) => {
    const decode = zlib[isRaw ? 'inflateRaw' : decoder] as typeof zlib.unzip
    decode(body, { maxOutputLength: maxBytes }, (cause, result) => {
      if (cause === null) return resolve(result)
      const isTooLarge = (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
      const reason = isTooLarge ? 'too_large' : 'not_json'
      reject(new KeysError('ERR_JWKS_INVALID', { reason, cause }))
    })
  })
}
