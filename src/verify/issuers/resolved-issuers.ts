/**
 * Trusted issuers that the user's function finds, such as tenants in a database. Its results are cached: trusted issuers by their
 * identifier, others by a digest, because anybody can make up identifiers.
 */
import { ALGORITHMS, isAvailable } from '../algorithms.ts'
import { type ErrorDetails, isJwtGateError, KeysError } from '../errors.ts'
import { Cancellation } from '../http/cancellation.ts'
import { isCanonicalIssuer } from '../http/issuer-url.ts'
import { SharedTraffic } from '../jwks/traffic.ts'
import { NO_TWINS, type Twins } from '../jwks/twins.ts'
import { settleAll } from '../keys/key-store.ts'
import { assertHeader } from '../token/header.ts'
import type { ResolvedIssuer, TrustedResolver } from '../types.ts'
import { createBoundedMap } from '../util/bounded-map.ts'
import { isPromise } from '../util/promises.ts'
import type { VerifierSettings } from '../verifier-options.ts'
import { IssuerEvents } from './issuer-events.ts'
import { hasPlaceholder } from './issuer-name.ts'
import { digestIssuer, IssuerPaces } from './issuer-paces.ts'
import type { Issuers, UnverifiedParts } from './issuers.ts'
import { type KeyPlace, KeyPlaces } from './key-places.ts'
import { KnownIssuers } from './known-issuers.ts'
import {
  chooseProfile,
  createKeyStore,
  createProfiles,
  type Profile,
  type Profiles,
  toPlace,
} from './profile.ts'
import { isSameAnswer, readAnswer } from './resolver-answer.ts'
import { SharedConditions } from './shared-conditions.ts'

/** Longer than any real issuer URL. */
const MAX_ISSUER_LENGTH = 2_048
/** The time that a trusted issuer is cached. */
const KNOWN_MS = 60_000
/** The time until the next call for an unknown issuer, or for one whose last result is still used after a failed call. */
const RETRY_MS = 10_000

/** The validity of a cached result: from `since`, and before `until`. */
interface Period {
  readonly since: number
  readonly until: number
}

/** What a result of the function consists of. */
interface Accepted {
  readonly profiles: Profiles
  readonly place: KeyPlace
}

interface Known extends Accepted, Period {
  readonly resolvedAt: number
}

type Found = Profiles | undefined

export class ResolvedIssuers implements Issuers {
  readonly anyHeader = { algorithms: new Set(ALGORITHMS.filter(isAvailable)), tokenType: null }
  readonly #resolver: TrustedResolver
  readonly #settings: VerifierSettings
  readonly #known: KnownIssuers<Known>
  readonly #places = new KeyPlaces()
  readonly #shared = new SharedConditions()
  readonly #unknown
  readonly #paces: IssuerPaces
  readonly #traffic: SharedTraffic
  /** Calls of the function in flight, by issuer. */
  readonly #pending = new Map<string, Promise<Found>>()
  /** How many of these are for unproven issuers, of which no token was verified. */
  #pendingUnproven = 0
  readonly #events: IssuerEvents

  constructor(resolver: TrustedResolver, settings: VerifierSettings) {
    const { maxIssuers, now, jwks } = settings
    this.#resolver = resolver
    this.#settings = settings
    this.#known = new KnownIssuers(maxIssuers, ({ place }) => this.#places.release(place))
    this.#unknown = createBoundedMap<Period>(maxIssuers)
    this.#paces = new IssuerPaces(now, jwks.cooldownMs, maxIssuers)
    this.#traffic = new SharedTraffic(now, maxIssuers, jwks.cooldownMs)
    this.#events = new IssuerEvents(settings)
  }

  find({ header, payload }: UnverifiedParts): Profile | undefined | Promise<Profile | undefined> {
    const { iss } = payload
    if (typeof iss !== 'string' || iss.length > MAX_ISSUER_LENGTH) return undefined
    const choose = (found: Found): Profile | undefined => found && chooseProfile(found, payload)
    const known = this.#known.get(iss)
    if (known && this.#isFresh(known)) return choose(known.profiles)
    // the function may match `iss` with a pattern, so `iss` must be exactly the URL that keys would be fetched from
    // with a placeholder, what the function returns would seem to be a mistake of the developer, which anybody could cause
    if (!isCanonicalIssuer(iss) || hasPlaceholder(iss) || this.#isUnknown(iss)) return undefined
    // no call for a token whose header no issuer could accept
    assertHeader(header, this.anyHeader)
    const found = this.#resolve(iss)
    return isPromise(found) ? found.then(choose) : choose(found)
  }

  /** What the function accepts is not known. */
  whyUntrusted(iss: unknown): ErrorDetails {
    return { claim: 'iss', reason: iss === undefined ? 'missing' : 'mismatch' }
  }

  confirm({ issuer }: Profile): void {
    const known = this.#known.prove(issuer)
    if (known) known.place.isProven = true
  }

  async hydrate(): Promise<void> {
    // the issuers are not known in advance
  }

  async settled(): Promise<void> {
    await Promise.allSettled(this.#pending.values())
    await settleAll(() => this.#places.stores())
  }

  close(): void {
    this.#known.clear()
    this.#places.clear()
    this.#unknown.clear()
    this.#paces.clear()
    this.#pending.clear()
    this.#pendingUnproven = 0
  }

  #isUnknown(issuer: string): boolean {
    const unknown = this.#unknown.get(digestIssuer(issuer))
    return unknown !== undefined && this.#isFresh(unknown)
  }

  #isFresh({ since, until }: Period): boolean {
    const now = this.#settings.now()
    return now >= since && now < until
  }

  /** Calls the user's function, with at most one call in flight per issuer. */
  #resolve(issuer: string): Found | Promise<Found> {
    const pending = this.#pending.get(issuer)
    if (pending) return pending
    const isProven = this.#known.isProven(issuer)
    const refusal = this.#paces.refusalOf(issuer, isProven)
    if (refusal !== undefined) return this.#keep(issuer, refusal)
    if (!isProven && this.#pendingUnproven >= this.#settings.maxIssuers) {
      return this.#keep(issuer, new KeysError('ERR_JWKS_UNAVAILABLE', { reason: 'limited' }))
    }
    let result: ReturnType<TrustedResolver>
    try {
      result = this.#resolver(issuer)
    } catch (error) {
      return this.#fail(issuer, error)
    }
    if (!isPromise(result)) return this.#accept(issuer, result)
    return this.#wait(issuer, result, isProven)
  }

  #wait(issuer: string, result: Promise<ResolvedIssuer>, isProven: boolean): Promise<Found> {
    // after close(), the result is only for callers that already wait for it
    const isCurrent = (): boolean => this.#pending.get(issuer) === pending
    const pending: Promise<Found> = this.#inTime(result)
      .then(
        (value) => this.#accept(issuer, value, isCurrent()),
        (error) => this.#fail(issuer, error, isCurrent()),
      )
      .finally(() => {
        if (!isCurrent()) return
        this.#pending.delete(issuer)
        if (!isProven) this.#pendingUnproven--
      })
    this.#pending.set(issuer, pending)
    if (!isProven) this.#pendingUnproven++
    return pending
  }

  /** Applies the time limit of key requests, because a database may not respond either. */
  async #inTime(result: Promise<ResolvedIssuer>): Promise<ResolvedIssuer> {
    const cancellation = new Cancellation()
    const stopClock = cancellation.cancelAfter(this.#settings.jwks.timeoutMs)
    try {
      return await cancellation.race(Promise.resolve(result))
    } finally {
      stopClock()
    }
  }

  #accept(issuer: string, result: ResolvedIssuer, isCurrent = true): Found {
    const known = this.#known.get(issuer)
    let accepted: Accepted | undefined
    try {
      accepted = this.#read(issuer, result, known)
    } catch (error) {
      return this.#fail(issuer, error, isCurrent)
    }
    if (!isCurrent) {
      // after close(), no keys are fetched for callers that still wait
      if (accepted && accepted.profiles !== known?.profiles) this.#places.retire(accepted.place)
      return accepted?.profiles
    }
    this.#paces.succeed(issuer)
    const since = this.#settings.now()
    if (accepted === undefined) {
      this.#drop(issuer)
      this.#unknown.set(digestIssuer(issuer), { since, until: since + RETRY_MS })
      return undefined
    }
    this.#unknown.delete(digestIssuer(issuer))
    const { profiles, place } = accepted
    // without a spread, which would give each of them a hidden class of its own
    this.#known.set(issuer, { profiles, place, resolvedAt: since, since, until: since + KNOWN_MS })
    if (known && known.profiles !== accepted.profiles) this.#places.retire(known.place)
    return accepted.profiles
  }

  /** Reads a result of the function. A new one uses the place of its keys from then on. */
  #read(issuer: string, result: ResolvedIssuer, known: Known | undefined): Accepted | undefined {
    const read = readAnswer(issuer, result, this.#settings, (option) =>
      this.#events.emit({ type: 'issuers.mismatch', option }),
    )
    if (read === undefined) return undefined
    const { entries, twins } = read
    // a digest, because the name of a place may contain a whole key set
    const id = digestIssuer(toPlace(entries))
    if (known?.place.id === id && isSameAnswer(known.profiles, entries)) return known
    const place = this.#places.take(id, (isProven) =>
      createKeyStore(entries, this.#settings, {
        pace: this.#paces.of(id),
        traffic: this.#traffic.of(isProven),
        // Stryker disable next-line ConditionalExpression,EqualityOperator: twins that are none only take memory
        twins: twins.length > 0 ? this.#twinsOf(twins) : NO_TWINS,
      }),
    )
    return { profiles: createProfiles(entries, place.keys, this.#shared), place }
  }

  #drop(issuer: string): void {
    const known = this.#known.get(issuer)
    if (known) this.#places.retire(known.place)
    this.#known.delete(issuer)
  }

  #twinsOf(twins: readonly string[]): Twins {
    return {
      // Stryker disable next-line MethodExpression: a pool has one other form
      isLoaded: () => twins.some((name) => this.#known.get(name)?.place.keys.isLoaded),
      load: async () => {
        await Promise.allSettled(twins.map((name) => this.#loadTwin(name)))
      },
    }
  }

  async #loadTwin(issuer: string): Promise<void> {
    if (this.#isUnknown(issuer)) return
    const known = this.#known.get(issuer)
    const profiles = known && this.#isFresh(known) ? known.profiles : await this.#resolve(issuer)
    // Stryker disable next-line OptionalChaining: nobody waits for a result
    await profiles?.[0].keys.loadForTwin()
  }

  #fail(issuer: string, error: unknown, isCurrent = true): Profiles {
    if (!isCurrent) return this.#keep(issuer, toKeysError(error))
    // with an error of this library below 500, the function rejects this issuer deliberately
    const isRejection = isJwtGateError(error) && error.status < 500
    if (isRejection) this.#drop(issuer)
    else this.#events.emit({ type: 'issuers.failed', error })
    // then the function may also fail for other issuers
    const isBroken = !isJwtGateError(error) || error.status === 503
    return this.#keep(issuer, this.#paces.fail(issuer, error, isBroken))
  }

  /**
   * Falls back to the last result if the function failed or cannot be called now: an outage must not log out every user.
   * @param error - thrown if there is no result that may still be used
   */
  #keep(issuer: string, error: unknown): Profiles {
    const known = this.#known.get(issuer)
    const now = this.#settings.now()
    if (known && now - known.resolvedAt < this.#settings.jwks.maxStaleMs) {
      const { profiles, place, resolvedAt } = known
      this.#known.set(issuer, { profiles, place, resolvedAt, since: now, until: now + RETRY_MS })
      return profiles
    }
    throw error
  }
}

function toKeysError(error: unknown): unknown {
  return isJwtGateError(error) ? error : new KeysError('ERR_JWKS_UNAVAILABLE', { cause: error })
}
