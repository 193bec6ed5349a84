/**
 * The events that a verifier sends to `onEvent`. No event contains data from a token.
 */
import type { KeysError } from './errors.ts'

/**
 * Why a key of a set is not used: it is no object; it is private or symmetric; `kty` or `crv` is not supported; `use` or
 * `key_ops` exclude signatures; `alg` is not allowed, or not supported by this runtime; a public member is missing or broken; an RSA
 * key has fewer than 2048 bits, more than 8192 bits, or an unsafe exponent; an Ed25519 key is of small order.
 */
export type UnusableKeyReason =
  | 'not_an_object'
  | 'kty'
  | 'crv'
  | 'private'
  | 'use'
  | 'key_ops'
  | 'alg'
  | 'malformed'
  | 'too_short'
  | 'too_long'
  | 'exponent'
  | 'small_order'

/** A key of an issuer's set that is not used. */
export interface UnusableKey {
  /** Its `kid`: at most 64 characters, other characters than printable ASCII replaced by `?`. Omitted if it is not a string, or the key is private. */
  readonly kid?: string
  readonly reason: UnusableKeyReason
}

/** An issuer's keys were fetched and are in use. */
export interface JwksFetchedEvent {
  readonly type: 'jwks.fetched'
  readonly issuer: string
  /** The number of usable keys. */
  readonly keys: number
  /** The number of unusable keys in the set: broken, private, symmetric, too small, or meant for another purpose. */
  readonly unusable: number
  /** The first twenty of the unusable keys, with the reason for each. */
  readonly unusableKeys: readonly UnusableKey[]
  /** The lifetime of the key set, in milliseconds. */
  readonly lifetimeMs: number
  /** The duration of the refresh by the verifier's clock, in milliseconds. The keys are as old as its start. */
  readonly durationMs: number
}

/** Why a refresh failed, as far as it is known. */
export interface JwksFailure {
  /** The HTTP status, if it is the reason. */
  readonly status?: number | undefined
  /** The code of the first cause that has one, such as `ECONNREFUSED` or `CERT_HAS_EXPIRED`. */
  readonly causeCode?: string | number | undefined
  /**
   * The `issuer` of the discovery document, if it is not the expected one: at most 200 characters, other characters than printable
   * ASCII replaced by `?`.
   */
  readonly foundIssuer?: string | undefined
  /** The duration of the refresh by the verifier's clock, in milliseconds. */
  readonly durationMs: number
}

/** An issuer's keys could not be fetched. */
export interface JwksFailedEvent extends JwksFailure {
  readonly type: 'jwks.failed'
  readonly issuer: string
  /** The reason for the failure. */
  readonly error: KeysError
  /** The delay until the next possible attempt, in milliseconds. */
  readonly retryInMs: number
  /** The age of the keys that stay in use, in milliseconds. They work until `jwks.maxStaleMs`. Omitted if there are none. */
  readonly ageMs?: number | undefined
}

/**
 * The keys of one issuer form of a Cognito user pool could not be fetched, but the keys of its other form are available.
 * Anybody can send a token with the unused form as `iss`, so this is no reason for an alarm.
 */
export interface JwksNotInUseEvent extends JwksFailure {
  readonly type: 'jwks.not_in_use'
  readonly issuer: string
  /** The reason for the failure. */
  readonly error: KeysError
  /** The delay until the next possible attempt, in milliseconds. */
  readonly retryInMs: number
}

/** Keys past their lifetime were used because the last refresh failed. Sent once per failed refresh. */
export interface JwksStaleServedEvent {
  readonly type: 'jwks.stale_served'
  readonly issuer: string
  /** The age of the keys, in milliseconds. */
  readonly ageMs: number
}

/** A token had an unknown `kid`, and the refresh budget was empty. Sent once until the budget allows a refresh again. */
export interface JwksUnknownKidLimitedEvent {
  readonly type: 'jwks.unknown_kid_limited'
  readonly issuer: string
}

/** The function that finds issuers threw, rejected, timed out or returned an invalid result. Sent at most every ten seconds. */
export interface IssuersFailedEvent {
  readonly type: 'issuers.failed'
  /** The thrown error, or what is wrong with the result. Security: your own error may contain `iss`, which is unverified. */
  readonly error: unknown
}

/**
 * The function that finds issuers returned a different issuer than the requested one, or an issuer without an acceptable key URL.
 * The token is rejected as one of an unknown issuer. Sent at most every ten seconds.
 */
export interface IssuersMismatchEvent {
  readonly type: 'issuers.mismatch'
  /**
   * `'issuer'`: it is not the `iss` of the token. `'jwksUri'`: a URL of keys is no https URL in the normal form of the URL parser; the
   * issuer itself, if its keys have to be found.
   */
  readonly option: 'issuer' | 'jwksUri'
}

/** Any event of a verifier. */
export type VerifierEvent =
  | JwksFetchedEvent
  | JwksFailedEvent
  | JwksNotInUseEvent
  | IssuersFailedEvent
  | IssuersMismatchEvent
  | JwksStaleServedEvent
  | JwksUnknownKidLimitedEvent
