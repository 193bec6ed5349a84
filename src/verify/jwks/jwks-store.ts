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
import { ignoreRejection } from '../util/promises.ts'
import type { Backoff } from './backoff.ts'
import { Cancellation } from './cancellation.ts'
import { KeptKeys } from './kept-keys.ts'
import { KeyLookUps } from './key-look-ups.ts'
import { type KeysWanted, type LoadedKeys, loadKeys } from './load-keys.ts'
import type { RefreshBudget } from './refresh-budget.ts'
import { isTurn, type Leave, type Traffic } from './traffic.ts'
import { isUnknownThere, notInUse, pausesOfUnused, type Twins } from './twins.ts'

/** How much longer than its time limit a busy process may make a fetch seem. */
const SLACK_MS = 1_000

/** How often an endpoint may be asked. It outlives the store, so that a store that is made anew goes on with it. */
export interface Pace {
  readonly backoff: Backoff
  readonly budget: RefreshBudget
}

/** What a store has to do with others. */
export interface StoreNeighbours {
  readonly pace: Pace
  readonly traffic: Traffic
  readonly twins: Twins
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
  readonly #lookUps: KeyLookUps
  readonly #kept: KeptKeys
  /** Why the newest refresh failed; `undefined` when it did not. */
  #failure: KeysError | undefined
  #refreshing: { readonly done: Promise<void>; readonly cancellation: Cancellation } | undefined
  /** Whether there have been keys. */
  #wasLoaded = false
  /** Whether this is an issuer form that is not in use: it never had keys, while its twin has. */
  #isUnused = false
  /** Whether it waits for its twin, which then must not wait for it. */
  #awaitsTwin = false
  #isRetired = false
  /** Why there are no keys, if no refresh has failed. */
  #withoutKeys: 'limited' | 'closed' = 'limited'
  /** How many refreshes were sent. */
  #started = 0
  // Stryker disable next-line BooleanLiteral: keys are stale only after a failure, which sets it
  #staleTold = false

  constructor(options: JwksStoreOptions) {
    this.#options = options
    this.#backoff = options.pace.backoff
    const { now, maxStaleMs, pace, traffic, issuer, emit } = options
    this.#kept = new KeptKeys(now, maxStaleMs)
    this.#lookUps = new KeyLookUps(pace.budget, traffic, () =>
      emit({ type: 'jwks.unknown_kid_limited', issuer }),
    )
  }

  get isLoaded(): boolean {
    return this.#kept.isUsable(this.#kept.age)
  }

  get isRefreshing(): boolean {
    return this.#refreshing !== undefined
  }

  get(header: KeyHeader): VerificationKey | Promise<VerificationKey> {
    const started = this.#started
    if (this.#kept.isDue()) this.#refreshBehind()
    return this.#usableKeys()?.find(header) ?? this.#fetchFor(header, started)
  }

  /** What cannot wait for newer keys has waited already, where the newest refresh has failed. */
  peek(header: KeyHeader): VerificationKey | undefined {
    const keys = this.#usableKeys({ waited: this.#failure !== undefined })
    // when the pause is over, verify() has to look again
    const isLeftAlone = this.#isUnused && this.#backoff.remainingMs > 0
    if (keys === undefined && isLeftAlone) throw notInUse(this.#failure)
    return keys?.find(header)
  }

  async hydrate(): Promise<void> {
    if (!this.#kept.isDue()) return
    await this.#refresh()
    if (this.#usableKeys({ waited: true }) === undefined) throw this.#unavailable()
  }

  async loadForTwin(): Promise<void> {
    if (!this.#awaitsTwin && !this.isLoaded) await this.#refresh()
  }

  async settled(): Promise<boolean> {
    // what a token of an unused form is waiting for is nobody else's business
    if (!this.#wasLoaded && this.#options.twins.isLoaded()) return true
    const wasAtRest = this.#refreshing === undefined
    // a call that waited for one refresh may have begun the next
    while (this.#refreshing) await this.#refreshing.done
    return wasAtRest
  }

  close(): void {
    this.#forget()
    this.#backoff.reset()
  }

  stop(): void {
    this.#isRetired = true
  }

  retire(): void {
    this.stop()
    this.#forget()
  }

  #forget(): void {
    const closed = new KeysError('ERR_JWKS_UNAVAILABLE', { reason: 'closed' })
    this.#refreshing?.cancellation.cancel(closed)
    this.#refreshing = undefined
    this.#kept.clear()
    this.#failure = undefined
    this.#wasLoaded = false
    this.#isUnused = false
    this.#withoutKeys = 'closed'
  }

  /** The keys that may be used now: old ones only while newer ones cannot be had, none past `maxStaleMs`. */
  #usableKeys({ waited = false } = {}): KeySet | undefined {
    const { age } = this.#kept
    if (!this.#kept.isUsable(age)) return undefined
    const isWorthWaiting = this.#kept.isWorthWaiting(age) && this.#backoff.remainingMs === 0
    if (isWorthWaiting && !waited) return undefined
    if (this.#failure && this.#kept.isStale(age)) this.#tellStale(age)
    return this.#kept.keys
  }

  /** What `get` does when no answer is at hand. `started`: how many refreshes had begun when it was asked. */
  async #fetchFor(header: KeyHeader, started: number): Promise<VerificationKey> {
    let wasLimited = false
    if (this.#usableKeys() === undefined) await this.#refresh()
    else wasLimited = await this.#refreshForUnknownKey(header, started)
    const keys = this.#usableKeys({ waited: true })
    if (keys === undefined) throw this.#isUnused ? notInUse(this.#failure) : this.#unavailable()
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
      if (!this.#lookUps.take()) return true
      this.#refreshBehind()
      await this.#refreshing?.done
      // there was no leave for it, or its turn never came
      return this.#started === started
    }
    await this.#refreshing?.done
    return false
  }

  /** A refresh that nobody need wait for. Who does is told what is wrong; else a clock that throws would end the process. */
  #refreshBehind(): void {
    ignoreRejection(this.#refresh())
  }

  /** Starts a refresh, or joins the one that is under way; does nothing during back-off. Rejects only where the clock throws. */
  async #refresh(isFirst = true): Promise<void> {
    if (this.#refreshing) return this.#refreshing.done
    if (this.#isRetired || this.#backoff.remainingMs > 0) return
    const leave = this.#options.traffic.begin()
    if (leave === undefined) {
      this.#withoutKeys = 'limited'
      return
    }
    const cancellation = new Cancellation()
    const done = this.#loadInTurn(leave, cancellation, isFirst).finally(() => {
      if (this.#isCurrent(cancellation)) this.#refreshing = undefined
    })
    this.#refreshing = { done, cancellation }
    return done
  }

  async #loadInTurn(leave: Leave, cancellation: Cancellation, isFirst: boolean): Promise<void> {
    const { turn } = leave
    let wasFrozen = false
    try {
      if (turn && !(await isTurn(turn, cancellation, this.#options.timeoutMs))) {
        if (this.#isCurrent(cancellation)) this.#withoutKeys = 'limited'
        return
      }
      wasFrozen = await this.#load(leave, cancellation, isFirst)
    } finally {
      leave.end()
    }
    if (!wasFrozen) return
    this.#refreshing = undefined
    await this.#refresh(false)
  }

  /** Answers whether the process was frozen meanwhile: then the endpoint may be well. */
  async #load(leave: Leave, cancellation: Cancellation, isFirst: boolean): Promise<boolean> {
    const { now, timeoutMs, maxStaleMs } = this.#options
    // Stryker disable next-line UpdateOperator: it is compared for equality alone
    this.#started++
    const startedAt = now()
    const retry = this.#backoff.failures === 0
    const work = loadKeys(this.#options, this.#kept.keys, { cancellation, retry })
    const loaded = await work.catch((error: KeysError) => error)
    // what was given up says nothing about the endpoint
    if (!this.#isCurrent(cancellation)) return false
    const tookMs = now() - startedAt
    const isOfUse = 'keys' in loaded && tookMs < maxStaleMs
    if (isFirst && !isOfUse && tookMs > timeoutMs + SLACK_MS) return true
    if ('keys' in loaded) this.#accept(loaded, startedAt)
    else await this.#fail(loaded, leave, cancellation)
    return false
  }

  /** Whether this form is not in use, or does not answer, can be told only when it is known whether its twin does. */
  async #awaitTwin(cancellation: Cancellation): Promise<void> {
    this.#awaitsTwin = true
    await cancellation.race(this.#options.twins.load()).catch(() => undefined)
    this.#awaitsTwin = false
  }

  #isCurrent(cancellation: Cancellation): boolean {
    return this.#refreshing?.cancellation === cancellation
  }

  #accept({ keys, unusable, lifetimeMs }: LoadedKeys, startedAt: number): void {
    const { issuer, emit } = this.#options
    this.#kept.set(keys, startedAt, lifetimeMs)
    this.#failure = undefined
    this.#wasLoaded = true
    this.#isUnused = false
    this.#backoff.reset()
    emit({ type: 'jwks.fetched', issuer, keys: keys.usable, unusable, lifetimeMs })
  }

  async #fail(error: KeysError, leave: Leave, cancellation: Cancellation): Promise<void> {
    if (!this.#wasLoaded && isUnknownThere(error)) {
      // the twin may need the place
      leave.end()
      await this.#awaitTwin(cancellation)
    }
    if (!this.#isCurrent(cancellation)) return
    const { issuer, emit, twins } = this.#options
    this.#failure = error
    this.#isUnused = !this.#wasLoaded && twins.isLoaded()
    this.#backoff.fail(this.#isUnused ? pausesOfUnused(error) : undefined)
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
}
