/**
 * Runs all checks on a token, in the order of SECURITY.md. `verify`, `verifySync` and the adapters share these steps. A check that
 * fails throws at once. Each step calls the next one, at once or when a promise resolves. For a cached token, `bind` takes 2 % less
 * time than closures.
 */

import type { Presented } from './binding-types.ts'
import { type CachedToken, TokenCache } from './cache/token-cache.ts'
import { checkClaims, checkTimes } from './claims/claims.ts'
import { applySchema, cannotWait, waitUnless } from './claims/custom-rules.ts'
import { toVerifiedToken } from './claims/verified-token.ts'
import { KeysError, TokenError } from './errors.ts'
import { EveryCall } from './every-call.ts'
import type { Issuers } from './issuers/issuers.ts'
import type { Profile } from './issuers/profile.ts'
import { hasLength, isSignedBy, mayBeSigned } from './keys/signature.ts'
import { SignaturePool } from './keys/signature-pool.ts'
import type { VerificationKey } from './keys/verification-key.ts'
import { publishOutcome, type Trace } from './outcome.ts'
import { freezeClaims, freezeJson } from './token/freeze.ts'
import { assertHeader } from './token/header.ts'
import { KnownHeaders } from './token/known-headers.ts'
import { assertTokenSize, parseUnverifiedToken, type UnverifiedToken } from './token/token.ts'
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

/** A token of a trusted issuer, and the key that it names. */
interface Candidate {
  readonly token: UnverifiedToken
  readonly profile: Profile
  readonly key: VerificationKey
  readonly isSync: boolean
  readonly cacheKey: string | undefined
  /** Whether the key was fetched for this token, so that no newer one is to be expected. */
  readonly isFresh: boolean
}

export class Engine {
  readonly #issuers: Issuers
  readonly #settings: VerifierSettings
  readonly #cache: TokenCache | undefined
  readonly #knownHeaders = new KnownHeaders()
  readonly #pool: SignaturePool
  /** `undefined` if a good token is all that is asked for. */
  readonly #everyCall: EveryCall | undefined
  /** A buffer for decoding, shared by all tokens. No step awaits while it uses the buffer. */
  readonly #scratch: Buffer

  constructor(issuers: Issuers, settings: VerifierSettings) {
    this.#issuers = issuers
    this.#settings = settings
    this.#cache = settings.cachedTokens > 0 ? new TokenCache(settings.cachedTokens) : undefined
    this.#pool = new SignaturePool(settings.threadPoolSize)
    this.#scratch = Buffer.allocUnsafeSlow(settings.maxTokenBytes)
    const asksForMore = settings.binding ?? settings.revocations ?? settings.check
    this.#everyCall = asksForMore && new EveryCall(settings, this.#pool)
  }

  verify(token: string, presented?: Presented): Promise<Verified> {
    try {
      return Promise.resolve(this.verifyNow(token, presented))
    } catch (error) {
      return Promise.reject(error)
    }
  }

  /** Like `verify`, for adapters: returns or throws synchronously if no step is asynchronous. */
  verifyNow(token: string, presented?: Presented): MaybePromise<Verified> {
    if (VERIFY_CHANNEL.hasSubscribers) return this.#publish(token, false, presented)
    return this.#verify(token, false, presented)
  }

  verifySync(token: string, presented?: Presented): Verified {
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
      ? this.#revalidate(cached, isSync)
      : this.#verifySignature(this.#toCandidate(attempt, profile, isFresh, key))
    if (!every) return verified
    return isPromise(verified)
      ? verified.then(every.check.bind(every, attempt, started))
      : every.check(attempt, started, verified)
  }

  /** Checks the times of a cached token again. If the result of its schema is mutable, runs the schema again. */
  #revalidate(cached: CachedToken, isSync: boolean): MaybePromise<Verified> {
    const { profile, payload, verified, isShareable } = cached
    checkTimes(payload, profile.claims, this.#nowSeconds())
    this.#issuers.confirm(profile)
    if (isSync && cached.isSchemaAsync) throw cannotWait('claims')
    // Stryker disable next-line ConditionalExpression: without a schema, claims are always shareable
    if (isShareable || profile.schema === undefined) return verified
    const claims = applySchema(profile.schema, payload)
    if (!isPromise(claims)) return this.#renew(cached, claims)
    return waitUnless(isSync, 'claims', claims).then(this.#renew.bind(this, cached))
  }

  #renew({ header, payload, profile }: CachedToken, claims: unknown): Verified {
    freezeClaims(claims)
    return this.#toVerified(header, payload, profile, claims)
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

  /** Step 5: the signature, in the thread pool if it is expensive and the caller can wait. */
  #verifySignature(candidate: Candidate): MaybePromise<Verified> {
    const { token, profile, key, isSync } = candidate
    const isSigned = isSync
      ? isSignedBy(key, token)
      : this.#pool.isSignedBy(key, token, profile.issuer)
    if (!isPromise(isSigned)) return this.#withVerdict(candidate, isSigned)
    return isSigned.then(this.#withVerdict.bind(this, candidate))
  }

  #withVerdict(candidate: Candidate, isSigned: boolean): MaybePromise<Verified> {
    if (isSigned) return this.#withSignature(candidate)
    const { token, profile, key, isSync, isFresh } = candidate
    // some issuers change a key under its name
    const mayRenew = !isSync && !isFresh && mayBeSigned(key, token)
    const renewed = mayRenew && profile.keys.renew(token.header as JwtHeader, profile.issuer, key)
    if (renewed) return renewed.then(this.#withRenewedKey.bind(this, candidate))
    throw wrongSignature(key, token)
  }

  #withRenewedKey(
    { token, profile, key, isSync, cacheKey }: Candidate,
    renewed: VerificationKey | undefined,
  ): MaybePromise<Verified> {
    if (renewed === undefined) throw wrongSignature(key, token)
    return this.#verifySignature({ token, profile, key: renewed, isSync, cacheKey, isFresh: true })
  }

  /** Step 6, the claims, and step 7, the schema. */
  #withSignature(candidate: Candidate): MaybePromise<Verified> {
    const {
      profile,
      isSync,
      token: { payload },
    } = candidate
    checkClaims(payload, profile.claims, this.#nowSeconds())
    freezeJson(payload)
    const claims = profile.schema ? applySchema(profile.schema, payload) : payload
    if (!isPromise(claims)) return this.#withClaims(candidate, false, claims)
    return waitUnless(isSync, 'claims', claims).then(this.#withClaims.bind(this, candidate, true))
  }

  #withClaims(
    { token, profile, key, cacheKey }: Candidate,
    isSchemaAsync: boolean,
    claims: unknown,
  ): Verified {
    const { payload, compact, isKnownHeader } = token
    const header = token.header as JwtHeader
    // Stryker disable next-line ConditionalExpression: to remember it again only takes longer
    if (!isKnownHeader) this.#knownHeaders.remember(compact, freezeJson(header))
    // Stryker disable next-line ConditionalExpression: the payload is frozen, and to look at it again only takes longer
    const isShareable = claims === payload || freezeClaims(claims)
    const verified = this.#toVerified(header, payload, profile, claims)
    this.#issuers.confirm(profile)
    this.#cache?.add(compact, cacheKey, () => ({
      verified,
      header,
      payload,
      profile,
      key,
      isShareable,
      isSchemaAsync,
    }))
    return verified
  }

  #toVerified(
    header: JwtHeader,
    payload: CachedToken['payload'],
    { issuer, groupsClaim }: Profile,
    claims: unknown,
  ): Verified {
    return toVerifiedToken(header, payload, issuer, claims, groupsClaim, this.#settings.clock)
  }

  #parse(token: string): UnverifiedToken {
    return parseUnverifiedToken(token, this.#scratch, this.#knownHeaders)
  }

  #nowSeconds(): number {
    return this.#settings.now() / 1_000
  }
}

export function wrongSignature(key: VerificationKey, token: UnverifiedToken): TokenError {
  // some libraries omit leading zeros of an ECDSA signature, so that most tokens fail and some do not
  const isOfWrongLength = key.alg.startsWith('ES') && !hasLength(key, token)
  return new TokenError('ERR_TOKEN_SIGNATURE', { reason: isOfWrongLength ? 'length' : undefined })
}

function notLoaded(): KeysError {
  return new KeysError('ERR_JWKS_NOT_LOADED')
}
