/**
 * Keys that were fetched, and how old they are. There are no timers: a process that was frozen for an hour finds its keys an
 * hour older.
 */
import type { KeySet } from '../keys/key-set.ts'

/** From this part of their lifetime on, keys are refreshed in the background. */
const REFRESH_FROM = 0.8
/** Up to this multiple of their lifetime, no call waits for the refresh. */
const WAIT_FROM = 2

export class KeptKeys {
  readonly #now: () => number
  readonly #maxStaleMs: number
  #keys: KeySet | undefined
  #fetchedAt = 0
  #lifetimeMs = 0

  /** @param maxStaleMs - older keys are used for nothing */
  constructor(now: () => number, maxStaleMs: number) {
    this.#now = now
    this.#maxStaleMs = maxStaleMs
  }

  get keys(): KeySet | undefined {
    return this.#keys
  }

  /** How old the keys are. A clock that went backwards makes them new, once: their age counts from there. */
  get age(): number {
    if (this.#keys === undefined) return Number.POSITIVE_INFINITY
    const now = this.#now()
    // Stryker disable next-line EqualityOperator: it would be set to what it is
    if (now < this.#fetchedAt) this.#fetchedAt = now
    return now - this.#fetchedAt
  }

  isDue(): boolean {
    return this.age >= Math.min(REFRESH_FROM * this.#lifetimeMs, this.#maxStaleMs)
  }

  isUsable(age: number): boolean {
    return age < this.#maxStaleMs
  }

  isStale(age: number): boolean {
    return age >= this.#lifetimeMs
  }

  /** Whether they are so old that a call had better wait for newer ones. */
  isWorthWaiting(age: number): boolean {
    return age >= WAIT_FROM * this.#lifetimeMs
  }

  set(keys: KeySet, fetchedAt: number, lifetimeMs: number): void {
    this.#keys = keys
    this.#fetchedAt = fetchedAt
    this.#lifetimeMs = lifetimeMs
  }

  clear(): void {
    this.#keys = undefined
  }
}
