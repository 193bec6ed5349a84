/**
 * How long to leave an endpoint alone that failed: 1 s, doubling to 30 s, each a fifth longer or shorter at random.
 */

const FIRST_MS = 1_000
const MAX_MS = 30_000
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

  /** How long the endpoint has to be left alone from now on; 0 when it may be asked. */
  get remainingMs(): number {
    const elapsed = this.#now() - this.#since
    // a clock that went backwards must not make the pause longer
    if (elapsed < 0) return 0
    return Math.max(0, this.#delayMs - elapsed)
  }

  fail(): void {
    const delay = Math.min(MAX_MS, FIRST_MS * 2 ** Math.min(this.#failures, 5))
    this.#failures++
    this.#since = this.#now()
    this.#delayMs = Math.round(delay * (1 - JITTER + 2 * JITTER * Math.random()))
  }

  reset(): void {
    this.#failures = 0
    this.#delayMs = 0
  }
}
