/**
 * One refresh of an issuer's keys: discovery where it is needed, then the key set, in one time limit, with one retry.
 */

import { isJwtGateError, KeysError } from '../errors.ts'
import type { JsonObject } from '../token/json.ts'
import type { Cancellation } from './cancellation.ts'
import type { HttpGet, HttpLimits, HttpResponse } from './http-get.ts'
import { type InsecureHosts, isCanonical, toSecureUrl } from './issuer-url.ts'
import { networkOf } from './network.ts'

/** Where the keys are, and what a fetch of them may cost. */
export interface JwksSource {
  readonly issuer: string
  /** Left out: found by discovery, on every refresh anew. */
  readonly jwksUri: URL | undefined
  readonly insecureHosts: InsecureHosts
  readonly get: HttpGet
  readonly timeoutMs: number
  readonly maxBytes: number
  readonly maxKeys: number
}

/** A key set as it came. */
export interface FetchedJwks {
  readonly keys: readonly unknown[]
  readonly maxAgeSeconds: number | undefined
}

/**
 * Fetches an issuer's key set.
 * @param cancellation - gives the fetch up; its reason is what the caller gets
 * @param retry - whether a request that failed on the way, or with a status of 500 and up, is sent a second time
 * @throws {@link KeysError} `ERR_JWKS_UNAVAILABLE`, `ERR_JWKS_INVALID`
 */
export async function fetchJwks(
  source: JwksSource,
  { cancellation, retry }: { cancellation: Cancellation; retry: boolean },
): Promise<FetchedJwks> {
  const stopClock = cancellation.cancelAfter(source.timeoutMs)
  const limits = { cancellation, maxBytes: source.maxBytes }
  let retries = retry ? 1 : 0
  const get: Get = (url, isAllowed) =>
    attempt(source.get, url, { ...limits, isAllowed }, () => retries-- > 0)
  try {
    const { jwksUri, isAllowed } = source.jwksUri
      ? toPlace(source.jwksUri)
      : await discover(source, get)
    const response = await get(jwksUri, isAllowed)
    return {
      keys: parseKeys(response, source.maxKeys),
      maxAgeSeconds: parseMaxAge(response.cacheControl),
    }
  } catch (error) {
    throw isJwtGateError(error) ? error : unavailable('network', error)
  } finally {
    stopClock()
  }
}

/** One request, and a second one if the first failed in a way that a second may not. */
async function attempt(
  get: HttpGet,
  url: URL,
  limits: HttpLimits,
  mayRetry: () => boolean,
): Promise<HttpResponse> {
  try {
    const response = await limits.cancellation.race(get(url, limits))
    if (response.status < 500 || !mayRetry()) return response
  } catch (error) {
    if (isJwtGateError(error) || !mayRetry()) throw error
  }
  return limits.cancellation.race(get(url, limits))
}

/** One request. @param isAllowed - asked of each address that the host resolves to, before anything is sent there */
type Get = (url: URL, isAllowed?: HttpLimits['isAllowed']) => Promise<HttpResponse>

/** Where keys are, and where that may lead. */
interface Place {
  readonly jwksUri: URL
  readonly isAllowed: HttpLimits['isAllowed']
}

/** An address that the developer gave may lead anywhere. */
function toPlace(jwksUri: URL): Place {
  return { jwksUri, isAllowed: undefined }
}

/** OpenID Connect Discovery s4, then RFC 8414 s3, which puts the path of the issuer last. */
async function discover(source: JwksSource, get: Get): Promise<Place> {
  const { issuer } = source
  const path = new URL(issuer).pathname.replace(/\/$/, '')
  const openid = await get(withPath(issuer, `${path}/.well-known/openid-configuration`))
  if (openid.status === 200) return parseMetadata(openid, source)
  if (openid.status >= 500) throw badStatus(openid)
  const oauth = await get(withPath(issuer, `/.well-known/oauth-authorization-server${path}`))
  return parseMetadata(oauth, source)
}

function withPath(issuer: string, path: string): URL {
  const url = new URL(issuer)
  url.pathname = path
  return url
}

function parseMetadata(response: HttpResponse, { issuer, insecureHosts }: JwksSource): Place {
  const metadata = parseJson(response)
  // RFC 8414 s3.3: if these are not identical, the data MUST NOT be used
  if (metadata['issuer'] !== issuer) throw invalid('issuer_mismatch')
  const text = metadata['jwks_uri']
  const jwksUri = toSecureUrl(text, insecureHosts)
  if (jwksUri === undefined || !isCanonical(text as string, jwksUri)) throw invalid('invalid')
  const { hostname } = jwksUri
  const home = new URL(issuer).hostname
  if (hostname === home || insecureHosts.has(hostname)) return toPlace(jwksUri)
  // an issuer elsewhere has no business on this machine or in a private network
  const network = networkOf(home) ?? networkOf(response.address ?? '')
  const isAllowed = (address: string): boolean => {
    const target = networkOf(address)
    return target === 'public' || target === network
  }
  if (networkOf(hostname) !== undefined && !isAllowed(hostname)) throw invalid('invalid')
  return { jwksUri, isAllowed }
}

function parseKeys(response: HttpResponse, maxKeys: number): readonly unknown[] {
  const { keys } = parseJson(response)
  if (!Array.isArray(keys)) throw invalid('not_a_key_set')
  if (keys.length > maxKeys) throw invalid('too_large')
  return keys
}

function parseJson(response: HttpResponse): JsonObject {
  if (response.status !== 200) throw badStatus(response)
  let value: unknown
  try {
    value = JSON.parse(response.body)
  } catch {
    throw invalid('not_json')
  }
  if (typeof value !== 'object' || value === null) throw invalid('not_a_key_set')
  return value as JsonObject
}

/** RFC 9111 s5.2.2.1 */
function parseMaxAge(cacheControl: string | undefined): number | undefined {
  const seconds = cacheControl?.match(/(?:^|[\s,])max-age\s*=\s*"?(\d+)/i)?.[1]
  return seconds === undefined ? undefined : Number(seconds)
}

function badStatus({ status }: HttpResponse): KeysError {
  const reason = status >= 300 && status < 400 ? 'redirect' : 'status'
  return unavailable(reason, Object.assign(new Error(`HTTP status ${status}`), { status }))
}

function unavailable(reason: 'network' | 'redirect' | 'status', cause?: unknown): KeysError {
  return new KeysError('ERR_JWKS_UNAVAILABLE', { reason, cause })
}

function invalid(
  reason: 'issuer_mismatch' | 'invalid' | 'not_a_key_set' | 'too_large' | 'not_json',
): KeysError {
  return new KeysError('ERR_JWKS_INVALID', { reason })
}
