/**
 * Limits the requests for each issuer that a function finds: key requests to its endpoint, and calls of the function. The limits
 * are stored separately from the issuers, so that an evicted issuer does not start again without them.
 */
import { hash } from 'node:crypto'
import { isJwtGateError, KeysError } from '../errors.ts'
import { Backoff } from '../jwks/backoff.ts'
import { RefreshBudget } from '../jwks/refresh-budget.ts'
import type { Pace } from '../jwks/store-options.ts'
import { type BoundedMap, createBoundedMap } from '../util/bounded-map.ts'

/** The limits of one issuer. */
export interface IssuerPace extends Pace {
  /** The backoff for calls of the function. */
  readonly calls: Backoff
  /** The last error of the function for this issuer. */
  failure: unknown
}

/** The number of stored paces per cached issuer. */
const PACES_PER_ISSUER = 4
/** From this number of consecutive failures, for any issuers, the function itself counts as broken. */
const BROKEN_FROM = 10

export class IssuerPaces {
  readonly #now: () => number
  readonly #cooldownMs: number
  readonly #paces: BoundedMap<IssuerPace>
  readonly #calls: Backoff
  #failuresInARow = 0
  #failure: unknown

  constructor(now: () => number, cooldownMs: number, maxIssuers: number) {
    this.#now = now
    this.#cooldownMs = cooldownMs
    this.#paces = createBoundedMap(PACES_PER_ISSUER * maxIssuers)
    this.#calls = new Backoff(now)
  }

  of(issuer: string): IssuerPace {
    const name = digestIssuer(issuer)
    const known = this.#paces.get(name)
    if (known !== undefined) return known
    const pace = {
      backoff: new Backoff(this.#now),
      budget: new RefreshBudget(this.#now, this.#cooldownMs),
      calls: new Backoff(this.#now),
      failure: undefined,
    }
    this.#paces.set(name, pace)
    return pace
  }

  /** Why the function must not be called for an issuer now; `undefined` if it may be called. */
  refusalOf(issuer: string, isProven: boolean): unknown {
    const pace = this.#paces.get(digestIssuer(issuer))
    if (pace !== undefined && pace.calls.remainingMs > 0) return toError(pace.failure, pace.calls)
    // anybody can make up issuers for which the function fails: they must not block proven issuers
    if (isProven || this.#calls.remainingMs === 0) return undefined
    return unavailable(this.#failure, this.#calls)
  }

  /**
   * Records an error for an issuer. Returns the error for its callers.
   * @param isBroken - whether the function may also fail for other issuers
   */
  fail(issuer: string, failure: unknown, isBroken: boolean): unknown {
    const pace = this.of(issuer)
    pace.failure = failure
    pace.calls.fail()
    if (isBroken) this.#countFailure(failure)
    return toError(failure, pace.calls)
  }

  #countFailure(failure: unknown): void {
    this.#failure = failure
    this.#failuresInARow++
    // concurrent calls count once
    if (this.#failuresInARow < BROKEN_FROM || this.#calls.remainingMs > 0) return
    this.#calls.fail()
  }

  /** Records that the function returned a result for an issuer. */
  succeed(issuer: string): void {
    const pace = this.#paces.get(digestIssuer(issuer))
    if (pace !== undefined) {
      pace.failure = undefined
      pace.calls.reset()
    }
    this.#failure = undefined
    this.#failuresInARow = 0
    this.#calls.reset()
  }

  clear(): void {
    this.#paces.clear()
    this.#failure = undefined
    this.#failuresInARow = 0
    this.#calls.reset()
  }
}

/** An error of this library reaches the caller unchanged. */
function toError(failure: unknown, backoff: Backoff): unknown {
  return isJwtGateError(failure) ? failure : unavailable(failure, backoff)
}

function unavailable(cause: unknown, { retryAfterSeconds }: Backoff): KeysError {
  return new KeysError('ERR_JWKS_UNAVAILABLE', { cause, retryAfterSeconds })
}

/** A digest as the key for an unknown issuer, so that its identifier, which anybody can make up, is not stored. */
export function digestIssuer(issuer: string): string {
  // Stryker disable next-line StringLiteral: another encoding works as well
  return hash('sha256', issuer, 'binary')
}
