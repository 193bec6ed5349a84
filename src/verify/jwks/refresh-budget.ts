/**
 * How many refreshes requests may cause that nobody can vouch for: a token bucket that refills at a fixed rate, whatever is
 * sent. So made-up key ids and issuers cannot make this process flood an issuer, and cannot keep a rotated key from being
 * found.
 */

export class RefreshBudget {
  readonly #now: () => number
  readonly #size: number
  readonly #refillMs: number
  #left: number
  #refilledAt = 0
  #takenAt = Number.NEGATIVE_INFINITY

  /** @param refillMs - the time in which one more refresh is earned */
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

  get isHalfFull(): boolean {
    this.#refill()
    return this.#left > this.#size / 2
  }

  /** Whether the last one was taken so long ago that another one was earned meanwhile. */
  get isRested(): boolean {
    const elapsed = this.#now() - this.#takenAt
    return elapsed < 0 || elapsed >= this.#refillMs
  }

  /** Takes one refresh out of the budget, if one is left. */
  take(): boolean {
    if (!this.isLeft) return false
    this.#left--
    this.#takenAt = this.#now()
    return true
  }

  #refill(): void {
    const now = this.#now()
    const elapsed = now - this.#refilledAt
    // a full bucket earns nothing, and a clock that went backwards starts over
    // Stryker disable next-line EqualityOperator: it would be set to what it is
    if (this.#left === this.#size || elapsed < 0) {
      this.#refilledAt = now
      return
    }
    if (elapsed < this.#refillMs) return
    const earned = Math.floor(elapsed / this.#refillMs)
    this.#left = Math.min(this.#size, this.#left + earned)
    this.#refilledAt += earned * this.#refillMs
  }
}
