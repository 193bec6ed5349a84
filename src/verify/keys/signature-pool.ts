/**
 * Verifies signatures in libuv's thread pool. The process has one such pool, which DNS lookups and file access share. Without a limit,
 * they would wait behind every forged token.
 */
import { KeysError } from '../errors.ts'
import { CallingThread, isCheap } from './calling-thread.ts'
import { hasLength, isSignedBy, isSignedByInPool, type Signed, signatureOf } from './signature.ts'
import type { VerificationKey } from './verification-key.ts'
import { WaitingChecks } from './waiting-checks.ts'

/** Hashing and copying take four nanoseconds per byte. */
const BYTES_PER_MICROSECOND = 256
/**
 * In microseconds of one thread, for each thread of the pool: how long cheap checks may hold up others. With the usual four threads,
 * this is room for 64 ES256 tokens. With room for 14, they take a third longer, because threads and event loop wait for each other.
 */
const MAX_CHEAP_WORK_PER_THREAD = 2_500
const RETRY_AFTER_SECONDS = 1

interface Caller {
  readonly resolve: (isSigned: boolean) => void
  readonly reject: (error: unknown) => void
}

/** A check that waits or runs. */
interface Check {
  readonly key: VerificationKey
  readonly token: Signed
  readonly signature: string
  readonly issuer: string
  /** In microseconds. */
  readonly cost: number
  /** See {@link WaitingChecks}. */
  readonly weight: number
  readonly callers: Caller[]
}

/** The pooled checks of one verifier. */
export class SignaturePool {
  /** Keyed by signature, which V8 hashes completely. Of strings as long as the longest tokens, it hashes only the length. */
  readonly #checks = new Map<string, Check>()
  readonly #waiting = new WaitingChecks<Check>()
  readonly #callingThread = new CallingThread()
  readonly #maxRunning: number
  readonly #maxCheapWork: number
  #running = 0
  #workRunning = 0

  /** @param threads - the size of libuv's thread pool */
  constructor(threads: number) {
    this.#maxRunning = Math.max(1, threads - 1)
    this.#maxCheapWork = MAX_CHEAP_WORK_PER_THREAD * threads
  }

  /**
   * Whether the signature is valid for this key. A check runs at once, on the calling thread, if its key is not for the pool, or if it
   * is cheap and nothing else is in flight.
   * @param issuer - the token's issuer; issuers take turns
   * @throws {@link KeysError} see {@link isSignedInPool}
   */
  isSignedBy(key: VerificationKey, token: Signed, issuer: string): boolean | Promise<boolean> {
    const isAtOnce =
      !key.inPool || (this.#running === 0 && this.#callingThread.take(costOf(key, token)))
    return isAtOnce ? isSignedBy(key, token) : this.isSignedInPool(key, token, issuer)
  }

  /**
   * The same in the thread pool, for callers that have other work meanwhile. Equal tokens in flight share one check.
   * @throws {@link KeysError} `ERR_JWKS_UNAVAILABLE` (`busy`) if too much work waits, and newer checks displace this one
   */
  isSignedInPool(key: VerificationKey, token: Signed, issuer: string): Promise<boolean> {
    if (!hasLength(key, token)) return Promise.resolve(false)
    const signature = signatureOf(token)
    const same = this.#checks.get(signature)
    const isSame = same?.key === key && same.token.compact === token.compact
    const check = isSame ? same : this.#add(toCheck(key, token, signature, issuer))
    // a token that is sent again must not wait where its first call does
    // Stryker disable next-line ConditionalExpression: a new check is the newest
    if (isSame) this.#waiting.renew(check)
    return new Promise((resolve, reject) => {
      check.callers.push({ resolve, reject })
    })
  }

  #add(check: Check): Check {
    this.#checks.set(check.signature, check)
    const lost = this.#waiting.add(check)
    this.#startWaiting()
    // Stryker disable next-line ConditionalExpression,EqualityOperator: to reject none only takes time
    if (lost.length > 0) this.#reject(lost)
    return check
  }

  /** In the next turn of the event loop: if callers try again at once, again and again, it would never turn. */
  #reject(lost: readonly Check[]): void {
    for (const check of lost) this.#forget(check)
    setImmediate(() => {
      for (const { callers } of lost) for (const { reject } of callers) reject(busy())
    })
  }

  #startWaiting(): void {
    for (;;) {
      const check = this.#waiting.takeNext(this.#hasRoomFor)
      if (check === undefined) return
      this.#start(check)
    }
  }

  /** An expensive check must leave a thread to others. Cheap ones alone need not, as long as others wait for a moment only. */
  readonly #hasRoomFor = ({ cost }: Check): boolean =>
    this.#running < this.#maxRunning ||
    // Stryker disable next-line EqualityOperator: exactly at the limit, both are right
    (isCheap(cost) && this.#workRunning + cost <= this.#maxCheapWork)

  #start(check: Check): void {
    this.#running++
    this.#workRunning += check.cost
    isSignedByInPool(check.key, check.token).then(
      (isSigned) => this.#finish(check, ({ resolve }) => resolve(isSigned)),
      // Stryker disable next-line ArrowFunction: no imported key causes an error
      (error) => this.#finish(check, ({ reject }) => reject(error)),
    )
  }

  /** Starts the next check before the callers continue, so that no thread waits for them. */
  #finish(check: Check, settle: (caller: Caller) => void): void {
    this.#running--
    this.#workRunning -= check.cost
    this.#startWaiting()
    this.#forget(check)
    check.callers.forEach(settle)
  }

  #forget(check: Check): void {
    // another token with the same signature may have replaced the entry
    if (this.#checks.get(check.signature) === check) this.#checks.delete(check.signature)
  }
}

function toCheck(key: VerificationKey, token: Signed, signature: string, issuer: string): Check {
  const cost = costOf(key, token)
  const weight = cost + token.compact.length
  return { key, token, signature, issuer, cost, weight, callers: [] }
}

function costOf(key: VerificationKey, token: Signed): number {
  return key.cost + token.compact.length / BYTES_PER_MICROSECOND
}

/** Creates a new error for each caller, because callers may modify it. */
function busy(): KeysError {
  return new KeysError('ERR_JWKS_UNAVAILABLE', {
    reason: 'busy',
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  })
}
