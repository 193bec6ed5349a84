/**
 * What bounds the requests of all issuers of a verifier together. Listed issuers are as many as the developer wrote down.
 * Issuers that a function finds can be as many as an attacker makes up, so they share what may leave the process.
 */
import type { Cancellation } from './cancellation.ts'
import { RefreshBudget } from './refresh-budget.ts'

/** Leave for one refresh. */
export interface Leave {
  /** Resolves when it is this one's turn; `undefined` if it may begin at once. */
  readonly turn?: Promise<void>
  /** Has to be called, also by one whose turn never came. Only the first call counts. */
  readonly end: () => void
}

/** What a store of keys asks before it sends anything. */
export interface Traffic {
  /** Leave to refresh the keys; `undefined` if there is none now. */
  begin(): Leave | undefined
  /** Whether one more refresh for an unknown key may be made, of those that all issuers share. */
  take(): boolean
  /** Whether an issuer that has waited long enough may do without such a share. */
  readonly isTrusted: () => boolean
}

const AT_ONCE: Leave = { end: () => undefined }

/** For listed issuers, each of which has bounds of its own. */
export const UNSHARED: Traffic = {
  begin: () => AT_ONCE,
  take: () => true,
  isTrusted: () => true,
}

/** How many refreshes run at once of issuers of which no token was verified. Of each other one runs, and there are not many. */
const MAX_RUNNING = 100
/** How long it takes to earn one more refresh for an issuer of which no token was verified. */
const REFILL_MS = 100

/** The traffic of issuers that a function finds. */
export class SharedTraffic {
  #running = 0
  /** What begins those that wait, the first of them first. There are no more than the budget gives in the time one waits. */
  readonly #waiting = new Set<() => void>()
  readonly #forOthers: RefreshBudget
  readonly #forUnknownKeys: RefreshBudget

  /**
   * @param maxIssuers - so many refreshes that nobody can vouch for may be made in a row, for a start with many issuers
   * @param cooldownMs - in which one issuer earns a refresh for an unknown key: together, they earn no more than that
   */
  constructor(now: () => number, maxIssuers: number, cooldownMs: number) {
    const size = Math.max(MAX_RUNNING, maxIssuers)
    this.#forOthers = new RefreshBudget(now, REFILL_MS, size)
    this.#forUnknownKeys = new RefreshBudget(now, cooldownMs / size, size)
  }

  /**
   * The part of one issuer.
   * @param isProven - whether a token of it was verified: those that are cannot be kept waiting by those that are not
   */
  of(isProven: () => boolean): Traffic {
    return {
      begin: () => (isProven() ? AT_ONCE : this.#begin()),
      // one that is not proven pays when it begins, and leaves half of the budget to first loads
      take: () => (isProven() ? this.#forUnknownKeys.take() : this.#forOthers.isHalfFull),
      isTrusted: isProven,
    }
  }

  #begin(): Leave | undefined {
    if (!this.#forOthers.take()) return undefined
    if (this.#running < MAX_RUNNING) {
      this.#running++
      return { end: once(() => this.#end()) }
    }
    let begin = (): void => undefined
    const turn = new Promise<void>((resolve) => {
      begin = resolve
    })
    this.#waiting.add(begin)
    const end = once(() => {
      if (!this.#waiting.delete(begin)) this.#end()
    })
    return { turn, end }
  }

  /** Hands the place over to the next that waits. */
  #end(): void {
    const [next] = this.#waiting
    if (next === undefined) {
      this.#running--
      return
    }
    this.#waiting.delete(next)
    next()
  }
}

/** Whether its turn comes. Nobody waits for that longer than for an answer. */
export async function isTurn(
  turn: Promise<void>,
  cancellation: Cancellation,
  timeoutMs: number,
): Promise<boolean> {
  const stopClock = cancellation.cancelAfter(timeoutMs)
  try {
    await cancellation.race(turn)
    return true
  } catch {
    return false
  } finally {
    stopClock()
  }
}

function once(work: () => void): () => void {
  let isDone = false
  return () => {
    if (!isDone) work()
    isDone = true
  }
}
