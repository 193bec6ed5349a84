/**
 * Limits the key requests of all issuers of a verifier together. The number of listed issuers is known. Issuers that a function
 * finds can be as many as an attacker makes up, so they share a limit.
 *
 * An issuer is *proven* if at least one of its tokens was verified.
 */
import type { Cancellation } from '../http/cancellation.ts'
import { RefreshBudget } from './refresh-budget.ts'

/** Permission for one refresh. */
export interface Permit {
  /** Resolves when it is the turn of this refresh; `undefined` if it may start immediately. */
  readonly turn?: Promise<void>
  /** Must be called, even if the turn never came. Only the first call counts. */
  readonly end: () => void
}

/** The shared limits that a key store observes. */
export interface Traffic {
  /** Requests a refresh of the keys; `undefined` if none is allowed now. */
  begin(): Permit | undefined
  /** Takes one refresh for an unknown key from the shared budget. Returns whether it is allowed. */
  take(): boolean
  /** Whether this issuer may refresh without a share of the common budget, once in a refill period. */
  readonly isTrusted: () => boolean
}

const IMMEDIATE: Permit = { end: () => undefined }

/** For listed issuers, each of which has its own limits. */
export const UNSHARED: Traffic = {
  begin: () => IMMEDIATE,
  take: () => true,
  // Stryker disable next-line BooleanLiteral: nobody asks, because there always is a share
  isTrusted: () => true,
}

/** The maximum number of concurrent refreshes of unproven issuers. Each proven issuer runs at most one, and there are few. */
const MAX_RUNNING = 100
/** The time until one more refresh of an unproven issuer is allowed. */
const REFILL_MS = 100

/** The limits for issuers that a function finds. */
export class SharedTraffic {
  #running = 0
  /** The functions that start waiting refreshes, oldest first. The budget limits their number. */
  readonly #waiting = new Set<() => void>()
  readonly #forUnproven: RefreshBudget
  readonly #forUnknownKeys: RefreshBudget

  /**
   * @param maxIssuers - the number of refreshes of unproven issuers in a row, for a start with many issuers
   * @param cooldownMs - the refill period of one issuer's budget for unknown keys. In this period, the shared budget refills once
   */
  constructor(now: () => number, maxIssuers: number, cooldownMs: number) {
    const size = Math.max(MAX_RUNNING, maxIssuers)
    this.#forUnproven = new RefreshBudget(now, REFILL_MS, size)
    this.#forUnknownKeys = new RefreshBudget(now, cooldownMs / size, size)
  }

  /**
   * The limits of one issuer.
   * @param isProven - whether a token of this issuer was verified. Proven issuers never wait for unproven ones
   */
  of(isProven: () => boolean): Traffic {
    return {
      begin: () => (isProven() ? IMMEDIATE : this.#begin()),
      // an unproven issuer pays in begin(), and leaves half of the budget to first loads
      take: () => (isProven() ? this.#forUnknownKeys.take() : this.#forUnproven.isHalfFull),
      isTrusted: isProven,
    }
  }

  #begin(): Permit | undefined {
    if (!this.#forUnproven.take()) return undefined
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

  /** Passes the slot to the next waiting refresh. */
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

/** Waits for a turn, at most as long as for a response. Returns whether the turn came. */
export async function awaitTurn(
  turn: Promise<void>,
  cancellation: Cancellation,
  timeoutMs: number,
): Promise<boolean> {
  const stopClock = cancellation.cancelAfter(timeoutMs)
  try {
    await cancellation.race(turn)
    return true
  } catch {
    // it took too long, or is not needed any more
  } finally {
    stopClock()
  }
  return false
}

function once(work: () => void): () => void {
  let isDone = false
  return () => {
    if (!isDone) work()
    isDone = true
  }
}
