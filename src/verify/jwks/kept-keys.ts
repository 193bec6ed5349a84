/**
 * Fetched keys and their age. There are no timers, so a process that was frozen for an hour finds its keys an hour older.
 */
import type { KeySet } from '../keys/key-set.ts'

/** From this fraction of their lifetime, keys are refreshed in the background. */
const REFRESH_FROM = 0.8
/** From this multiple of their lifetime, calls wait for the refresh. */
const WAIT_FROM = 2

export class KeptKeys {
  readonly #now: () => number
  readonly #maxStaleMs: number
  /** Used until the first set is fetched. */
  #given: KeySet | undefined
  #keys: KeySet | undefined
  #fetchedAt = 0
  #lifetimeMs = Number.POSITIVE_INFINITY

  /**
   * @param maxStaleMs - the age at which keys stop working
   * @param given - keys from the configuration, which do not age
   */
  constructor(now: () => number, maxStaleMs: number, given: KeySet | undefined) {
    this.#now = now
    this.#maxStaleMs = maxStaleMs
    this.#given = given
  }

  get keys(): KeySet | undefined {
    return this.#keys ?? this.#given
  }

  /** The age of the keys, in milliseconds. If the clock goes backwards, the age restarts at 0. */
  get age(): number {
    if (this.#keys === undefined) return this.#given ? 0 : Number.POSITIVE_INFINITY
    const now = this.#now()
    // Stryker disable next-line EqualityOperator: the value would stay the same
    if (now < this.#fetchedAt) this.#fetchedAt = now
    return now - this.#fetchedAt
  }

  isDue(): boolean {
    return (
      this.#keys === undefined ||
      this.age >= Math.min(REFRESH_FROM * this.#lifetimeMs, this.#maxStaleMs)
    )
  }

  isUsable(age: number): boolean {
    return age < this.#maxStaleMs
  }

  isStale(age: number): boolean {
    return age >= this.#lifetimeMs
  }

  /** Whether the keys are so old that a call should wait for newer ones. */
  isWorthWaiting(age: number): boolean {
    return age >= WAIT_FROM * this.#lifetimeMs
  }

  set(keys: KeySet, fetchedAt: number, lifetimeMs: number): void {
    this.#given = undefined
    this.#keys = keys
    this.#fetchedAt = fetchedAt
    this.#lifetimeMs = lifetimeMs
  }

  clear(): void {
    this.#keys = undefined
  }
}
