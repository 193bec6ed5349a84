/**
 * What a verifier tells `onEvent`. No event holds anything from a token.
 */
import type { KeysError } from './errors.ts'

/** The keys of an issuer were fetched and are in use. */
export interface JwksFetchedEvent {
  readonly type: 'jwks.fetched'
  readonly issuer: string
  /** How many keys can be used. */
  readonly keys: number
  /** How many entries of the set cannot be used: broken, private, symmetric, too small, for another purpose. */
  readonly unusable: number
  readonly lifetimeMs: number
}

/** The keys of an issuer could not be fetched. */
export interface JwksFailedEvent {
  readonly type: 'jwks.failed'
  readonly issuer: string
  readonly error: KeysError
  /** Before this time has passed, no other attempt is made. */
  readonly retryInMs: number
}

/** Keys past their lifetime were used, because fetching newer ones failed. Told once for each failed fetch. */
export interface JwksStaleServedEvent {
  readonly type: 'jwks.stale_served'
  readonly issuer: string
  readonly ageMs: number
}

/** A token named an unknown key and no fetch was left in the budget for it. Told once for each fetch earned. */
export interface JwksUnknownKidLimitedEvent {
  readonly type: 'jwks.unknown_kid_limited'
  readonly issuer: string
}

/** What a verifier tells `onEvent`. */
export type VerifierEvent =
  | JwksFetchedEvent
  | JwksFailedEvent
  | JwksStaleServedEvent
  | JwksUnknownKidLimitedEvent
