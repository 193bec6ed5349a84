/**
 * The public keys of load balancers: one PEM for each key ID. Anybody can make up a key ID, so the requests for them are limited,
 * and only keys that exist are kept.
 */
import { isJwtGateError, KeysError, TokenError } from '../../verify/index.ts'
import {
  badStatus,
  Cancellation,
  type HttpResponse,
  KeySet,
  RefreshBudget,
  toJwk,
  type VerificationKey,
  type VerifierSettings,
} from '../../verify/token-kit.ts'

const ALG = 'ES256'
const MAX_KEYS = 100
/** A PEM of this kind has 178 bytes. */
const MAX_BYTES = 8_192
/** As many requests at once, and then one a second. */
const BURST = 10
const REFILL_MS = 1_000

interface KnownKey {
  readonly key: VerificationKey
  readonly fetchedAt: number
}

interface PendingKey {
  readonly key: Promise<VerificationKey>
  readonly cancellation: Cancellation
}

export class AlbKeys {
  readonly #settings: VerifierSettings
  readonly #budget: RefreshBudget
  /** For keys that exist: made-up key IDs cannot use it up. */
  readonly #renewals: RefreshBudget
  /** By URL, the one that was fetched last at the end. */
  readonly #known = new Map<string, KnownKey>()
  readonly #pending = new Map<string, PendingKey>()

  constructor(settings: VerifierSettings) {
    this.#settings = settings
    this.#budget = new RefreshBudget(settings.now, REFILL_MS, BURST)
    this.#renewals = new RefreshBudget(settings.now, REFILL_MS, BURST)
  }

  /** The key, if it was fetched less than `maxStaleMs` ago: until then, a key that is withdrawn stays usable. */
  peek(url: string): VerificationKey | undefined {
    const known = this.#known.get(url)
    if (known === undefined) return undefined
    const age = this.#settings.now() - known.fetchedAt
    return age >= 0 && age < this.#settings.jwks.maxStaleMs ? known.key : undefined
  }

  /**
   * The key at this address.
   * @throws {@link TokenError} `ERR_KEY_NOT_FOUND` if there is none
   * @throws {@link KeysError} `ERR_JWKS_UNAVAILABLE`, `ERR_JWKS_INVALID`
   */
  get(url: string): VerificationKey | Promise<VerificationKey> {
    const known = this.peek(url) ?? this.#pending.get(url)?.key
    if (known !== undefined) return known
    // the key may exist, so this is no verdict on the token
    const budget = this.#known.has(url) ? this.#renewals : this.#budget
    if (!budget.take()) throw new KeysError('ERR_JWKS_UNAVAILABLE', { reason: 'limited' })
    const cancellation = new Cancellation()
    const key = this.#load(url, cancellation)
    this.#pending.set(url, { key, cancellation })
    return key
  }

  async settled(): Promise<void> {
    while (this.#pending.size > 0) {
      await Promise.allSettled(Array.from(this.#pending.values(), ({ key }) => key))
    }
  }

  close(): void {
    const reason = new KeysError('ERR_JWKS_UNAVAILABLE', { reason: 'closed' })
    for (const { cancellation } of this.#pending.values()) cancellation.cancel(reason)
    this.#pending.clear()
    this.#known.clear()
  }

  async #load(url: string, cancellation: Cancellation): Promise<VerificationKey> {
    const isCurrent = (): boolean => this.#pending.get(url)?.cancellation === cancellation
    const fetchedAt = this.#settings.now()
    try {
      const key = toKey(await this.#fetch(url, cancellation))
      // Stryker disable next-line ConditionalExpression: close() would have to fall between two microtasks
      if (isCurrent()) this.#keep(url, { key, fetchedAt })
      return key
    } finally {
      if (isCurrent()) this.#pending.delete(url)
    }
  }

  #keep(url: string, known: KnownKey): void {
    this.#known.delete(url)
    this.#known.set(url, known)
    const [oldest] = this.#known.keys()
    // Stryker disable next-line ConditionalExpression: only for the types, one was just added
    if (oldest !== undefined && this.#known.size > MAX_KEYS) this.#known.delete(oldest)
  }

  async #fetch(url: string, cancellation: Cancellation): Promise<HttpResponse> {
    const { get, jwks } = this.#settings
    const stopClock = cancellation.cancelAfter(jwks.timeoutMs)
    const maxBytes = Math.min(jwks.maxBytes, MAX_BYTES)
    try {
      return await cancellation.race(get(new URL(url), { cancellation, maxBytes }))
    } catch (error) {
      if (isJwtGateError(error)) throw error
      throw new KeysError('ERR_JWKS_UNAVAILABLE', { reason: 'network', cause: error })
    } finally {
      stopClock()
    }
  }
}

function toKey({ status, body }: HttpResponse): VerificationKey {
  if (status === 404) throw new TokenError('ERR_KEY_NOT_FOUND', { claim: 'kid' })
  if (status !== 200) throw badStatus({ status })
  // Stryker disable next-line StringLiteral: no PEM names an issuer
  const key = KeySet.from([toPublicJwk(body)], new Set([ALG])).find({ alg: ALG }, '')
  if (key === undefined) throw new KeysError('ERR_JWKS_INVALID', { reason: 'no_usable_key' })
  return key
}

function toPublicJwk(pem: string): object | undefined {
  try {
    return toJwk(pem)
  } catch {
    // the message is for keys from the configuration
  }
  return undefined
}
