/**
 * What bounds the requests of all issuers of a verifier together. Listed issuers are as many as the developer wrote down.
 * Issuers that a function finds can be as many as an attacker makes up, so they share what may leave the process.
 */
import { RefreshBudget } from './refresh-budget.ts'

/** What a store of keys asks before it sends anything. */
export interface Traffic {
  /** Begins a refresh, and returns what ends it; `undefined` if none may begin now. */
  begin(): (() => void) | undefined
  /** Whether one more refresh for an unknown key may be made, of those that all issuers share. */
  take(): boolean
}

/** For listed issuers, each of which has bounds of its own. */
export const UNSHARED: Traffic = { begin: () => () => undefined, take: () => true }

/** How many refreshes run at once: of issuers of which a token was verified, and as many of all others. */
const MAX_RUNNING = 100
/** How long it takes to earn one more refresh for an issuer of which no token was verified. */
const REFILL_MS = 100

/** The traffic of issuers that a function finds. */
export class SharedTraffic {
  readonly #running = { proven: 0, others: 0 }
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
      begin: () => this.#begin(isProven() ? 'proven' : 'others'),
      // what is not proven pays when it begins
      take: () => !isProven() || this.#forUnknownKeys.take(),
    }
  }

  #begin(lane: 'proven' | 'others'): (() => void) | undefined {
    if (this.#running[lane] >= MAX_RUNNING) return undefined
    if (lane === 'others' && !this.#forOthers.take()) return undefined
    this.#running[lane]++
    return () => {
      this.#running[lane]--
    }
  }
}
