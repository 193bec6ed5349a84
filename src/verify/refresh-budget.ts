/**
 * How many refreshes unknown key ids may cause: a token bucket of 3 that refills by one every `cooldownMs`, whatever
 * is sent. So made-up ids cannot make this process flood the issuer, and cannot keep a rotated key from being found.
 */

const SIZE = 3

export class RefreshBudget {
  readonly #now: () => number
  readonly #cooldownMs: number
  #left = SIZE
  #refilledAt = 0

  constructor(now: () => number, cooldownMs: number) {
    this.#now = now
    this.#cooldownMs = cooldownMs
  }

  /** Takes one refresh out of the budget, if one is left. */
  take(): boolean {
    this.#refill()
    if (this.#left === 0) return false
    this.#left--
    return true
  }

  #refill(): void {
    const now = this.#now()
    const elapsed = now - this.#refilledAt
    // a full bucket earns nothing, and a clock that went backwards starts over
    // Stryker disable next-line EqualityOperator: it would be set to what it is
    if (this.#left === SIZE || elapsed < 0) {
      this.#refilledAt = now
      return
    }
    if (!(elapsed >= this.#cooldownMs)) return
    const earned = Math.floor(elapsed / this.#cooldownMs)
    this.#left = Math.min(SIZE, this.#left + earned)
    this.#refilledAt += earned * this.#cooldownMs
  }
}
