/**
 * Limits the signature checks in libuv's thread pool. The process has one such pool, which DNS lookups and file access share.
 * Without a limit, they would wait behind every forged token.
 */
import { KeysError } from '../errors.ts'
import { hasLength, isSignedByInPool, type Signed, signatureOf } from './signature.ts'
import type { VerificationKey } from './verification-key.ts'

/** Of the four threads of the default pool, expensive checks use at most two. */
const MIN_CHECKS_AT_ONCE = 2
/**
 * In microseconds of one thread. More cheap checks run at once, so that an idle thread does not wait for the event loop. With
 * less, 64 ES256 tokens at once take longer than without a limit; with more, file access waits longer.
 */
const MAX_WORK_AT_ONCE = 4_000
/** In microseconds: an eighth of a second on two threads, or about 1,700 ES256 tokens, or 78 ES512 tokens. */
const MAX_WORK_WAITING = 250_000
/** Hashing and copying take four nanoseconds per byte. */
const BYTES_PER_MICROSECOND = 256
const RETRY_AFTER_SECONDS = 1

/** A check in flight. */
interface Flight {
  readonly key: VerificationKey
  readonly compact: string
  readonly verdict: Promise<boolean>
}

/** The waiting checks of one issuer, oldest first. */
interface Queue {
  readonly checks: { readonly cost: number; readonly start: () => void }[]
  work: number
}

/** The pooled checks of one verifier. */
export class SignaturePool {
  /** Keyed by signature, which V8 hashes completely. Of strings as long as the longest tokens, it hashes only the length. */
  readonly #flights = new Map<string, Flight>()
  /** Keyed by issuer, in the order of their turns. No queue is empty. */
  readonly #queues = new Map<string, Queue>()
  #running = 0
  #workRunning = 0
  #workWaiting = 0

  /**
   * Whether the signature is valid for this key. Equal tokens in flight share one check.
   * @param issuer - the token's issuer; issuers take turns
   * @throws {@link KeysError} `ERR_JWKS_UNAVAILABLE` (`busy`) if the queue is full and this issuer has used its share
   */
  isSignedBy(key: VerificationKey, token: Signed, issuer: string): Promise<boolean> {
    if (!hasLength(key, token)) return Promise.resolve(false)
    const { compact } = token
    const signature = signatureOf(token)
    const same = this.#flights.get(signature)
    if (same?.key === key && same.compact === compact) return same.verdict
    const cost = key.cost + compact.length / BYTES_PER_MICROSECOND
    const mustWait = this.#queues.size > 0 || !this.#hasRoomFor(cost)
    if (mustWait && !this.#mayWait(cost, issuer)) throw busy()
    const verdict = this.#check(key, token, cost, mustWait ? this.#wait(cost, issuer) : undefined)
    this.#flights.set(signature, { key, compact, verdict })
    return verdict
  }

  async #check(
    key: VerificationKey,
    token: Signed,
    cost: number,
    turn: Promise<void> | undefined,
  ): Promise<boolean> {
    if (turn) await turn
    else this.#take(cost)
    try {
      return await isSignedByInPool(key, token)
    } finally {
      this.#giveBack(cost)
      const signature = signatureOf(token)
      // another token with the same signature may have replaced the entry
      if (this.#flights.get(signature)?.compact === token.compact) this.#flights.delete(signature)
    }
  }

  #hasRoomFor(cost: number): boolean {
    return this.#running < MIN_CHECKS_AT_ONCE || this.#workRunning + cost <= MAX_WORK_AT_ONCE
  }

  /**
   * If the queue is full, an issuer still gets its share, so that no issuer can lock out another. The waiting work of n issuers
   * is at most 1 + 1/2 + … + 1/n times the limit, plus one check each.
   */
  #mayWait(cost: number, issuer: string): boolean {
    if (this.#workWaiting + cost <= MAX_WORK_WAITING) return true
    const queue = this.#queues.get(issuer)
    return queue === undefined || queue.work < MAX_WORK_WAITING / this.#queues.size
  }

  #wait(cost: number, issuer: string): Promise<void> {
    const queue = this.#queues.get(issuer) ?? { checks: [], work: 0 }
    // an issuer that is already in the map keeps its turn
    this.#queues.set(issuer, queue)
    queue.work += cost
    this.#workWaiting += cost
    return new Promise((start) => {
      queue.checks.push({ cost, start })
    })
  }

  #take(cost: number): void {
    this.#running++
    this.#workRunning += cost
  }

  #giveBack(cost: number): void {
    this.#running--
    this.#workRunning -= cost
    this.#startWaiting()
  }

  /** Starts one check of each issuer in turn, while there is room. */
  #startWaiting(): void {
    for (const [issuer, queue] of this.#queues) {
      const [check] = queue.checks
      if (check === undefined || !this.#hasRoomFor(check.cost)) return
      this.#queues.delete(issuer)
      queue.checks.shift()
      queue.work -= check.cost
      this.#workWaiting -= check.cost
      // moves to the end of the map, where this loop reaches it again
      if (queue.checks.length > 0) this.#queues.set(issuer, queue)
      this.#take(check.cost)
      check.start()
    }
  }
}

/** Creates a new error for each caller, because callers may modify it. */
function busy(): KeysError {
  return new KeysError('ERR_JWKS_UNAVAILABLE', {
    reason: 'busy',
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  })
}
