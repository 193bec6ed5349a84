/**
 * Limits the refreshes for unknown keys, because anybody can send a token with an unknown `kid`.
 */
import type { RefreshBudget } from './refresh-budget.ts'
import type { Traffic } from './traffic.ts'

export class KeyLookUps {
  readonly #budget: RefreshBudget
  readonly #traffic: Traffic
  readonly #onLimited: () => void
  // Stryker disable next-line BooleanLiteral: a budget is empty only after refreshes, which set it
  #isReported = false

  /** @param onLimited - called for the first refresh that is denied, once each time the budget runs out */
  constructor(budget: RefreshBudget, traffic: Traffic, onLimited: () => void) {
    this.#budget = budget
    this.#traffic = traffic
    this.#onLimited = onLimited
  }

  /** Takes one refresh from the budget. Returns whether it is allowed. @param isQuiet - whether a denial is not reported */
  take(isQuiet: boolean): boolean {
    if (this.#takeFromBudgets()) {
      this.#isReported = false
      return true
    }
    if (isQuiet) return false
    if (!this.#isReported) this.#onLimited()
    this.#isReported = true
    return false
  }

  /**
   * Other issuers may have used up the shared budget. A proven issuer whose last refresh was a whole refill period ago does not
   * need the shared budget, so that its rotated key is found.
   */
  #takeFromBudgets(): boolean {
    if (!this.#budget.isLeft) return false
    const isShared = this.#traffic.take()
    if (!isShared && !(this.#traffic.isTrusted() && this.#budget.isRested)) return false
    return this.#budget.take()
  }
}
