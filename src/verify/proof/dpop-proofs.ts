/**
 * Verifies DPoP proofs (RFC 9449 s4.3): first what costs nothing to know, last the claim of its identifier, so that a bad proof
 * uses up nothing.
 */
import { hash } from 'node:crypto'
import type { Presented } from '../binding-types.ts'
import { ConfigError, TokenError } from '../errors.ts'
import { isSignedBy } from '../keys/signature.ts'
import type { SignaturePool } from '../keys/signature-pool.ts'
import type { VerifiedToken } from '../types.ts'
import { ignoreRejection, isPromise } from '../util/promises.ts'
import type { DpopSettings } from './binding-settings.ts'
import { Nonces } from './nonces.ts'
import { checkAge, checkRequest, checkToken } from './proof-claims.ts'
import { ProofReader, type UnverifiedProof } from './proof-reader.ts'
import { invalidProof } from './refuse.ts'
import { claimOnce } from './replay.ts'

type Verified = VerifiedToken<unknown>
type Given = string | readonly string[]

/** A call of `verify`. */
export interface BoundCall {
  readonly compact: string
  /** The SHA-256 of the token, if it is known. */
  readonly cacheKey: string | undefined
  readonly presented: Presented | undefined
  /** Whether the caller cannot wait. */
  readonly isSync: boolean
}

export interface ProofClock {
  /** In milliseconds since 1970. */
  readonly now: () => number
  readonly clockToleranceSeconds: number
}

/** A proof whose signature is being verified. */
export interface StartedProof {
  readonly proof: UnverifiedProof
  readonly isSigned: Promise<boolean>
}

/** A verified token, and what came with it. */
interface Bound {
  readonly verified: Verified
  /** The thumbprint of its key. */
  readonly jkt: string
  readonly call: BoundCall
  readonly started: StartedProof | undefined
}

/** In microseconds. Anybody can make up a token and its proof, so an expensive key has to wait until the token is verified. */
const MAX_EARLY_COST = 300

export class DpopProofs {
  readonly #settings: DpopSettings
  readonly #pool: SignaturePool
  readonly #clock: ProofClock
  readonly #reader: ProofReader
  readonly #nonces: Nonces | undefined

  constructor(settings: DpopSettings, pool: SignaturePool, clock: ProofClock) {
    const { algorithms, nonce } = settings
    this.#settings = settings
    this.#pool = pool
    this.#clock = clock
    this.#reader = new ProofReader(algorithms)
    this.#nonces =
      nonce && new Nonces(nonce.secrets, nonce.lifetimeSeconds, clock.clockToleranceSeconds)
  }

  /** @returns `undefined` if there is nothing to gain; what is wrong is found again later */
  start(given: Given, jkt: string | undefined, issuer: string): StartedProof | undefined {
    try {
      const proof = this.#reader.read(given)
      const { key, token, thumbprint } = proof
      // Stryker disable next-line EqualityOperator: no key has just this cost
      if (!key.inPool || key.cost > MAX_EARLY_COST || thumbprint !== jkt) return undefined
      const isSigned = this.#pool.isSignedInPool(key, token, toQueue(issuer))
      ignoreRejection(isSigned)
      return { proof, isSigned }
      // Stryker disable next-line BlockStatement: a function without a result returns undefined
    } catch {
      return undefined
    }
  }

  check(given: Given, bound: Bound): Verified | Promise<Verified> {
    const { call, started } = bound
    // Stryker disable next-line OptionalChaining: a proof was presented
    assertRequest(call.presented?.request)
    // Stryker disable next-line ConditionalExpression: to verify it again only takes longer
    if (started) return started.isSigned.then(this.#withVerdict.bind(this, started.proof, bound))
    const proof = this.#reader.read(given)
    const { key, token } = proof
    const isSigned = call.isSync
      ? isSignedBy(key, token)
      : this.#pool.isSignedBy(key, token, toQueue(bound.verified.issuer))
    if (!isPromise(isSigned)) return this.#withVerdict(proof, bound, isSigned)
    return isSigned.then(this.#withVerdict.bind(this, proof, bound))
  }

  // Stryker disable next-line BlockStatement: keys that are not forgotten are in memory for longer
  clear(): void {
    this.#reader.clear()
  }

  #withVerdict(
    proof: UnverifiedProof,
    bound: Bound,
    isSigned: boolean,
  ): Verified | Promise<Verified> {
    const { verified, jkt, call } = bound
    const { payload } = proof.token
    if (!isSigned) throw invalidProof('signature')
    // Stryker disable next-line OptionalChaining: a proof was presented
    assertRequest(call.presented?.request)
    checkRequest(payload, call.presented.request)
    const nowSeconds = this.#clock.now() / 1_000
    const { maxAgeSeconds, replay } = this.#settings
    const { clockToleranceSeconds: toleranceSeconds } = this.#clock
    const iat = checkAge(payload, { nowSeconds, maxAgeSeconds, toleranceSeconds })
    this.#checkNonce(payload['nonce'], nowSeconds)
    checkToken(payload, call.compact, call.cacheKey)
    if (proof.thumbprint !== jkt) throw invalidProof('jkt')
    this.#reader.remember(proof)
    // each of two servers may differ from the issuer by the tolerance, so they may differ by twice as much
    const seconds = Math.ceil(iat + maxAgeSeconds + 3 * toleranceSeconds - nowSeconds) + 1
    const claimed = claimOnce(replay, toId(proof), seconds, call.isSync)
    return isPromise(claimed) ? claimed.then(() => this.#accept(verified)) : this.#accept(verified)
  }

  #checkNonce(nonce: unknown, nowSeconds: number): void {
    if (this.#nonces === undefined || this.#nonces.has(nonce, nowSeconds)) return
    throw new TokenError('ERR_PROOF_NONCE', {
      reason: nonce === undefined ? 'missing' : 'mismatch',
      nextNonce: this.#nonces.next(nowSeconds),
    })
  }

  /** A copy, because a cached token is shared. */
  #accept(verified: Verified): Verified {
    if (this.#nonces === undefined) return verified
    const nextNonce = this.#nonces.next(this.#clock.now() / 1_000)
    const copy = Object.defineProperties({ nextNonce }, Object.getOwnPropertyDescriptors(verified))
    return Object.freeze(copy) as unknown as Verified
  }
}

/** The proofs for the tokens of an issuer have a turn of their own in the thread pool. */
function toQueue(issuer: string): string {
  return `DPoP ${issuer}`
}

/** RFC 9449 s11.1: a digest, because the identifier can be long. It is unique for its key. */
function toId({ token, thumbprint }: UnverifiedProof): string {
  const { jti } = token.payload
  if (typeof jti !== 'string' || jti === '') throw invalidProof('jti')
  return hash('sha256', `${thumbprint} ${jti}`, 'base64url')
}

function assertRequest(
  request: unknown,
): asserts request is { readonly method: string; readonly url: string } {
  const { method, url } = (request ?? {}) as { method?: unknown; url?: unknown }
  if (typeof method === 'string' && typeof url === 'string') return
  throw new ConfigError(
    '"presented.request" must be { method, url }, with the URL of the request as its client sent it: set "origin" of requireJwt(), verifyRequest() or verifyEvent(), or pass both arguments of a wrapped verify() on',
  )
}
