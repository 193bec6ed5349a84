/**
 * How often is asked for each issuer that a function finds: its endpoint for keys, and the function for the issuer. This is
 * kept apart from the issuers themselves, so that one that had to make room does not start afresh.
 */
import { hash } from 'node:crypto'
import { isJwtGateError, KeysError } from '../errors.ts'
import { Backoff } from '../jwks/backoff.ts'
import type { Pace } from '../jwks/jwks-store.ts'
import { RefreshBudget } from '../jwks/refresh-budget.ts'
import { type BoundedMap, createBoundedMap } from '../util/bounded-map.ts'

/** The pace of one issuer. */
export interface IssuerPace extends Pace {
  /** Of the function, and what it threw last for this issuer. */
  readonly asking: Backoff
  failure: unknown
}

/** How many paces are kept for each issuer that may be kept. */
const PACES_PER_ISSUER = 4
/** From so many failures in a row on, whatever the issuers, the function itself is taken for broken. */
const BROKEN_FROM = 10

export class IssuerPaces {
  readonly #now: () => number
  readonly #cooldownMs: number
  readonly #paces: BoundedMap<IssuerPace>
  readonly #asking: Backoff
  #failuresInARow = 0
  #failure: unknown

  constructor(now: () => number, cooldownMs: number, maxIssuers: number) {
    this.#now = now
    this.#cooldownMs = cooldownMs
    this.#paces = createBoundedMap(PACES_PER_ISSUER * maxIssuers)
    this.#asking = new Backoff(now)
  }

  of(issuer: string): IssuerPace {
    const name = digestIssuer(issuer)
    const known = this.#paces.get(name)
    if (known !== undefined) return known
    const pace = {
      backoff: new Backoff(this.#now),
      budget: new RefreshBudget(this.#now, this.#cooldownMs),
      asking: new Backoff(this.#now),
      failure: undefined,
    }
    this.#paces.set(name, pace)
    return pace
  }

  /** Why the function must not be asked for an issuer now; `undefined` if it may be. */
  refusalOf(issuer: string, isProven: boolean): unknown {
    const pace = this.#paces.get(digestIssuer(issuer))
    if (pace !== undefined && pace.asking.remainingMs > 0) return toError(pace.failure, pace.asking)
    // names that make the function fail can be made up: they must not keep it from those that matter
    if (isProven || this.#asking.remainingMs === 0) return undefined
    return unavailable(this.#failure, this.#asking)
  }

  /**
   * Something was thrown for an issuer. Returns what its callers get.
   * @param isBroken - whether that may be true of other issuers, too
   */
  fail(issuer: string, failure: unknown, isBroken: boolean): unknown {
    const pace = this.of(issuer)
    pace.failure = failure
    pace.asking.fail()
    if (isBroken) this.#countFailure(failure)
    return toError(failure, pace.asking)
  }

  #countFailure(failure: unknown): void {
    this.#failure = failure
    this.#failuresInARow++
    // those that were under way at once count once
    if (this.#failuresInARow < BROKEN_FROM || this.#asking.remainingMs > 0) return
    this.#asking.fail()
  }

  /** The function has returned something for an issuer. */
  succeed(issuer: string): void {
    const pace = this.#paces.get(digestIssuer(issuer))
    if (pace !== undefined) {
      pace.failure = undefined
      pace.asking.reset()
    }
    this.#failure = undefined
    this.#failuresInARow = 0
    this.#asking.reset()
  }

  clear(): void {
    this.#paces.clear()
    this.#failure = undefined
    this.#failuresInARow = 0
    this.#asking.reset()
  }
}

/** An error of this library goes to the caller as it is. */
function toError(failure: unknown, backoff: Backoff): unknown {
  return isJwtGateError(failure) ? failure : unavailable(failure, backoff)
}

function unavailable(cause: unknown, { retryAfterSeconds }: Backoff): KeysError {
  return new KeysError('ERR_JWKS_UNAVAILABLE', { cause, retryAfterSeconds })
}

/** The name of an issuer of which nothing is known, and whose own name is therefore not kept. */
export function digestIssuer(issuer: string): string {
  // Stryker disable next-line StringLiteral: another encoding names it as well
  return hash('sha256', issuer, 'binary')
}
