/**
 * The tokens that were verified, so that a token seen again costs one digest and one look-up. It keeps no token:
 * its keys are SHA-256 digests of whole tokens (RFC 9700 s4.9.3). The lru-cache bounds it and decides nothing else.
 */
import { hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { SafeTimes } from './claims.ts'
import type { Profile } from './profile.ts'
import type { JsonObject } from './token.ts'
import type { JwtHeader, VerifiedToken } from './types.ts'
import type { VerificationKey } from './verification-key.ts'

/** A token with a good signature and good claims, and what has to be judged again each time. */
export interface CachedToken {
  readonly verified: VerifiedToken<unknown>
  readonly header: JwtHeader
  readonly payload: JsonObject
  readonly profile: Profile
  readonly times: SafeTimes
  /** The key that verified it: the entry is worth nothing once the issuer has another one in its place. */
  readonly key: VerificationKey
}

/** Verified tokens by digest. */
export interface TokenCache {
  get(digest: string): CachedToken | undefined
  set(digest: string, token: CachedToken): void
  clear(): void
}

/** A cache for so many tokens; `undefined` for none. */
export function createTokenCache(max: number): TokenCache | undefined {
  return max === 0 ? undefined : new LRUCache<string, CachedToken>({ max })
}

/** The name of a token in the cache: 32 bytes, one character each. */
export function digestToken(token: string): string {
  return hash('sha256', token, 'binary')
}
