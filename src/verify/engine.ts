/**
 * The path of a token through all checks, in the contract's order. `verify` and `verifySync` take the same steps and
 * differ only where a step may have to wait.
 */

import { type CachedToken, TokenCache } from './cache/token-cache.ts'
import { checkClaims, checkTimes, toSafeTimes } from './claims/claims.ts'
import { applyCheck, applySchema, assertSync, cannotWait } from './claims/custom-rules.ts'
import { toVerifiedToken } from './claims/verified-token.ts'
import { KeysError, TokenError } from './errors.ts'
import type { Issuers } from './issuers/issuers.ts'
import type { Profile } from './issuers/profile.ts'
import { isSignedBy } from './keys/signature.ts'
import { SignaturePool } from './keys/signature-pool.ts'
import type { VerificationKey } from './keys/verification-key.ts'
import { freezeClaims, freezeJson } from './token/freeze.ts'
import { assertHeader } from './token/header.ts'
import { KnownHeaders } from './token/known-headers.ts'
import { assertTokenSize, parseUnverifiedToken, type UnverifiedToken } from './token/token.ts'
import type { JwtHeader, VerifiedToken } from './types.ts'
import { disown, isPromise } from './util/promises.ts'
import type { VerifierSettings } from './verifier-options.ts'

/** A token whose header and issuer are acceptable. Its signature has not been looked at. */
interface Candidate {
  readonly token: UnverifiedToken
  readonly header: JwtHeader
  readonly profile: Profile
}

export class Engine {
  readonly #issuers: Issuers
  readonly #settings: VerifierSettings
  readonly #cache: TokenCache | undefined
  readonly #knownHeaders = new KnownHeaders()
  readonly #pool = new SignaturePool()
  /** Bytes to work in, which no call leaves anything of worth in: none waits while it uses them. */
  readonly #scratch: Buffer

  constructor(issuers: Issuers, settings: VerifierSettings) {
    this.#issuers = issuers
    this.#settings = settings
    this.#cache = settings.cachedTokens > 0 ? new TokenCache(settings.cachedTokens) : undefined
    this.#scratch = Buffer.allocUnsafeSlow(settings.maxTokenBytes)
  }

  /** No async function: for a token that is remembered, the promise is there already. */
  verify(token: string): Promise<VerifiedToken<unknown>> {
    try {
      const name = this.#admit(token)
      const answer = this.#answer(token, name, this.#recall(name) ?? this.#parse(token))
      return isCached(answer) ? answer.promise : answer
    } catch (error) {
      return Promise.reject(error)
    }
  }

  /** What `verify` answers, at once where it can be, for a token that is remembered; `undefined` for others. */
  recall(token: string): VerifiedToken<unknown> | Promise<VerifiedToken<unknown>> | undefined {
    const name = this.#admit(token)
    const seen = this.#recall(name)
    if (seen === undefined) return undefined
    const answer = this.#answer(token, name, seen)
    return isCached(answer) ? answer.verified : answer
  }

  /** The token as it is remembered where that is still worth something, else a promise. */
  #answer(
    token: string,
    name: string | undefined,
    read: CachedToken | UnverifiedToken,
  ): CachedToken | Promise<VerifiedToken<unknown>> {
    const found = this.#issuers.find(read)
    if (!isPromise(found)) return this.#proceed(token, name, read, found)
    return found.then((profile) => {
      const answer = this.#proceed(token, name, read, profile)
      return isCached(answer) ? answer.verified : answer
    })
  }

  #proceed(
    token: string,
    name: string | undefined,
    read: CachedToken | UnverifiedToken,
    profile: Profile | undefined,
  ): CachedToken | Promise<VerifiedToken<unknown>> {
    const seen = this.#trust(read, profile, token)
    const key = seen.profile.keys.get(seen.header)
    const isAnswer = isCached(seen) && seen.isShareable && !this.#settings.check
    const approved = isAnswer ? this.#judgeAgain(seen, key) : undefined
    return approved ?? this.#finish(token, name, seen, key)
  }

  async #finish(
    token: string,
    name: string | undefined,
    seen: CachedToken | Candidate,
    sought: VerificationKey | Promise<VerificationKey>,
  ): Promise<VerifiedToken<unknown>> {
    const key = isPromise(sought) ? await sought : sought
    const approved = this.#judgeAgain(seen, key)
    const shared = approved && this.#share(approved)
    let verified = isPromise(shared) ? await shared : shared
    if (verified === undefined) {
      const candidate = isCached(seen) ? this.#toCandidate(this.#parse(token), seen.profile) : seen
      const isGood = key.inPool
        ? await this.#pool.isSignedBy(key, candidate.token, candidate.profile.issuer)
        : isSignedBy(key, candidate.token)
      const claims = this.#judge(candidate, isGood)
      const isAsync = isPromise(claims)
      verified = this.#accept(name, candidate, key, isAsync ? await claims : claims, isAsync)
    }
    const checked = this.#check(verified)
    // Stryker disable next-line ConditionalExpression: to await what is no promise takes a turn, and no more
    if (isPromise(checked)) await checked
    return verified
  }

  verifySync(token: string): VerifiedToken<unknown> {
    const name = this.#admit(token)
    const read = this.#recall(name) ?? this.#parse(token)
    const found = this.#issuers.find(read)
    if (isPromise(found)) throw notLoaded(found)
    const seen = this.#trust(read, found, token)
    const key = seen.profile.keys.peek(seen.header)
    if (key === undefined) throw notLoaded()
    const approved = this.#judgeAgain(seen, key)
    if (approved?.isSchemaAsync) throw cannotWait('claims')
    let verified = approved && this.#share(approved)
    assertSync(verified, 'claims')
    if (verified === undefined) {
      const candidate = isCached(seen) ? this.#toCandidate(this.#parse(token), seen.profile) : seen
      const claims = this.#judge(candidate, isSignedBy(key, candidate.token))
      assertSync(claims, 'claims')
      verified = this.#accept(name, candidate, key, claims, false)
    }
    assertSync(this.#check(verified), 'check')
    return verified
  }

  hydrate(): Promise<void> {
    return this.#issuers.hydrate()
  }

  settled(): Promise<void> {
    return this.#issuers.settled()
  }

  close(): void {
    this.#cache?.clear()
    this.#knownHeaders.clear()
    this.#issuers.close()
  }

  /** The size, before anything else is done with the token. Answers its name in the cache. */
  #admit(token: unknown): string | undefined {
    assertTokenSize(token, this.#settings.maxTokenBytes)
    return this.#cache?.nameOf(token)
  }

  #recall(name: string | undefined): CachedToken | undefined {
    // a name comes from the cache, and nothing is in it under none
    return name === undefined ? undefined : this.#cache?.get(name)
  }

  /** Step 1: the form. */
  #parse(token: string): UnverifiedToken {
    return parseUnverifiedToken(token, this.#scratch, this.#knownHeaders)
  }

  /** Steps 2 and 3, the header and the issuer, of which nothing is left to ask where a token is remembered with its profile. */
  #trust(
    read: CachedToken | UnverifiedToken,
    profile: Profile | undefined,
    token: string,
  ): CachedToken | Candidate {
    if (!isCached(read)) return this.#toCandidate(read, profile)
    return read.profile === profile ? read : this.#toCandidate(this.#parse(token), profile)
  }

  #toCandidate(token: UnverifiedToken, profile: Profile | undefined): Candidate {
    const { header, payload } = token
    assertHeader(header, profile?.header ?? this.#issuers.anyHeader)
    if (profile) return { token, header, profile }
    const reason = payload['iss'] === undefined ? 'missing' : 'mismatch'
    throw new TokenError('ERR_CLAIM_ISSUER', { claim: 'iss', reason })
  }

  /** What is left to ask of a token that is remembered; `undefined` where there is no use in that. */
  #judgeAgain(
    seen: CachedToken | Candidate,
    key: VerificationKey | Promise<VerificationKey>,
  ): CachedToken | undefined {
    if (!isCached(seen) || seen.key !== key) return undefined
    const now = this.#nowSeconds()
    const { since, until } = seen.times
    // for speed alone: what is safe would pass checkTimes too
    const isSafe = now >= since && now < until
    if (!isSafe) checkTimes(seen.payload, seen.profile.claims, now)
    this.#issuers.confirm(seen.profile)
    return seen
  }

  /** The token for one more caller, for whom the schema makes anew what the one before could have changed. */
  #share(seen: CachedToken): VerifiedToken<unknown> | Promise<VerifiedToken<unknown>> {
    const { isShareable, verified, header, payload, profile } = seen
    if (isShareable || profile.schema === undefined) return verified
    const renew = (claims: unknown): VerifiedToken<unknown> => {
      freezeClaims(claims)
      return toVerifiedToken(header, payload, profile.issuer, claims)
    }
    const claims = applySchema(profile.schema, payload)
    return isPromise(claims) ? claims.then(renew) : renew(claims)
  }

  /** Steps 5 to 7: the signature, the claims, the schema. */
  #judge(
    { token: { payload }, profile }: Candidate,
    isSigned: boolean,
  ): unknown | Promise<unknown> {
    if (!isSigned) throw new TokenError('ERR_TOKEN_SIGNATURE')
    checkClaims(payload, profile.claims, this.#nowSeconds())
    freezeJson(payload)
    return profile.schema ? applySchema(profile.schema, payload) : payload
  }

  #accept(
    name: string | undefined,
    { token: { payload, compact, isKnownHeader }, header, profile }: Candidate,
    key: VerificationKey,
    claims: unknown,
    isSchemaAsync: boolean,
  ): VerifiedToken<unknown> {
    if (!isKnownHeader) this.#knownHeaders.remember(compact, freezeJson(header))
    const isShareable = claims === payload || freezeClaims(claims)
    const verified = toVerifiedToken(header, payload, profile.issuer, claims)
    this.#issuers.confirm(profile)
    this.#cache?.add(compact, name, () => {
      const promise = Promise.resolve(verified)
      const times = toSafeTimes(payload, profile.claims)
      // no spread: hits would take half as long again
      return {
        verified,
        promise,
        header,
        payload,
        profile,
        key,
        times,
        isShareable,
        isSchemaAsync,
      }
    })
    return verified
  }

  /** The user's own rule, which is asked every time. */
  #check(verified: VerifiedToken<unknown>): void | Promise<void> {
    const { check } = this.#settings
    return check && applyCheck(check, verified)
  }

  #nowSeconds(): number {
    return this.#settings.now() / 1_000
  }
}

function isCached(seen: object): seen is CachedToken {
  return 'verified' in seen
}

/** @param pending - what will be there for a later call */
function notLoaded(pending?: PromiseLike<unknown>): KeysError {
  disown(pending)
  return new KeysError('ERR_JWKS_NOT_LOADED')
}
