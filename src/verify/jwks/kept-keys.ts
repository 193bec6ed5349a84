/**
 * The keys of one issuer over time: how long they are used, and what the last refresh says if there are none. All times come from
 * one clock. There are no timers, so a process that was frozen for an hour finds its keys an hour older.
 */
import { KeysError } from '../errors.ts'
import type { KeySet } from '../keys/key-set.ts'
import type { Backoff } from './backoff.ts'
import { describeFailure } from './failure.ts'
import type { LoadedKeys } from './load-keys.ts'
import type { JwksStoreOptions } from './store-options.ts'
import { isUnknownThere, UNUSED_PAUSES } from './twins.ts'

/** From this fraction of their lifetime, keys are refreshed in the background. */
const REFRESH_FROM = 0.8
/** From this multiple of their lifetime, calls wait for the refresh. */
const WAIT_FROM = 2

export class KeptKeys {
  readonly #options: JwksStoreOptions
  /** Used until the first set is fetched. */
  #given: KeySet | undefined
  #keys: KeySet | undefined
  #fetchedAt = 0
  #lifetimeMs = Number.POSITIVE_INFINITY
  // Stryker disable next-line BooleanLiteral: keys are stale only after a failure, which sets it
  #isStaleReported = false
  /** The error of the last refresh; `undefined` if it succeeded. */
  failure: KeysError | undefined
  /**
   * Whether this issuer form is not in use: it never had keys, its endpoint does not know it, and its twin (the other form) has keys.
   * Any other failure may be an outage of the form that is in use: anybody can cause the keys of the other one to be loaded.
   */
  isUnused = false
  /** The reason for missing keys, if no refresh has failed. */
  whyNone: 'limited' | 'closed' = 'limited'

  /** @param given - keys from the configuration, which do not age */
  constructor(options: JwksStoreOptions, given: KeySet | undefined) {
    this.#options = options
    this.#given = given
  }

  /** The last keys, however old they are; `undefined` if there were none since `clear`. */
  get keys(): KeySet | undefined {
    return this.#keys ?? this.#given
  }

  get isLoaded(): boolean {
    return this.#age < this.#maxStaleMs
  }

  get isDue(): boolean {
    if (this.#keys === undefined) return true
    return this.#age >= Math.min(REFRESH_FROM * this.#lifetimeMs, this.#maxStaleMs)
  }

  /**
   * The keys that may be used now: stale ones only if newer ones are not available, none older than `maxStaleMs`.
   * @param waited - whether the caller has waited for newer ones, or cannot wait
   */
  usable(waited = false): KeySet | undefined {
    const age = this.#age
    if (age >= this.#maxStaleMs) return undefined
    const isWorthWaiting =
      age >= WAIT_FROM * this.#lifetimeMs &&
      // Stryker disable next-line ConditionalExpression: during back-off, waiting ends at once
      this.#backoff.remainingMs === 0
    if (isWorthWaiting && !waited) return undefined
    if (this.failure && age >= this.#lifetimeMs) this.#reportStale(age)
    return this.keys
  }

  /** Creates a new error for each caller, because callers may modify it. */
  unavailable(): KeysError {
    const { retryAfterSeconds } = this.#backoff
    if (this.failure === undefined) {
      return new KeysError('ERR_JWKS_UNAVAILABLE', { reason: this.whyNone, retryAfterSeconds })
    }
    const { code, reason, cause } = this.failure
    return new KeysError(code, { reason, cause, retryAfterSeconds })
  }

  accept({ keys, lifetimeMs }: LoadedKeys, startedAt: number, durationMs: number): void {
    const { issuer, settings } = this.#options
    this.#given = undefined
    this.#keys = keys
    this.#fetchedAt = startedAt
    this.#lifetimeMs = lifetimeMs
    this.failure = undefined
    this.isUnused = false
    this.#backoff.reset()
    const { usable, unusable, unusableKeys } = keys
    const counts = { keys: usable, unusable, unusableKeys }
    settings.emit({ type: 'jwks.fetched', issuer, ...counts, lifetimeMs, durationMs })
  }

  fail(error: KeysError, durationMs: number): void {
    const { issuer, settings, neighbours } = this.#options
    this.failure = error
    const isUnknown = this.keys === undefined && isUnknownThere(error)
    this.isUnused = isUnknown && neighbours.twins.isLoaded()
    this.#backoff.fail(this.isUnused ? UNUSED_PAUSES : undefined)
    this.#isStaleReported = false
    const type = this.isUnused ? 'jwks.not_in_use' : 'jwks.failed'
    const retryInMs = this.#backoff.remainingMs
    const ageMs = this.isLoaded ? this.#age : undefined
    const described = describeFailure(error.cause)
    settings.emit({ type, issuer, error, retryInMs, ageMs, durationMs, ...described })
  }

  /** Clears the fetched keys, and what was known about them. */
  clear(): void {
    this.#keys = undefined
    this.failure = undefined
    this.isUnused = false
    this.whyNone = 'closed'
  }

  /** In milliseconds. If the clock goes backwards, the age restarts at 0. */
  get #age(): number {
    if (this.#keys === undefined) return this.#given ? 0 : Number.POSITIVE_INFINITY
    const now = this.#options.settings.now()
    // Stryker disable next-line EqualityOperator: the value would stay the same
    if (now < this.#fetchedAt) this.#fetchedAt = now
    return now - this.#fetchedAt
  }

  get #backoff(): Backoff {
    return this.#options.neighbours.pace.backoff
  }

  get #maxStaleMs(): number {
    return this.#options.settings.jwks.maxStaleMs
  }

  #reportStale(ageMs: number): void {
    if (this.#isStaleReported) return
    this.#isStaleReported = true
    const { issuer, settings } = this.#options
    settings.emit({ type: 'jwks.stale_served', issuer, ageMs })
  }
}
