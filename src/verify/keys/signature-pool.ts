/**
 * The signatures that are verified in libuv's thread pool. The whole process has one such pool: name look-ups and files wait
 * in the same line, and without a bound they would wait behind every forged token that anybody sends.
 */
import { KeysError } from '../errors.ts'
import { hasLength, isSignedByInPool, type Signed, signatureOf } from './signature.ts'
import type { VerificationKey } from './verification-key.ts'

/** Work is counted in microseconds of one thread. The default pool has four threads: of expensive checks, it gets two. */
const MIN_CHECKS_AT_ONCE = 2
/**
 * Of cheap checks it gets more, so that a thread which is done need not wait for a turn of the event loop. With less, 64
 * tokens of ES256 at once take longer than without a bound; with more, files wait longer.
 */
const MAX_WORK_AT_ONCE = 4_000
/** An eighth of a second on two threads: some 1,700 tokens of ES256, or 78 of ES512. */
const MAX_WORK_WAITING = 250_000
/** To hash and to copy takes four nanoseconds a byte. */
const BYTES_PER_MICROSECOND = 256
const RETRY_AFTER_SECONDS = 1

/** A check whose verdict is not there yet. */
interface Flight {
  readonly key: VerificationKey
  readonly compact: string
  readonly verdict: Promise<boolean>
}

/** The checks of one issuer that wait, the oldest first. */
interface Queue {
  readonly checks: { readonly cost: number; readonly start: () => void }[]
  work: number
}

/** The checks of one verifier in the pool. */
export class SignaturePool {
  /** By the signature. V8 hashes it whatever its length; of strings as long as the longest tokens, it takes the length alone. */
  readonly #flights = new Map<string, Flight>()
  /** By issuer, in the order of their turns. None is empty. */
  readonly #queues = new Map<string, Queue>()
  #running = 0
  #workRunning = 0
  #workWaiting = 0

  /**
   * Whether the signature is this key's. Equal tokens in flight are one check.
   * @param issuer - whose token it is: issuers take turns
   * @throws {@link KeysError} `ERR_JWKS_UNAVAILABLE`, `busy`: too much waits, and this issuer has its share of it
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
      // another text with the same signature may have its place
      if (this.#flights.get(signature)?.compact === token.compact) this.#flights.delete(signature)
    }
  }

  #hasRoomFor(cost: number): boolean {
    return this.#running < MIN_CHECKS_AT_ONCE || this.#workRunning + cost <= MAX_WORK_AT_ONCE
  }

  /**
   * Beyond the bound, an issuer may have its share of it all the same, so that nobody locks another issuer out. What waits
   * of n issuers is never more than 1 + 1/2 + … + 1/n times the bound, and one check for each.
   */
  #mayWait(cost: number, issuer: string): boolean {
    if (this.#workWaiting + cost <= MAX_WORK_WAITING) return true
    const queue = this.#queues.get(issuer)
    return queue === undefined || queue.work < MAX_WORK_WAITING / this.#queues.size
  }

  #wait(cost: number, issuer: string): Promise<void> {
    const queue = this.#queues.get(issuer) ?? { checks: [], work: 0 }
    // an issuer that has its place among the turns keeps it
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

  /** One check of each issuer in turn, while there is room. */
  #startWaiting(): void {
    for (const [issuer, queue] of this.#queues) {
      const [check] = queue.checks
      if (check === undefined || !this.#hasRoomFor(check.cost)) return
      this.#queues.delete(issuer)
      queue.checks.shift()
      queue.work -= check.cost
      this.#workWaiting -= check.cost
      // to the end of the line, where this loop gets to it again
      if (queue.checks.length > 0) this.#queues.set(issuer, queue)
      this.#take(check.cost)
      check.start()
    }
  }
}

/** A new error for each caller, because callers add to it. */
function busy(): KeysError {
  return new KeysError('ERR_JWKS_UNAVAILABLE', {
    reason: 'busy',
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  })
}
