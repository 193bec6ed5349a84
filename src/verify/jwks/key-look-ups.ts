/**
 * Refreshes for keys that the set does not have. Anybody can name such a key, so there are few of them.
 */
import type { RefreshBudget } from './refresh-budget.ts'
import type { Traffic } from './traffic.ts'

export class KeyLookUps {
  readonly #budget: RefreshBudget
  readonly #traffic: Traffic
  readonly #tellLimited: () => void
  // Stryker disable next-line BooleanLiteral: a budget is spent only after refreshes, which set it
  #isTold = false

  /** @param tellLimited - called when the first key is not looked for, once for each time the budget is spent */
  constructor(budget: RefreshBudget, traffic: Traffic, tellLimited: () => void) {
    this.#budget = budget
    this.#traffic = traffic
    this.#tellLimited = tellLimited
  }

  /** Takes leave to look for one key. */
  take(): boolean {
    if (this.#isLeft()) {
      this.#isTold = false
      return true
    }
    if (!this.#isTold) this.#tellLimited()
    this.#isTold = true
    return false
  }

  /**
   * What all issuers share may be used up by others: an issuer of which a token was verified, and that has waited for as long as it takes to earn a refresh needs
   * no share, so that its rotated key is found. Nothing is taken from its own budget where nothing is sent.
   */
  #isLeft(): boolean {
    if (!this.#budget.isLeft) return false
    const isShared = this.#traffic.take()
    if (!isShared && !(this.#traffic.isTrusted() && this.#budget.isRested)) return false
    return this.#budget.take()
  }
}
