/**
 * The keys of one issuer over time: when they are fetched, how long they are used, and what an outage does to them.
 * All times come from one clock and are compared when a token is seen. There are no timers, so a process that was
 * frozen for an hour finds its keys an hour older.
 */

import { KeysError, TokenError } from '../errors.ts'
import type { VerifierEvent } from '../events.ts'
import type { KeySet } from '../keys/key-set.ts'
import type { KeyHeader, KeyStore } from '../keys/key-store.ts'
import type { VerificationKey } from '../keys/verification-key.ts'
import { disown } from '../util/promises.ts'
import type { Backoff, Pauses } from './backoff.ts'
import { Cancellation } from './cancellation.ts'
import { type KeysWanted, type LoadedKeys, loadKeys } from './load-keys.ts'
import type { RefreshBudget } from './refresh-budget.ts'
import type { Traffic } from './traffic.ts'

/** From this part of their lifetime on, keys are refreshed in the background. */
const REFRESH_FROM = 0.8
/** Up to this multiple of their lifetime, no call waits for the refresh. */
const WAIT_FROM = 2
/** How much longer than its time limit a busy process may make a fetch seem. */
const SLACK_MS = 1_000

/** For an issuer form that is not in use: whoever names it in a token must not make us ask every second. */
const UNUSED_PAUSES: Pauses = { firstMs: 60_000, maxMs: 120_000 }

/** How often an endpoint may be asked. It outlives the store, so that a store that is made anew goes on with it. */
export interface Pace {
  readonly backoff: Backoff
  readonly budget: RefreshBudget
}

/** What a store has to do with others. */
export interface StoreNeighbours {
  readonly pace: Pace
  readonly traffic: Traffic
  /** Whether the keys of another form of the same issuer are there (a Cognito user pool has two forms). */
  readonly isTwinLoaded: () => boolean
}

/** What a store needs. */
export interface JwksStoreOptions extends KeysWanted, StoreNeighbours {
  readonly maxStaleMs: number
  readonly now: () => number
  readonly emit: (event: VerifierEvent) => void
}

/** Keys that are fetched. */
export class JwksStore implements KeyStore {
  readonly #options: JwksStoreOptions
  readonly #backoff: Backoff
  readonly #budget: RefreshBudget
  #keys: KeySet | undefined
  #fetchedAt = 0
  #lifetimeMs = 0
  /** Why the newest refresh failed; `undefined` when it did not. */
  #failure: KeysError | undefined
  #refreshing: { readonly done: Promise<void>; readonly cancellation: Cancellation } | undefined
  /** Whether there have been keys. */
  #wasLoaded = false
  /** Whether this is an issuer form that is not in use: it never had keys, while its twin has. */
  #isUnused = false
  #isRetired = false
  /** Why there are no keys, if no refresh has failed. */
  #withoutKeys: 'limited' | 'closed' = 'limited'
  /** How many refreshes were started. */
  #started = 0
  // Stryker disable next-line BooleanLiteral: keys are stale only after a failure, which sets it
  #staleTold = false
  // Stryker disable next-line BooleanLiteral: a budget is spent only after refreshes, which set it
  #limitTold = false

  constructor(options: JwksStoreOptions) {
    this.#options = options
    this.#backoff = options.pace.backoff
    this.#budget = options.pace.budget
  }

  get isLoaded(): boolean {
    return this.#keys !== undefined
  }

  get(header: KeyHeader): VerificationKey | Promise<VerificationKey> {
    const started = this.#started
    if (this.#isDue()) this.#refreshBehind()
    return this.#usableKeys()?.find(header) ?? this.#fetchFor(header, started)
  }

  /** What cannot wait for newer keys has waited already, where the newest refresh has failed. */
  peek(header: KeyHeader): VerificationKey | undefined {
    const keys = this.#usableKeys({ waited: this.#failure !== undefined })
    // when the pause is over, verify() has to look again
    if (keys === undefined && this.#isUnused && this.#backoff.remainingMs > 0) throw notInUse()
    return keys?.find(header)
  }

  async hydrate(): Promise<void> {
    if (!this.#isDue()) return
    await this.#refresh()
    if (this.#usableKeys({ waited: true }) === undefined) throw this.#unavailable()
  }

  async settled(): Promise<boolean> {
    // what a token of an unused form is waiting for is nobody else's business
    if (!this.#wasLoaded && this.#options.isTwinLoaded()) return true
    const wasAtRest = this.#refreshing === undefined
    // a call that waited for one refresh may have begun the next
    while (this.#refreshing) await this.#refreshing.done
    return wasAtRest
  }

  close(): void {
    this.#forget()
    this.#backoff.reset()
  }

  retire(): void {
    this.#isRetired = true
    this.#forget()
  }

  #forget(): void {
    const closed = new KeysError('ERR_JWKS_UNAVAILABLE', { reason: 'closed' })
    this.#refreshing?.cancellation.cancel(closed)
    this.#refreshing = undefined
    this.#keys = undefined
    this.#failure = undefined
    this.#wasLoaded = false
    this.#isUnused = false
    this.#withoutKeys = 'closed'
  }

  /** How old the keys are. A clock that went backwards makes them new, once: their age counts from there. */
  #age(): number {
    if (this.#keys === undefined) return Number.POSITIVE_INFINITY
    const now = this.#options.now()
    // Stryker disable next-line EqualityOperator: it would be set to what it is
    if (now < this.#fetchedAt) this.#fetchedAt = now
    return now - this.#fetchedAt
  }

  #isDue(): boolean {
    const { maxStaleMs } = this.#options
    return !(this.#age() < Math.min(REFRESH_FROM * this.#lifetimeMs, maxStaleMs))
  }

  /** The keys that may be used now: old ones only while newer ones cannot be had, none past `maxStaleMs`. */
  #usableKeys({ waited = false } = {}): KeySet | undefined {
    const age = this.#age()
    if (!(age < this.#options.maxStaleMs)) return undefined
    const isWorthWaiting = !(age < WAIT_FROM * this.#lifetimeMs) && this.#backoff.remainingMs === 0
    if (isWorthWaiting && !waited) return undefined
    if (this.#failure && age >= this.#lifetimeMs) this.#tellStale(age)
    return this.#keys
  }

  /** What `get` does when no answer is at hand. `started`: how many refreshes had begun when it was asked. */
  async #fetchFor(header: KeyHeader, started: number): Promise<VerificationKey> {
    let wasLimited = false
    if (this.#usableKeys() === undefined) await this.#refresh()
    else wasLimited = await this.#refreshForUnknownKey(header, started)
    const keys = this.#usableKeys({ waited: true })
    if (keys === undefined) throw this.#isUnused ? notInUse() : this.#unavailable()
    const key = keys.find(header)
    if (key) return key
    // with an endpoint that is down no one can tell whether the key is unknown or only new
    if (this.#failure) throw this.#unavailable()
    const reason = wasLimited ? 'limited' : undefined
    throw new TokenError('ERR_KEY_NOT_FOUND', { claim: 'kid', reason })
  }

  /** Returns whether the key was not looked for, because no refresh was left for that. */
  async #refreshForUnknownKey(header: KeyHeader, started: number): Promise<boolean> {
    // a refresh that is under way may be older than the key: only one that began after this call is sure to be newer
    await this.#refreshing?.done
    if (this.#started === started && this.#usableKeys()?.find(header) === undefined) {
      if (this.#backoff.remainingMs > 0) return false
      if (!this.#budget.take() || !this.#options.traffic.take()) return this.#tellLimited()
      this.#limitTold = false
      this.#refreshBehind()
      if (this.#refreshing === undefined) return true
    }
    await this.#refreshing?.done
    return false
  }

  /** A refresh that nobody need wait for. Who does is told what is wrong; else a clock that throws would end the process. */
  #refreshBehind(): void {
    disown(this.#refresh())
  }

  /** Starts a refresh, or joins the one that is under way; does nothing during back-off. Rejects only where the clock throws. */
  async #refresh(isFirst = true): Promise<void> {
    if (this.#refreshing) return this.#refreshing.done
    if (this.#isRetired || this.#backoff.remainingMs > 0) return
    const end = this.#options.traffic.begin()
    if (end === undefined) {
      this.#withoutKeys = 'limited'
      return
    }
    // Stryker disable next-line UpdateOperator: it is compared for equality alone
    this.#started++
    const cancellation = new Cancellation()
    const done = this.#load(cancellation, isFirst).finally(() => {
      end()
      if (this.#isCurrent(cancellation)) this.#refreshing = undefined
    })
    this.#refreshing = { done, cancellation }
    return done
  }

  async #load(cancellation: Cancellation, isFirst: boolean): Promise<void> {
    const { now, timeoutMs, maxStaleMs } = this.#options
    const startedAt = now()
    const retry = this.#backoff.failures === 0
    const work = loadKeys(this.#options, this.#keys, { cancellation, retry })
    const loaded = await work.catch((error: KeysError) => error)
    // what was given up says nothing about the endpoint
    if (!this.#isCurrent(cancellation)) return
    const tookMs = now() - startedAt
    const isOfUse = 'keys' in loaded && tookMs < maxStaleMs
    // the process was frozen meanwhile, and the endpoint may be well
    if (isFirst && !isOfUse && tookMs > timeoutMs + SLACK_MS) {
      this.#refreshing = undefined
      return this.#refresh(false)
    }
    if ('keys' in loaded) this.#accept(loaded, startedAt)
    else this.#fail(loaded)
  }

  #isCurrent(cancellation: Cancellation): boolean {
    return this.#refreshing?.cancellation === cancellation
  }

  #accept({ keys, unusable, lifetimeMs }: LoadedKeys, startedAt: number): void {
    const { issuer, emit } = this.#options
    this.#keys = keys
    this.#fetchedAt = startedAt
    this.#lifetimeMs = lifetimeMs
    this.#failure = undefined
    this.#wasLoaded = true
    this.#isUnused = false
    this.#backoff.reset()
    emit({ type: 'jwks.fetched', issuer, keys: keys.usable, unusable, lifetimeMs })
  }

  #fail(error: KeysError): void {
    const { issuer, emit, isTwinLoaded } = this.#options
    this.#failure = error
    this.#isUnused = !this.#wasLoaded && isTwinLoaded()
    this.#backoff.fail(this.#isUnused ? UNUSED_PAUSES : undefined)
    this.#staleTold = false
    const retryInMs = this.#backoff.remainingMs
    const type = this.#isUnused ? 'jwks.not_in_use' : 'jwks.failed'
    emit({ type, issuer, error, retryInMs })
  }

  /** A new error for each caller, because callers add to it. */
  #unavailable(): KeysError {
    const { retryAfterSeconds } = this.#backoff
    if (this.#failure === undefined) {
      return new KeysError('ERR_JWKS_UNAVAILABLE', { reason: this.#withoutKeys, retryAfterSeconds })
    }
    const { code, reason, cause } = this.#failure
    return new KeysError(code, { reason, cause, retryAfterSeconds })
  }

  #tellStale(ageMs: number): void {
    if (this.#staleTold) return
    this.#staleTold = true
    this.#options.emit({ type: 'jwks.stale_served', issuer: this.#options.issuer, ageMs })
  }

  #tellLimited(): true {
    if (!this.#limitTold) {
      this.#limitTold = true
      this.#options.emit({ type: 'jwks.unknown_kid_limited', issuer: this.#options.issuer })
    }
    return true
  }
}

function notInUse(): TokenError {
  return new TokenError('ERR_CLAIM_ISSUER', { claim: 'iss', reason: 'not_in_use' })
}
