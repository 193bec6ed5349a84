/**
 * The default HTTP client: one bounded `GET` over `node:https`. The global `fetch` would cost a cold process tens of
 * milliseconds and megabytes before its first request.
 */
import type { LookupAddress } from 'node:dns'
import type { Agent } from 'node:http'
import type { LookupFunction } from 'node:net'
import { KeysError } from '../errors.ts'
import { VERSION } from '../util/version.ts'
import type { Cancellation } from './cancellation.ts'
import { readBody } from './response-body.ts'

/** An HTTP response. */
export interface HttpResponse {
  readonly status: number
  readonly cacheControl: string | undefined
  readonly body: string
  /** The IP address of the host; `undefined` if it is not known, for example behind a proxy. */
  readonly address: string | undefined
}

/** The limits of a request. */
export interface HttpLimits {
  readonly cancellation: Cancellation
  readonly maxBytes: number
  /** Whether a connection to a resolved address of the host is allowed. If omitted, every address is. */
  readonly isAllowed?: ((address: string) => boolean) | undefined
}

/**
 * Sends one `GET` request. Does not follow redirects.
 * @throws {@link KeysError} `ERR_JWKS_INVALID` if the body is too large, or the host resolves to an address that is not allowed;
 * any error of the network
 */
export type HttpGet = (url: URL, limits: HttpLimits) => Promise<HttpResponse>

const HEADERS = {
  accept: 'application/json, application/jwk-set+json',
  // many firewalls reject requests without it
  'user-agent': `jwt-gate/${VERSION}`,
}
// RFC 9110 s12.5.3: without accept-encoding, the server may send a compressed body
const UNCOMPRESSED = { ...HEADERS, 'accept-encoding': 'identity' }

/** Resolves a host name like `dns.lookup`. */
type Lookup = typeof import('node:dns').lookup
type Client = typeof import('node:http') | typeof import('node:https')

/**
 * Creates an {@link HttpGet} over `node:https`, or `node:http` for hosts to which it is allowed.
 * @param agent - the user's agent, which decides itself which addresses it connects to
 * @param lookup - for tests
 */
export function createHttpGet(agent?: Agent, lookup?: Lookup): HttpGet {
  return async (url, limits) => {
    // loaded on demand: a process with configured keys never needs them
    const { default: client } = await (url.protocol === 'http:'
      ? import('node:http')
      : import('node:https'))
    const { isAllowed } = limits
    const isDirect = agent === undefined && connectsItself(client)
    if (!isDirect) return { ...(await send(client, url, limits, { agent })), address: undefined }
    if (isAllowed === undefined) return send(client, url, limits, {})
    const options = optionsOf(client.globalAgent)
    const resolve = lookup ?? options['lookup'] ?? (await import('node:dns')).lookup
    // a kept-alive connection would skip the lookup, and an agent's own lookup would override that of a request
    const guarded = { keepAlive: false, lookup: guard(resolve as LookupFunction, isAllowed) }
    return send(client, url, limits, { agent: new client.Agent({ ...options, ...guarded }) })
  }
}

/** Whether connections go directly to the host. Node's global agent may use a proxy, or may have been replaced or patched. */
function connectsItself({ Agent, globalAgent }: Client): boolean {
  const isUnpatched = !['createConnection', 'addRequest'].some((name) =>
    Object.hasOwn(globalAgent, name),
  )
  return (
    isUnpatched &&
    globalAgent.constructor === Agent &&
    optionsOf(globalAgent)['proxyEnv'] === undefined
  )
}

function optionsOf(agent: Agent): Readonly<Record<string, unknown>> {
  return (agent as Agent & { options?: Readonly<Record<string, unknown>> }).options ?? {}
}

/** Wraps a lookup, so that it fails if one of the addresses is not allowed. */
function guard(lookup: LookupFunction, isAllowed: (address: string) => boolean): LookupFunction {
  return (name, options, callback) => {
    lookup(name, { ...options, all: true }, (error, result, family) => {
      if (error) return callback(error, '')
      const found = toAddresses(result, family)
      const [first] = found
      // Node expects at least one address; otherwise it would throw an uncaught exception
      if (first === undefined) return callback(new Error('The host has no address'), '')
      if (!found.every(({ address }) => isAllowed(address))) {
        return callback(new KeysError('ERR_JWKS_INVALID', { reason: 'invalid' }), '')
      }
      if (options.all) return callback(null, found)
      return callback(null, first.address, first.family)
    })
  }
}

/** The application's own lookup may return one address despite the option `all`, or nothing. */
function toAddresses(
  result: string | LookupAddress[] | undefined,
  family = String(result).includes(':') ? 6 : 4,
): LookupAddress[] {
  return typeof result === 'string' ? [{ address: result, family }] : (result ?? [])
}

/** `get` is read from the module at the time of the call, so that it may be patched (nock, msw, tracing). */
function send(
  client: Client,
  url: URL,
  { cancellation, maxBytes }: HttpLimits,
  how: { readonly agent?: Agent | undefined },
): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const request = client.get(url, { ...how, headers: UNCOMPRESSED }, (response) => {
      const { statusCode = 0, headers } = response
      const { remoteAddress: address } = response.socket
      const encoding = statusCode === 200 ? headers['content-encoding'] : undefined
      readBody(response, maxBytes, encoding)
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

/** Creates an {@link HttpGet} over the user's `fetch`. */
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
      // Stryker disable next-line StringLiteral: any other text that is not JSON is rejected in the same way
      body: response.body ? await readBody(response.body, maxBytes) : '',
      address: undefined,
    }
  }
}
