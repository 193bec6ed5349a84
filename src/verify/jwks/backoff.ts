/**
 * Exponential backoff after failures: 1 s, doubling to 30 s, with 20 % jitter.
 */

/** The pause after the first failure, and the maximum pause. */
export interface Pauses {
  readonly firstMs: number
  readonly maxMs: number
}

const DEFAULT_PAUSES: Pauses = { firstMs: 1_000, maxMs: 30_000 }
const JITTER = 0.2

export class Backoff {
  readonly #now: () => number
  #failures = 0
  #since = 0
  #delayMs = 0

  constructor(now: () => number) {
    this.#now = now
  }

  /** The number of consecutive failures. */
  get failures(): number {
    return this.#failures
  }

  /** The time until the next attempt, in milliseconds; 0 if it is allowed now. */
  get remainingMs(): number {
    const elapsed = this.#now() - this.#since
    // if the clock went backwards, the pause must not become longer
    if (elapsed < 0) return 0
    return Math.max(0, this.#delayMs - elapsed)
  }

  /** The same in whole seconds, at least 1, for `Retry-After`. */
  get retryAfterSeconds(): number {
    return Math.max(1, Math.ceil(this.remainingMs / 1_000))
  }

  fail({ firstMs, maxMs }: Pauses = DEFAULT_PAUSES): void {
    const delay = Math.min(maxMs, firstMs * 2 ** Math.min(this.#failures, 7))
    this.#failures++
    this.#since = this.#now()
    this.#delayMs = Math.round(delay * (1 - JITTER + 2 * JITTER * Math.random()))
  }

  reset(): void {
    this.#failures = 0
    this.#delayMs = 0
  }
}
