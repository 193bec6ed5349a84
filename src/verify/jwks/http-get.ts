/**
 * The default way to an issuer: one bounded `GET` over `node:https`. The global `fetch` would cost a cold process
 * tens of milliseconds and megabytes before its first request.
 */
import type { LookupAddress } from 'node:dns'
import type { Agent } from 'node:http'
import type { LookupFunction } from 'node:net'
import { KeysError } from '../errors.ts'
import type { Cancellation } from './cancellation.ts'

/** What came back. */
export interface HttpResponse {
  readonly status: number
  readonly cacheControl: string | undefined
  readonly body: string
  /** The address of the host, if it is known: behind a proxy it is not. */
  readonly address: string | undefined
}

/** How far a request may go. */
export interface HttpLimits {
  readonly cancellation: Cancellation
  readonly maxBytes: number
  /** Whether an address may be connected to that the host has resolved to. Left out: any. */
  readonly isAllowed?: ((address: string) => boolean) | undefined
}

/**
 * One `GET`, without following redirects.
 * @throws {@link KeysError} `ERR_JWKS_INVALID` for a body that is too large, and for a host at an address that is not allowed;
 * whatever the network throws
 */
export type HttpGet = (url: URL, limits: HttpLimits) => Promise<HttpResponse>

const HEADERS = { accept: 'application/json, application/jwk-set+json' }
// RFC 9110 s12.5.3: who says nothing may be sent something compressed
const UNCOMPRESSED = { ...HEADERS, 'accept-encoding': 'identity' }

/** Resolves a name, as `dns.lookup` does. */
type Lookup = typeof import('node:dns').lookup
type Client = typeof import('node:http') | typeof import('node:https')

/**
 * An {@link HttpGet} over `node:https`, and over `node:http` for the hosts that are allowed it.
 * @param agent - of the user's: it decides for itself what it connects to
 * @param lookup - for tests
 */
export function createHttpGet(agent?: Agent, lookup?: Lookup): HttpGet {
  return async (url, limits) => {
    // loaded when they are needed: a process whose keys are given never does
    const { default: client } = await (url.protocol === 'http:'
      ? import('node:http')
      : import('node:https'))
    const { isAllowed } = limits
    const isDirect = agent === undefined && connectsItself(client)
    if (!isDirect) return { ...(await send(client, url, limits, { agent })), address: undefined }
    if (isAllowed === undefined) return send(client, url, limits, {})
    const options = optionsOf(client.globalAgent)
    const resolve = lookup ?? options['lookup'] ?? (await import('node:dns')).lookup
    // over a connection that was kept, nothing would be resolved; and an agent's own look-up goes before that of a request
    const judged = { keepAlive: false, lookup: guard(resolve as LookupFunction, isAllowed) }
    return send(client, url, limits, { agent: new client.Agent({ ...options, ...judged }) })
  }
}

/** Whether connections go to the host itself. Node's own agent may be set to a proxy, or another one be in its place. */
function connectsItself({ Agent, globalAgent }: Client): boolean {
  const isAsMade = !['createConnection', 'addRequest'].some((name) =>
    Object.hasOwn(globalAgent, name),
  )
  return (
    isAsMade &&
    globalAgent.constructor === Agent &&
    optionsOf(globalAgent)['proxyEnv'] === undefined
  )
}

function optionsOf(agent: Agent): Readonly<Record<string, unknown>> {
  return (agent as Agent & { options?: Readonly<Record<string, unknown>> }).options ?? {}
}

/** A look-up that fails if one of the addresses is not allowed. */
function guard(lookup: LookupFunction, isAllowed: (address: string) => boolean): LookupFunction {
  return (name, options, callback) => {
    lookup(name, { ...options, all: true }, (error, answer, family) => {
      if (error) return callback(error, '')
      const found = toAddresses(answer, family)
      const [first] = found
      // Node expects one address at least, and would throw where nobody catches it
      if (first === undefined) return callback(new Error('The host has no address'), '')
      if (!found.every(({ address }) => isAllowed(address))) {
        return callback(new KeysError('ERR_JWKS_INVALID', { reason: 'invalid' }), '')
      }
      if (options.all) return callback(null, found)
      return callback(null, first.address, first.family)
    })
  }
}

/** A look-up of the application's may return one address, though it is asked for all, or nothing. */
function toAddresses(
  answer: string | LookupAddress[] | undefined,
  family = String(answer).includes(':') ? 6 : 4,
): LookupAddress[] {
  return typeof answer === 'string' ? [{ address: answer, family }] : (answer ?? [])
}

function send(
  { get }: Client,
  url: URL,
  { cancellation, maxBytes }: HttpLimits,
  how: { readonly agent?: Agent | undefined },
): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const request = get(url, { ...how, headers: UNCOMPRESSED }, (response) => {
      const { statusCode = 0, headers } = response
      const { remoteAddress: address } = response.socket
      readBody(response, maxBytes)
        .then((body) =>
          resolve({ status: statusCode, cacheControl: headers['cache-control'], body, address }),
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
      address: undefined,
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
