/**
 * One refresh of an issuer's keys: discovery if necessary, then the key set, within one time limit and with one retry.
 */
import { isJwtGateError, KeysError } from '../errors.ts'
import type { Cancellation } from '../http/cancellation.ts'
import type { HttpGet, HttpLimits, HttpResponse } from '../http/http-get.ts'
import { type InsecureHosts, isCanonical, toSecureUrl } from '../http/issuer-url.ts'
import { networkOf } from '../http/network.ts'
import type { JsonObject } from '../token/json.ts'
import { foundAnother } from './failure.ts'

/** The location of an issuer's keys, and the limits of a fetch. */
export interface JwksSource {
  readonly issuer: string
  /** The URLs of the key sets, whose keys are joined. If there is none, discovery finds it on every refresh. */
  readonly jwksUris: readonly string[]
  readonly insecureHosts: InsecureHosts
  readonly get: HttpGet
  readonly timeoutMs: number
  readonly maxBytes: number
  readonly maxKeys: number
}

/** A fetched key set, not imported yet. */
export interface FetchedJwks {
  readonly keys: readonly unknown[]
  readonly maxAgeSeconds: number | undefined
}

/**
 * Fetches an issuer's key set.
 * @param cancellation - cancels the fetch; the promise then rejects with its reason
 * @param retry - whether a request is repeated once after a network error or a status of 500 or higher
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
    const { jwksUris } = source
    const isListed = jwksUris.length > 0
    const locations = isListed
      ? jwksUris.map((text) => toTrustedLocation(new URL(text)))
      : [await discover(source, get)]
    const sets = await awaitAll(
      locations.map(async ({ jwksUri, isAllowed }) => toKeys(await get(jwksUri, isAllowed))),
    )
    return joinSets(sets, source.maxKeys)
  } catch (error) {
    throw isJwtGateError(error) ? error : unavailable('network', error)
  } finally {
    stopClock()
  }
}

/** The values, once no request is in flight any more. @throws the first error: with a part of the keys, good tokens would fail */
async function awaitAll<T>(work: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(work)
  return Promise.all(work)
}

function joinSets(sets: readonly FetchedJwks[], maxKeys: number): FetchedJwks {
  const keys = sets.flatMap((one) => one.keys)
  if (keys.length > maxKeys) throw invalid('too_large')
  const ages = sets.flatMap(({ maxAgeSeconds }) => maxAgeSeconds ?? [])
  return { keys, maxAgeSeconds: ages.length > 0 ? Math.min(...ages) : undefined }
}

/** Sends a request, and repeats it after a failure that may be temporary. */
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

/** Sends a request. @param isAllowed - called for each resolved address of the host, before a connection is made */
type Get = (url: URL, isAllowed?: HttpLimits['isAllowed']) => Promise<HttpResponse>

/** The URL of a key set, and the addresses that it may resolve to. */
interface JwksLocation {
  readonly jwksUri: URL
  readonly isAllowed: HttpLimits['isAllowed']
}

/** A configured URL may resolve to any address. */
function toTrustedLocation(jwksUri: URL): JwksLocation {
  return { jwksUri, isAllowed: undefined }
}

/** OpenID Connect Discovery s4, then RFC 8414 s3, in which the path of the issuer comes last. */
async function discover(source: JwksSource, get: Get): Promise<JwksLocation> {
  const { issuer } = source
  const path = new URL(issuer).pathname.replace(/\/$/, '')
  let flaw: unknown
  try {
    const openid = await get(withPath(issuer, `${path}/.well-known/openid-configuration`))
    if (openid.status === 200) return parseMetadata(openid, source)
    if (openid.status >= 500) throw badStatus(openid)
  } catch (error) {
    // many servers have a page for every address
    if (!isNoDocument(error)) throw error
    flaw = error
  }
  const oauth = await get(withPath(issuer, `/.well-known/oauth-authorization-server${path}`))
  // if the second place has nothing either, the page at the first one says more
  if (flaw && oauth.status !== 200 && oauth.status < 500) throw flaw
  return parseMetadata(oauth, source)
}

/** Whether a response was no JSON object. */
function isNoDocument(error: unknown): boolean {
  const reasons: unknown[] = ['not_json', 'not_a_key_set', 'too_large']
  return isJwtGateError(error) && reasons.includes(error.reason)
}

function withPath(issuer: string, path: string): URL {
  const url = new URL(issuer)
  url.pathname = path
  return url
}

function parseMetadata(
  response: HttpResponse,
  { issuer, insecureHosts }: JwksSource,
): JwksLocation {
  const metadata = parseJson(response)
  // RFC 8414 s3.3: if the issuers are not identical, the metadata MUST NOT be used
  if (metadata['issuer'] !== issuer)
    throw invalid('issuer_mismatch', foundAnother(metadata['issuer']))
  const text = metadata['jwks_uri']
  const jwksUri = toSecureUrl(text, insecureHosts)
  if (jwksUri === undefined || !isCanonical(text as string, jwksUri)) throw invalid('invalid')
  const { hostname } = jwksUri
  const home = new URL(issuer).hostname
  if (hostname === home || insecureHosts.has(hostname)) return toTrustedLocation(jwksUri)
  // SSRF protection: metadata may lead to this machine or a private network only if the issuer is there too
  // Stryker disable next-line StringLiteral: no other text is an address either
  const network = networkOf(home) ?? networkOf(response.address ?? '')
  const isAllowed = (address: string): boolean => {
    const target = networkOf(address)
    return target === 'public' || target === network
  }
  if (networkOf(hostname) !== undefined && !isAllowed(hostname)) throw invalid('invalid')
  return { jwksUri, isAllowed }
}

function toKeys(response: HttpResponse): FetchedJwks {
  const { keys } = parseJson(response)
  if (!Array.isArray(keys)) throw invalid('not_a_key_set')
  return { keys, maxAgeSeconds: parseMaxAge(response.cacheControl) }
}

function parseJson(response: HttpResponse): JsonObject {
  if (response.status !== 200) throw badStatus(response)
  let value: unknown
  try {
    value = JSON.parse(response.body)
  } catch {
    throw invalid('not_json')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid('not_a_key_set')
  return value as JsonObject
}

/** RFC 9111 s5.2.2.1 */
function parseMaxAge(cacheControl: string | undefined): number | undefined {
  const seconds = cacheControl?.match(/(?:^|[\s,])max-age\s*=\s*"?(\d+)/i)?.[1]
  return seconds === undefined ? undefined : Number(seconds)
}

/** The error for a response with another status than 200. */
export function badStatus({ status }: Pick<HttpResponse, 'status'>): KeysError {
  const reason = status >= 300 && status < 400 ? 'redirect' : 'status'
  return unavailable(reason, Object.assign(new Error(`HTTP status ${status}`), { status }))
}

function unavailable(reason: 'network' | 'redirect' | 'status', cause?: unknown): KeysError {
  return new KeysError('ERR_JWKS_UNAVAILABLE', { reason, cause })
}

function invalid(
  reason: 'issuer_mismatch' | 'invalid' | 'not_a_key_set' | 'too_large' | 'not_json',
  cause?: unknown,
): KeysError {
  return new KeysError('ERR_JWKS_INVALID', { reason, cause })
}
