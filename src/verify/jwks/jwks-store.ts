/**
 * Fetches the keys of one issuer: which call starts a refresh, which calls wait for it, and what ends it. At most one is in flight.
 */
import { KeysError, TokenError } from '../errors.ts'
import { Cancellation } from '../http/cancellation.ts'
import type { KeyHeader, KeySet } from '../keys/key-set.ts'
import type { KeyStore } from '../keys/key-store.ts'
import type { VerificationKey } from '../keys/verification-key.ts'
import { ignoreRejection } from '../util/promises.ts'
import type { Backoff } from './backoff.ts'
import { KeptKeys } from './kept-keys.ts'
import { KeyLookUps } from './key-look-ups.ts'
import { loadKeys } from './load-keys.ts'
import type { JwksStoreOptions } from './store-options.ts'
import { awaitTurn, type Permit } from './traffic.ts'
import { isUnknownThere, notInUse } from './twins.ts'

/** A busy process may measure this much more than the time limit of a fetch. */
const SLACK_MS = 1_000

/** A {@link KeyStore} that fetches the keys. */
export class JwksStore implements KeyStore {
  readonly #options: JwksStoreOptions
  readonly #backoff: Backoff
  readonly #lookUps: KeyLookUps
  readonly #kept: KeptKeys
  #refreshing: { readonly done: Promise<void>; readonly cancellation: Cancellation } | undefined
  /** Whether this store waits for its twin. The twin must then not wait for this store. */
  #awaitsTwin = false
  #isRetired = false
  /** The number of refreshes that were sent. */
  #started = 0

  /** @param given - keys from the configuration, which are used until the endpoint has answered */
  constructor(options: JwksStoreOptions, given: KeySet | undefined) {
    this.#options = options
    const { issuer, settings, neighbours } = options
    const { pace, traffic } = neighbours
    this.#backoff = pace.backoff
    this.#kept = new KeptKeys(options, given)
    this.#lookUps = new KeyLookUps(pace.budget, traffic, () =>
      settings.emit({ type: 'jwks.unknown_kid_limited', issuer }),
    )
  }

  get isLoaded(): boolean {
    return this.#kept.isLoaded
  }

  get keySet(): KeySet | undefined {
    return this.#kept.keys
  }

  get jwksUris(): readonly string[] {
    return this.#options.jwksUris
  }

  get isRefreshing(): boolean {
    return this.#refreshing !== undefined
  }

  get(header: KeyHeader, issuer: string): VerificationKey | Promise<VerificationKey> {
    const started = this.#started
    if (this.#kept.isDue) this.#refreshInBackground()
    return this.#find(header, issuer) ?? this.#fetchFor(header, issuer, started)
  }

  async renew(
    header: KeyHeader,
    issuer: string,
    wrong: VerificationKey,
  ): Promise<VerificationKey | undefined> {
    await this.#refreshForKey(this.#started, () => this.#find(header, issuer) === wrong, true)
    const key = this.#find(header, issuer)
    // Stryker disable next-line ConditionalExpression: to verify again under the same key only takes longer
    return key === wrong ? undefined : key
  }

  /** Synchronous lookup. If the last refresh failed, returns stale keys, because a synchronous caller cannot wait for a retry. */
  peek(header: KeyHeader, issuer: string): VerificationKey | undefined {
    const { failure, isUnused } = this.#kept
    const keys = this.#kept.usable(failure !== undefined)
    // after the pause, verify() must fetch again
    if (!keys && isUnused && this.#backoff.remainingMs > 0) throw notInUse()
    return keys?.find(header, issuer)
  }

  async hydrate(): Promise<void> {
    if (!this.#kept.isDue) return
    await this.#refresh()
    if (!this.#kept.usable(true)) throw this.#kept.unavailable()
  }

  async loadForTwin(): Promise<void> {
    if (!this.#awaitsTwin && !this.isLoaded) await this.#refresh()
  }

  async settled(): Promise<boolean> {
    // other callers must not wait for a token of an unused issuer form
    if (!this.#kept.keys && this.#options.neighbours.twins.isLoaded()) return true
    const wasAtRest = this.#refreshing === undefined
    // a call that waited for one refresh may have started another
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
  }

  /** Waits for a refresh, then returns the key. `started`: the number of started refreshes when `get` was called. */
  async #fetchFor(header: KeyHeader, issuer: string, started: number): Promise<VerificationKey> {
    let wasLimited = false
    if (!this.#kept.usable()) await this.#refresh()
    else wasLimited = await this.#refreshForKey(started, () => !this.#find(header, issuer))
    const keys = this.#kept.usable(true)
    const key = keys?.find(header, issuer)
    if (key) return key
    const { failure, isUnused } = this.#kept
    if (isUnused) throw notInUse()
    // while the endpoint is down, an unknown key may be a new one
    if (!keys || failure) throw this.#kept.unavailable()
    const reason = wasLimited ? 'limited' : undefined
    throw new TokenError('ERR_KEY_NOT_FOUND', { claim: 'kid', reason })
  }

  /**
   * Refreshes the keys if the ones in flight do not help. Returns `true` if the budget is empty.
   * @param isQuiet - whether an empty budget is no event
   */
  async #refreshForKey(
    started: number,
    isMissing: () => boolean,
    isQuiet = false,
  ): Promise<boolean> {
    // a refresh in flight may have read an older set: only one that started after this call surely includes a new key
    await this.#refreshing?.done
    const isNeeded = this.#started === started && isMissing()
    if (isNeeded) {
      // Stryker disable next-line BooleanLiteral: the caller gets the failure before a back-off
      if (this.#backoff.remainingMs > 0) return false
      if (!this.#lookUps.take(isQuiet)) return true
      this.#refreshInBackground()
    }
    await this.#refreshing?.done
    // no request was sent: there was no permit, or its turn never came
    return isNeeded && this.#started === started
  }

  #find(header: KeyHeader, issuer: string): VerificationKey | undefined {
    return this.#kept.usable()?.find(header, issuer)
  }

  /** Starts a refresh in the background. Without a waiting caller, an error of the user's clock must not end the process. */
  #refreshInBackground(): void {
    ignoreRejection(this.#refresh())
  }

  /** Starts a refresh or joins the one in flight. Does nothing during backoff. Rejects only if the clock throws. */
  async #refresh(isFirst = true): Promise<void> {
    if (this.#refreshing) return this.#refreshing.done
    if (this.#isRetired || this.#backoff.remainingMs > 0) return
    const permit = this.#options.neighbours.traffic.begin()
    if (permit === undefined) {
      this.#kept.whyNone = 'limited'
      return
    }
    const cancellation = new Cancellation()
    const done = this.#loadInTurn(permit, cancellation, isFirst).finally(() => {
      if (this.#isCurrent(cancellation)) this.#refreshing = undefined
    })
    this.#refreshing = { done, cancellation }
    return done
  }

  async #loadInTurn(permit: Permit, cancellation: Cancellation, isFirst: boolean): Promise<void> {
    const { turn } = permit
    const { timeoutMs } = this.#options.settings.jwks
    // Stryker disable next-line BooleanLiteral: it is read only after it was set
    let wasFrozen = false
    try {
      if (turn && !(await awaitTurn(turn, cancellation, timeoutMs))) return
      wasFrozen = await this.#load(permit, cancellation, isFirst)
    } finally {
      permit.end()
    }
    if (!wasFrozen) return
    this.#refreshing = undefined
    await this.#refresh(false)
  }

  /** Returns whether the process was frozen during the request. The endpoint may then be healthy. */
  async #load(permit: Permit, cancellation: Cancellation, isFirst: boolean): Promise<boolean> {
    const { jwks, get, insecureHosts, now } = this.#options.settings
    // Stryker disable next-line UpdateOperator: only compared for equality
    this.#started++
    const startedAt = now()
    const retry = this.#backoff.failures === 0
    const wanted = { ...jwks, ...this.#options, get, insecureHosts }
    const work = loadKeys(wanted, this.#kept.keys, { cancellation, retry })
    const loaded = await work.catch((error: KeysError) => error)
    // a cancelled request says nothing about the endpoint
    if (!this.#isCurrent(cancellation)) return false
    // the clock may go backwards
    const tookMs = Math.max(0, now() - startedAt)
    const isUsable = 'keys' in loaded && tookMs < jwks.maxStaleMs
    if (isFirst && !isUsable && tookMs > jwks.timeoutMs + SLACK_MS) return true
    if ('keys' in loaded) {
      this.#kept.accept(loaded, startedAt, tookMs)
      return false
    }
    if (!this.#kept.keys && isUnknownThere(loaded)) await this.#awaitTwin(permit, cancellation)
    if (this.#isCurrent(cancellation)) this.#kept.fail(loaded, tookMs)
    // Stryker disable next-line BooleanLiteral: during a back-off, there is no second refresh
    return false
  }

  /** Loads the twin's keys: only they show whether this form is not in use, or its endpoint is down. */
  async #awaitTwin(permit: Permit, cancellation: Cancellation): Promise<void> {
    // the twin may need this place
    permit.end()
    this.#awaitsTwin = true
    await cancellation.race(this.#options.neighbours.twins.load()).catch(() => undefined)
    this.#awaitsTwin = false
  }

  #isCurrent(cancellation: Cancellation): boolean {
    return this.#refreshing?.cancellation === cancellation
  }
}
