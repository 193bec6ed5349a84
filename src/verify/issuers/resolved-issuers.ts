/**
 * Issuers that a function of the user's finds, such as tenants in a database. Its results are cached for a while: of issuers
 * that it knows by their name, of others by a digest, because anybody can make up their names.
 */
import { ALGORITHMS, isAvailable } from '../algorithms.ts'
import { isJwtGateError, KeysError } from '../errors.ts'
import { Cancellation } from '../jwks/cancellation.ts'
import { isCanonicalIssuer } from '../jwks/issuer-url.ts'
import { SharedTraffic } from '../jwks/traffic.ts'
import { settleAll } from '../keys/key-store.ts'
import { assertHeader } from '../token/header.ts'
import type { ResolvedIssuer, TrustedResolver } from '../types.ts'
import { createBoundedMap } from '../util/bounded-map.ts'
import { isPromise } from '../util/promises.ts'
import type { VerifierSettings } from '../verifier-options.ts'
import { digestIssuer, IssuerPaces } from './issuer-paces.ts'
import type { Issuers, UnverifiedParts } from './issuers.ts'
import { KnownIssuers } from './known-issuers.ts'
import { chooseProfile, createProfiles, type Profile, type Profiles } from './profile.ts'
import { isSameAnswer, type ReadAnswer, readAnswer } from './resolver-answer.ts'

/** No URL of an issuer is longer. */
const MAX_ISSUER_LENGTH = 2_048
/** How long an issuer is trusted without asking again. */
const KNOWN_MS = 60_000
/** How long an issuer is not asked for again that is unknown, or whose last answer counts on because asking failed. */
const RETRY_MS = 10_000

/** How long an answer counts: from `since` on, and before `until`. */
interface Period {
  readonly since: number
  readonly until: number
}

interface Known extends Period, ReadAnswer {
  readonly profiles: Profiles
  readonly answeredAt: number
}

type Found = Profiles | undefined

export class ResolvedIssuers implements Issuers {
  readonly anyHeader = { algorithms: new Set(ALGORITHMS.filter(isAvailable)), tokenType: null }
  readonly #resolve: TrustedResolver
  readonly #settings: VerifierSettings
  readonly #known: KnownIssuers<Known>
  readonly #unknown
  readonly #paces: IssuerPaces
  readonly #traffic: SharedTraffic
  /** Questions that are not answered yet. */
  readonly #asked = new Map<string, Promise<Found>>()
  /** How many of these are about issuers of which no token was verified. */
  #openQuestions = 0
  /** When an event of a type was sent last. */
  readonly #toldAt = new Map<string, number>()

  constructor(resolve: TrustedResolver, settings: VerifierSettings) {
    const { maxIssuers, now, jwks } = settings
    this.#resolve = resolve
    this.#settings = settings
    this.#known = new KnownIssuers(maxIssuers)
    this.#unknown = createBoundedMap<Period>(maxIssuers)
    this.#paces = new IssuerPaces(now, jwks.cooldownMs, maxIssuers)
    this.#traffic = new SharedTraffic(now, maxIssuers, jwks.cooldownMs)
  }

  find({ header, payload }: UnverifiedParts): Profile | undefined | Promise<Profile | undefined> {
    const { iss } = payload
    if (typeof iss !== 'string' || iss.length > MAX_ISSUER_LENGTH) return undefined
    const choose = (found: Found): Profile | undefined => found && chooseProfile(found, payload)
    const known = this.#known.get(iss)
    if (known && this.#isFresh(known)) return choose(known.profiles)
    // what the function compares with a pattern must be the address that keys would be fetched from
    if (!isCanonicalIssuer(iss) || this.#isUnknown(iss)) return undefined
    // a token that no issuer's rule would accept is not worth a question
    assertHeader(header, this.anyHeader)
    const found = this.#ask(iss)
    return isPromise(found) ? found.then(choose) : choose(found)
  }

  confirm({ issuer }: Profile): void {
    this.#known.prove(issuer)
  }

  async hydrate(): Promise<void> {
    // nobody says which issuers there are
  }

  async settled(): Promise<void> {
    await Promise.allSettled(this.#asked.values())
    await settleAll(() => this.#known.stores())
  }

  close(): void {
    this.#known.clear()
    this.#unknown.clear()
    this.#paces.clear()
    this.#asked.clear()
    this.#openQuestions = 0
  }

  #isUnknown(issuer: string): boolean {
    const unknown = this.#unknown.get(digestIssuer(issuer))
    return unknown !== undefined && this.#isFresh(unknown)
  }

  #isFresh({ since, until }: Period): boolean {
    const now = this.#settings.now()
    return now >= since && now < until
  }

  /** Asks the user's function, once at a time for each issuer. */
  #ask(issuer: string): Found | Promise<Found> {
    const asked = this.#asked.get(issuer)
    if (asked) return asked
    const isProven = this.#known.isProven(issuer)
    const refusal = this.#paces.refusalOf(issuer, isProven)
    if (refusal !== undefined) return this.#keep(issuer, refusal)
    if (!isProven && this.#openQuestions >= this.#settings.maxIssuers) {
      return this.#keep(issuer, new KeysError('ERR_JWKS_UNAVAILABLE', { reason: 'limited' }))
    }
    let answer: ReturnType<TrustedResolver>
    try {
      answer = this.#resolve(issuer)
    } catch (error) {
      return this.#fail(issuer, error)
    }
    if (!isPromise(answer)) return this.#learn(issuer, answer)
    return this.#wait(issuer, answer, isProven)
  }

  #wait(issuer: string, answer: Promise<ResolvedIssuer>, isProven: boolean): Promise<Found> {
    // after close() the answer still serves those who wait for it, and no one else
    const isCurrent = (): boolean => this.#asked.get(issuer) === asked
    const asked: Promise<Found> = this.#inTime(answer)
      .then(
        (value) => this.#learn(issuer, value, isCurrent()),
        (error) => this.#fail(issuer, error, { isCurrent: isCurrent() }),
      )
      .finally(() => {
        if (!isCurrent()) return
        this.#asked.delete(issuer)
        if (!isProven) this.#openQuestions--
      })
    this.#asked.set(issuer, asked)
    if (!isProven) this.#openQuestions++
    return asked
  }

  /** A database that does not answer must not keep callers waiting any longer than an issuer that does not. */
  async #inTime(answer: Promise<ResolvedIssuer>): Promise<ResolvedIssuer> {
    const cancellation = new Cancellation()
    const stopClock = cancellation.cancelAfter(this.#settings.jwks.timeoutMs)
    try {
      return await cancellation.race(Promise.resolve(answer))
    } finally {
      stopClock()
    }
  }

  #learn(issuer: string, answer: ResolvedIssuer, isCurrent = true): Found {
    let read: ReadAnswer | undefined
    try {
      read = readAnswer(issuer, answer, this.#settings, () =>
        this.#tell({ type: 'issuers.mismatch' }),
      )
    } catch (error) {
      return this.#fail(issuer, error, { isCurrent, isBroken: false })
    }
    const known = this.#known.get(issuer)
    const profiles = read && this.#toProfiles(issuer, read, known)
    if (!isCurrent) {
      // after close(), nothing is fetched for those who still wait
      const keys = profiles?.[0].keys
      if (keys !== known?.profiles[0].keys) keys?.retire()
      return profiles
    }
    this.#paces.succeed(issuer)
    const since = this.#settings.now()
    if (read && profiles) {
      this.#unknown.delete(digestIssuer(issuer))
      const until = since + KNOWN_MS
      this.#known.set(issuer, { ...read, profiles, answeredAt: since, since, until })
    } else {
      this.#known.delete(issuer)
      this.#unknown.set(digestIssuer(issuer), { since, until: since + RETRY_MS })
    }
    return profiles
  }

  #toProfiles(issuer: string, read: ReadAnswer, known: Known | undefined): Profiles {
    if (known && isSameAnswer(known, read)) return known.profiles
    const neighbours = {
      pace: this.#paces.of(issuer),
      traffic: this.#traffic.of(() => this.#known.isProven(issuer)),
      twins: {
        isLoaded: () => read.twins.some((name) => this.#known.get(name)?.profiles[0].keys.isLoaded),
        load: async () => {
          await Promise.allSettled(read.twins.map((name) => this.#loadTwin(name)))
        },
      },
    }
    return createProfiles(read.entries, this.#settings, neighbours, known?.profiles)
  }

  async #loadTwin(issuer: string): Promise<void> {
    if (this.#isUnknown(issuer)) return
    const known = this.#known.get(issuer)
    const profiles = known && this.#isFresh(known) ? known.profiles : await this.#ask(issuer)
    await profiles?.[0].keys.loadForTwin()
  }

  /** @param how - `isBroken`: whether the function itself failed, as it may for other issuers */
  #fail(
    issuer: string,
    error: unknown,
    { isCurrent = true, isBroken = !isJwtGateError(error) || error.status === 503 } = {},
  ): Profiles {
    if (!isCurrent) return this.#keep(issuer, toKeysError(error))
    // an error of this library that refuses the caller is a verdict of the function's
    const isVerdict = isJwtGateError(error) && error.status < 500
    if (isVerdict) this.#known.delete(issuer)
    else this.#tell({ type: 'issuers.failed', error })
    return this.#keep(issuer, this.#paces.fail(issuer, error, isBroken))
  }

  /**
   * What to do if the function cannot be asked, or has failed: an outage of the user's must not log everybody out.
   * @param error - for issuers of which there is no answer that may still be used
   */
  #keep(issuer: string, error: unknown): Profiles {
    const known = this.#known.get(issuer)
    const now = this.#settings.now()
    if (known && now - known.answeredAt < this.#settings.jwks.maxStaleMs) {
      this.#known.set(issuer, { ...known, since: now, until: now + RETRY_MS })
      return known.profiles
    }
    throw error
  }

  /** Names that make the function fail can be made up in any number, and nobody reads as many events. */
  #tell(event: Parameters<VerifierSettings['emit']>[0]): void {
    const now = this.#settings.now()
    const elapsed = now - (this.#toldAt.get(event.type) ?? Number.NEGATIVE_INFINITY)
    if (elapsed >= 0 && elapsed < RETRY_MS) return
    this.#toldAt.set(event.type, now)
    this.#settings.emit(event)
  }
}

function toKeysError(error: unknown): unknown {
  return isJwtGateError(error) ? error : new KeysError('ERR_JWKS_UNAVAILABLE', { cause: error })
}
