/**
 * Limits the refreshes that unverified requests can trigger: a token bucket with a fixed refill rate. Made-up key IDs and issuers
 * can then neither flood an issuer with requests nor prevent that a rotated key is found.
 */

export class RefreshBudget {
  readonly #now: () => number
  readonly #size: number
  readonly #refillMs: number
  #left: number
  #refilledAt = 0
  #takenAt = Number.NEGATIVE_INFINITY

  /** @param refillMs - the time until one more refresh is allowed */
  constructor(now: () => number, refillMs: number, size = 3) {
    this.#now = now
    this.#size = size
    this.#refillMs = refillMs
    this.#left = size
  }

  /** Whether a refresh is left. */
  get isLeft(): boolean {
    this.#refill()
    return this.#left > 0
  }

  /** Whether more than half of the refreshes are left. */
  get isHalfFull(): boolean {
    this.#refill()
    return this.#left > this.#size / 2
  }

  /** Whether the last one was taken so long ago that another one was earned meanwhile. */
  get isRested(): boolean {
    const elapsed = this.#now() - this.#takenAt
    return elapsed < 0 || elapsed >= this.#refillMs
  }

  /** Takes one refresh from the budget. Returns whether one was left. */
  take(): boolean {
    if (!this.isLeft) return false
    this.#left--
    this.#takenAt = this.#now()
    return true
  }

  #refill(): void {
    const now = this.#now()
    const elapsed = now - this.#refilledAt
    // a full bucket does not refill, and if the clock went backwards, the period starts again
    // Stryker disable next-line EqualityOperator: the value would stay the same
    if (this.#left === this.#size || elapsed < 0) {
      this.#refilledAt = now
      return
    }
    // Stryker disable next-line ConditionalExpression: before, nothing is earned
    if (elapsed < this.#refillMs) return
    const earned = Math.floor(elapsed / this.#refillMs)
    this.#left = Math.min(this.#size, this.#left + earned)
    this.#refilledAt += earned * this.#refillMs
  }
}
