/**
 * How long to leave alone what has failed: 1 s, doubling to 30 s, each a fifth longer or shorter at random.
 */

/** The pause after the first failure, and the longest one. */
export interface Pauses {
  readonly firstMs: number
  readonly maxMs: number
}

const USUAL: Pauses = { firstMs: 1_000, maxMs: 30_000 }
const JITTER = 0.2

export class Backoff {
  readonly #now: () => number
  #failures = 0
  #since = 0
  #delayMs = 0

  constructor(now: () => number) {
    this.#now = now
  }

  /** How many attempts have failed one after the other. */
  get failures(): number {
    return this.#failures
  }

  /** How long it has to be left alone from now on; 0 when it may be tried again. */
  get remainingMs(): number {
    const elapsed = this.#now() - this.#since
    // a clock that went backwards must not make the pause longer
    if (elapsed < 0) return 0
    return Math.max(0, this.#delayMs - elapsed)
  }

  /** The same in whole seconds, at least 1: for `Retry-After`. */
  get retryAfterSeconds(): number {
    return Math.max(1, Math.ceil(this.remainingMs / 1_000))
  }

  fail({ firstMs, maxMs }: Pauses = USUAL): void {
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
