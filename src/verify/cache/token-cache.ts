/**
 * Caches tokens that were verified more than once, so that a cached token costs one digest and one lookup. It stores no token:
 * its keys are SHA-256 digests of whole tokens (RFC 9700 s4.9.3). lru-cache limits its size and decides nothing else.
 */
import type { Profile } from '../issuers/profile.ts'
import type { VerificationKey } from '../keys/verification-key.ts'
import { digestToken } from '../token/digest.ts'
import type { JsonObject } from '../token/json.ts'
import type { JwtHeader, VerifiedToken } from '../types.ts'
import { type BoundedMap, createBoundedMap } from '../util/bounded-map.ts'
import { Sightings } from './sightings.ts'

/** A token with a good signature and good claims, and the values that are checked again each time. */
export interface CachedToken {
  readonly verified: VerifiedToken<unknown>
  readonly header: JwtHeader
  readonly payload: JsonObject
  readonly profile: Profile
  /** Whether all callers may share `verified`. If not, the result of the schema is mutable, so the schema runs again. */
  readonly isShareable: boolean
  /** Whether its schema returned a promise. */
  readonly isSchemaAsync: boolean
  /** The key that verified it. The entry is valid only while the issuer's key set returns the same key. */
  readonly key: VerificationKey
}

export class TokenCache {
  readonly #max: number
  readonly #sightings: Sightings
  #tokens: BoundedMap<CachedToken> | undefined
  #latestKey: string | undefined
  #latest: CachedToken | undefined

  constructor(max: number) {
    this.#max = max
    this.#sightings = new Sightings(max)
  }

  /** The cache key of a token, or `undefined` if it was not verified before and so cannot be cached. */
  keyOf(token: string): string | undefined {
    return this.#sightings.has(token) ? digestToken(token) : undefined
  }

  get(cacheKey: string | undefined): CachedToken | undefined {
    if (cacheKey === undefined) return undefined
    // a token often comes several times in a row: 7 % faster then
    if (cacheKey === this.#latestKey) return this.#latest
    const entry = this.#tokens?.get(cacheKey)
    if (entry) this.#setLatest(cacheKey, entry)
    return entry
  }

  /** @param cacheKey - the result of `keyOf` before the token was verified */
  add(token: string, cacheKey: string | undefined, toEntry: () => CachedToken): void {
    if (cacheKey === undefined) {
      this.#sightings.add(token)
      return
    }
    // creating its arrays takes a millisecond, which would slow down a cold start
    this.#tokens ??= createBoundedMap(this.#max)
    const entry = toEntry()
    this.#tokens.set(cacheKey, entry)
    this.#setLatest(cacheKey, entry)
  }

  clear(): void {
    this.#sightings.clear()
    this.#tokens?.clear()
    this.#setLatest(undefined, undefined)
  }

  #setLatest(cacheKey: string | undefined, entry: CachedToken | undefined): void {
    this.#latestKey = cacheKey
    this.#latest = entry
  }
}
