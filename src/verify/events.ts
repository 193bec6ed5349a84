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

/**
 * The keys of one form of an issuer could not be fetched, while those of its other form are there: a Cognito user pool has
 * two issuer forms, and the one that is not in use may be named by anybody. No alarm.
 */
export interface JwksNotInUseEvent {
  readonly type: 'jwks.not_in_use'
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

/** The function that finds issuers threw, rejected, was late or returned something invalid. At most once in ten seconds. */
export interface IssuersFailedEvent {
  readonly type: 'issuers.failed'
  /** What it threw, or what was wrong with its result. An error of yours may quote the issuer, which anybody can make up. */
  readonly error: unknown
}

/**
 * The function that finds issuers returned another issuer than the one that it was asked for, or one whose keys cannot be
 * found: the token is refused as of an unknown issuer. At most once in ten seconds.
 */
export interface IssuersMismatchEvent {
  readonly type: 'issuers.mismatch'
}

/** What a verifier tells `onEvent`. */
export type VerifierEvent =
  | JwksFetchedEvent
  | JwksFailedEvent
  | JwksNotInUseEvent
  | IssuersFailedEvent
  | IssuersMismatchEvent
  | JwksStaleServedEvent
  | JwksUnknownKidLimitedEvent
