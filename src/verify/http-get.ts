/**
 * The default way to an issuer: one bounded `GET` over `node:https`. The global `fetch` would cost a cold process
 * tens of milliseconds and megabytes before its first request.
 */
import type { Cancellation } from './cancellation.ts'
import { KeysError } from './errors.ts'

/** What came back. */
export interface HttpResponse {
  readonly status: number
  readonly cacheControl: string | undefined
  readonly body: string
}

/** How far a request may go. */
export interface HttpLimits {
  readonly cancellation: Cancellation
  readonly maxBytes: number
}

/**
 * One `GET`, without following redirects.
 * @throws {@link KeysError} `ERR_JWKS_INVALID` for a body that is too large; whatever the network throws
 */
export type HttpGet = (url: URL, limits: HttpLimits) => Promise<HttpResponse>

const HEADERS = { accept: 'application/json, application/jwk-set+json' }
// RFC 9110 s12.5.3: who says nothing may be sent something compressed
const UNCOMPRESSED = { ...HEADERS, 'accept-encoding': 'identity' }

/** An {@link HttpGet} over `node:https`, and over `node:http` for the loopback hosts that are allowed it. */
export const httpGet: HttpGet = async (url, limits) => {
  // loaded when they are needed: a process whose keys are given never does
  const { get } = await (url.protocol === 'http:' ? import('node:http') : import('node:https'))
  return send(get, url, limits)
}

function send(
  get: typeof import('node:https').get,
  url: URL,
  { cancellation, maxBytes }: HttpLimits,
): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const request = get(url, { headers: UNCOMPRESSED }, (response) => {
      const { statusCode = 0, headers } = response
      readBody(response, maxBytes)
        .then((body) =>
          resolve({ status: statusCode, cacheControl: headers['cache-control'], body }),
        )
        .catch((error: unknown) => {
          request.destroy()
          reject(error)
        })
    })
    request.on('error', reject)
    cancellation.onCancel((reason) => request.destroy(reason))
  })
}

/** An {@link HttpGet} over a `fetch` of the user's. */
export function toHttpGet(fetch: typeof globalThis.fetch): HttpGet {
  return async (url, { cancellation, maxBytes }) => {
    const controller = new AbortController()
    cancellation.onCancel((reason) => controller.abort(reason))
    const { signal } = controller
    const response = await fetch(url.href, { signal, headers: HEADERS, redirect: 'manual' })
    if (response.redirected) {
      throw new KeysError('ERR_JWKS_UNAVAILABLE', { reason: 'redirect' })
    }
    return {
      status: response.status,
      cacheControl: response.headers.get('cache-control') ?? undefined,
      // Stryker disable next-line StringLiteral: what is no JSON is refused alike
      body: response.body ? await readBody(response.body, maxBytes) : '',
    }
  }
}

async function readBody(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.byteLength
    if (size > maxBytes) throw new KeysError('ERR_JWKS_INVALID', { reason: 'too_large' })
    parts.push(chunk)
  }
  return Buffer.concat(parts).toString('utf8')
}
