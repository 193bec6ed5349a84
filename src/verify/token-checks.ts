/**
 * What a token must pass once its key is known: steps 5 to 7 of SECURITY.md, the signature, the claims and the schema. A token that
 * has passed is cached when it comes again. From then on only its times are checked again, and its schema if the result is mutable.
 */
import type { CachedToken, TokenCache } from './cache/token-cache.ts'
import { checkClaims, checkTimes } from './claims/claims.ts'
import { applySchema, cannotWait, waitUnless } from './claims/custom-rules.ts'
import { toVerifiedToken } from './claims/verified-token.ts'
import type { Issuers } from './issuers/issuers.ts'
import type { Profile } from './issuers/profile.ts'
import { isSignedBy, mayBeSigned, wrongSignature } from './keys/signature.ts'
import type { SignaturePool } from './keys/signature-pool.ts'
import type { VerificationKey } from './keys/verification-key.ts'
import { freezeClaims, freezeJson } from './token/freeze.ts'
import type { KnownHeaders } from './token/known-headers.ts'
import type { UnverifiedToken } from './token/token.ts'
import type { JwtHeader, VerifiedToken } from './types.ts'
import { isPromise } from './util/promises.ts'
import type { VerifierSettings } from './verifier-options.ts'

type Verified = VerifiedToken<unknown>
type MaybePromise<T> = T | Promise<T>

/** A token of a trusted issuer, and the key that it names. */
export interface Candidate {
  readonly token: UnverifiedToken
  readonly profile: Profile
  readonly key: VerificationKey
  readonly isSync: boolean
  readonly cacheKey: string | undefined
  /** Whether the key was fetched for this token, so that no newer one is to be expected. */
  readonly isFresh: boolean
}

export class TokenChecks {
  readonly #issuers: Issuers
  readonly #settings: VerifierSettings
  readonly #pool: SignaturePool
  readonly #cache: TokenCache | undefined
  readonly #knownHeaders: KnownHeaders

  constructor(
    issuers: Issuers,
    settings: VerifierSettings,
    pool: SignaturePool,
    cache: TokenCache | undefined,
    knownHeaders: KnownHeaders,
  ) {
    this.#issuers = issuers
    this.#settings = settings
    this.#pool = pool
    this.#cache = cache
    this.#knownHeaders = knownHeaders
  }

  /** Step 5: the signature, in the thread pool if it is expensive and the caller can wait. */
  verify(candidate: Candidate): MaybePromise<Verified> {
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
    candidate: Candidate,
    renewed: VerificationKey | undefined,
  ): MaybePromise<Verified> {
    if (renewed === undefined) throw wrongSignature(candidate.key, candidate.token)
    return this.verify({ ...candidate, key: renewed, isFresh: true })
  }

  /** Step 6, the claims, and step 7, the schema. */
  #withSignature(candidate: Candidate): MaybePromise<Verified> {
    const {
      profile,
      isSync,
      token: { payload },
    } = candidate
    checkClaims(payload, profile.claims, this.#settings.now() / 1_000)
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

  /** Checks the times of a cached token again. If the result of its schema is mutable, runs the schema again. */
  revalidate(cached: CachedToken, isSync: boolean): MaybePromise<Verified> {
    const { profile, payload, verified, isShareable } = cached
    checkTimes(payload, profile.claims, this.#settings.now() / 1_000)
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

  #toVerified(
    header: JwtHeader,
    payload: CachedToken['payload'],
    { issuer, groupsClaim }: Profile,
    claims: unknown,
  ): Verified {
    return toVerifiedToken(header, payload, issuer, claims, groupsClaim, this.#settings.clock)
  }
}
