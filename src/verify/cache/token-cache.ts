/**
 * The tokens that were verified more than once, so that one that comes again costs one digest and one look-up. It keeps no
 * token: its keys are SHA-256 digests of whole tokens (RFC 9700 s4.9.3). The lru-cache bounds it and decides nothing else.
 */
import { hash } from 'node:crypto'
import type { Profile } from '../issuers/profile.ts'
import type { VerificationKey } from '../keys/verification-key.ts'
import type { JsonObject } from '../token/json.ts'
import type { JwtHeader, VerifiedToken } from '../types.ts'
import { type BoundedMap, createBoundedMap } from '../util/bounded-map.ts'
import { Sightings } from './sightings.ts'

/** A token with a good signature and good claims, and what has to be judged again each time. */
export interface CachedToken {
  readonly verified: VerifiedToken<unknown>
  readonly header: JwtHeader
  readonly payload: JsonObject
  readonly profile: Profile
  /** Whether `verified` may be given to everybody. If not, what the schema made can be changed, and has to be made anew. */
  readonly isShareable: boolean
  /** Whether its schema had to be waited for. */
  readonly isSchemaAsync: boolean
  /** The key that verified it: the entry is worth nothing once the issuer has another one in its place. */
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

  /** The name of a token in the cache; `undefined` for one that was not verified before, which is in it under none. */
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

  /** @param cacheKey - what `keyOf` said before the token was verified */
  add(token: string, cacheKey: string | undefined, toEntry: () => CachedToken): void {
    if (cacheKey === undefined) {
      this.#sightings.add(token)
      return
    }
    // its arrays take a millisecond to make, which a cold start can do without
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

/** The SHA-256 of a token: 32 bytes, one character each. */
export function digestToken(token: string): string {
  return hash('sha256', token, 'binary')
}
