/**
 * Runs all checks on a token, in the order of SECURITY.md: steps 1 to 4 here, up to its key, then those of token-checks.ts and of
 * every-call.ts. `verify`, `verifySync` and the adapters share these steps. A check that fails throws at once. Each step calls the
 * next one, at once or when a promise resolves. For a cached token, `bind` takes 2 % less time than closures.
 */
import type { Presented } from './binding-types.ts'
import { type CachedToken, TokenCache } from './cache/token-cache.ts'
import { KeysError, TokenError } from './errors.ts'
import { EveryCall } from './every-call.ts'
import type { Issuers } from './issuers/issuers.ts'
import type { Profile } from './issuers/profile.ts'
import { SignaturePool } from './keys/signature-pool.ts'
import type { VerificationKey } from './keys/verification-key.ts'
import { publishOutcome, type Trace } from './outcome.ts'
import { assertPresented } from './presented.ts'
import { assertHeader } from './token/header.ts'
import { KnownHeaders } from './token/known-headers.ts'
import { assertTokenSize, parseUnverifiedToken, type UnverifiedToken } from './token/token.ts'
import { type Candidate, TokenChecks } from './token-checks.ts'
import type { JwtHeader, VerifiedToken } from './types.ts'
import { VERIFY_CHANNEL } from './util/channels.ts'
import { ignoreRejection, isPromise } from './util/promises.ts'
import type { VerifierSettings } from './verifier-options.ts'

type Verified = VerifiedToken<unknown>
type MaybePromise<T> = T | Promise<T>

/** A token that is being verified. */
interface Attempt {
  readonly compact: string
  /** Whether the caller cannot wait. */
  readonly isSync: boolean
  readonly presented: Presented | undefined
  /** The cache key of the token; `undefined` if it was not verified before. */
  readonly cacheKey: string | undefined
  readonly cached: CachedToken | undefined
  /** `cached`, or the parsed token. */
  readonly parts: CachedToken | UnverifiedToken
  /** `undefined` if nobody has subscribed to the outcome. */
  readonly trace: Trace | undefined
}

export class Engine {
  readonly #issuers: Issuers
  readonly #settings: VerifierSettings
  readonly #cache: TokenCache | undefined
  readonly #knownHeaders = new KnownHeaders()
  readonly #checks: TokenChecks
  /** `undefined` if a good token is all that is asked for. */
  readonly #everyCall: EveryCall | undefined
  /** A buffer for decoding, shared by all tokens. No step awaits while it uses the buffer. */
  readonly #scratch: Buffer

  constructor(issuers: Issuers, settings: VerifierSettings) {
    this.#issuers = issuers
    this.#settings = settings
    this.#cache = settings.cachedTokens > 0 ? new TokenCache(settings.cachedTokens) : undefined
    const pool = new SignaturePool(settings.threadPoolSize)
    this.#checks = new TokenChecks(issuers, settings, pool, this.#cache, this.#knownHeaders)
    this.#scratch = Buffer.allocUnsafeSlow(settings.maxTokenBytes)
    const asksForMore = settings.binding ?? settings.revocations ?? settings.check
    this.#everyCall = asksForMore && new EveryCall(settings, pool)
  }

  verify(token: string, presented?: Presented): Promise<Verified> {
    try {
      if (presented) assertPresented(presented)
      return Promise.resolve(this.verifyNow(token, presented))
    } catch (error) {
      return Promise.reject(error)
    }
  }

  /** Like `verify`, for adapters, whose `presented` is known to be good: returns or throws synchronously if no step is asynchronous. */
  verifyNow(token: string, presented?: Presented): MaybePromise<Verified> {
    if (VERIFY_CHANNEL.hasSubscribers) return this.#publish(token, false, presented)
    return this.#verify(token, false, presented)
  }

  verifySync(token: string, presented?: Presented): Verified {
    if (presented) assertPresented(presented)
    // no step of a caller that cannot wait returns a promise
    if (VERIFY_CHANNEL.hasSubscribers) return this.#publish(token, true, presented) as Verified
    return this.#verify(token, true, presented) as Verified
  }

  async hydrate(): Promise<void> {
    await Promise.all([this.#issuers.hydrate(), this.#settings.revocations?.hydrate()])
  }

  async settled(): Promise<void> {
    await Promise.all([this.#issuers.settled(), this.#settings.revocations?.settled()])
  }

  close(): void {
    this.#cache?.clear()
    this.#knownHeaders.clear()
    this.#everyCall?.binding?.clear()
    this.#issuers.close()
    this.#settings.revocations?.close()
  }

  /** Not part of its callers: with a closure in them, every call would allocate. */
  #publish(
    token: string,
    isSync: boolean,
    presented: Presented | undefined,
  ): MaybePromise<Verified> {
    return publishOutcome((trace) => this.#verify(token, isSync, presented, trace))
  }

  /** Step 1, the format, and the lookup of the issuer. SECURITY.md numbers the steps. */
  #verify(
    compact: string,
    isSync: boolean,
    presented: Presented | undefined,
    trace?: Trace,
  ): MaybePromise<Verified> {
    assertTokenSize(compact, this.#settings.maxTokenBytes)
    const cacheKey = this.#cache?.keyOf(compact)
    const cached = this.#cache?.get(cacheKey)
    const parts = cached ?? this.#parse(compact)
    const attempt = { compact, isSync, presented, cacheKey, cached, parts, trace }
    const profile = this.#issuers.find(parts)
    if (!isPromise(profile)) return this.#withIssuer(attempt, profile)
    if (isSync) {
      ignoreRejection(profile)
      throw notLoaded()
    }
    return profile.then(this.#withIssuer.bind(this, attempt))
  }

  /** Steps 2 and 3, which hold for a cached token as long as its profile is the same object, and step 4, the key. */
  #withIssuer(attempt: Attempt, found: Profile | undefined): MaybePromise<Verified> {
    const { cached, parts, isSync, trace } = attempt
    if (trace && found) trace.issuer = found.issuer
    // Stryker disable next-line ConditionalExpression: to check header and issuer again only takes longer
    const isKnown = found !== undefined && cached?.profile === found
    const profile = isKnown ? found : this.#assertTrusted(parts, found)
    const header = parts.header as JwtHeader
    const { keys, issuer } = profile
    const key = isSync ? keys.peek(header, issuer) : keys.get(header, issuer)
    if (key === undefined) throw notLoaded()
    if (!isPromise(key)) return this.#withKey(attempt, profile, false, key)
    return key.then(this.#withKey.bind(this, attempt, profile, true))
  }

  #assertTrusted({ header, payload }: Attempt['parts'], profile: Profile | undefined): Profile {
    assertHeader(header, profile?.header ?? this.#issuers.anyHeader)
    if (profile) return profile
    throw new TokenError('ERR_CLAIM_ISSUER', this.#issuers.whyUntrusted(payload['iss']))
  }

  /** The only place where the cache saves steps. What every call asks for comes after it. */
  #withKey(
    attempt: Attempt,
    profile: Profile,
    isFresh: boolean,
    key: VerificationKey,
  ): MaybePromise<Verified> {
    const { cached, isSync, parts, trace } = attempt
    const isCached = cached !== undefined && cached.profile === profile && cached.key === key
    if (trace) trace.cached = isCached
    const every = this.#everyCall
    // Stryker disable next-line ConditionalExpression: a proof that is verified later only takes longer
    const started = isCached ? undefined : every?.binding?.start(parts.payload, attempt)
    const verified = isCached
      ? this.#checks.revalidate(cached, isSync)
      : this.#checks.verify(this.#toCandidate(attempt, profile, isFresh, key))
    if (!every) return verified
    return isPromise(verified)
      ? verified.then(every.check.bind(every, attempt, started))
      : every.check(attempt, started, verified)
  }

  #toCandidate(
    { compact, parts, isSync, cacheKey }: Attempt,
    profile: Profile,
    isFresh: boolean,
    key: VerificationKey,
  ): Candidate {
    // the cache keeps no signatures
    const token = 'compact' in parts ? parts : this.#parse(compact)
    return { token, profile, key, isSync, cacheKey, isFresh }
  }

  #parse(token: string): UnverifiedToken {
    return parseUnverifiedToken(token, this.#scratch, this.#knownHeaders)
  }
}

function notLoaded(): KeysError {
  return new KeysError('ERR_JWKS_NOT_LOADED')
}
