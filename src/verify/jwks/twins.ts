/**
 * Issuers that stand for one another: the two forms of a Cognito user pool. The endpoint of the form that is not in use refuses
 * to answer, and anybody can name that form in a token, which must not look like an outage.
 */
import { type KeysError, TokenError } from '../errors.ts'
import type { Pauses } from './backoff.ts'

/** The other forms of an issuer. */
export interface Twins {
  /** Whether the keys of one of them are there. */
  isLoaded(): boolean
  /** Loads their keys, where they are not there yet and can be had. Never rejects. */
  load(): Promise<void>
}

/** For a form that its endpoint does not know: whoever names it in a token must not make us ask every second. */
const UNUSED_PAUSES: Pauses = { firstMs: 60_000, maxMs: 120_000 }
/** For one whose endpoint has said nothing of the kind: its first keys may have met a passing fault. */
const UNDECIDED_PAUSES: Pauses = { firstMs: 1_000, maxMs: 120_000 }
/** What an endpoint says to whom it does not know: not that it is busy or broken. */
const UNKNOWN_STATUSES: ReadonlySet<unknown> = new Set([400, 401, 403, 404, 410])

/** Whether a failure says that there is no such issuer, and not only that something went wrong. */
export function isUnknownThere({ cause }: KeysError): boolean {
  return UNKNOWN_STATUSES.has((cause as { status?: unknown } | undefined)?.status)
}

/** How long a form that is not in use is left alone. */
export function pausesOfUnused(failure: KeysError): Pauses {
  return isUnknownThere(failure) ? UNUSED_PAUSES : UNDECIDED_PAUSES
}

/** What a token of such a form is refused with. */
export function notInUse(failure: KeysError | undefined): TokenError {
  const reason = failure && isUnknownThere(failure) ? 'not_in_use' : 'undecided'
  return new TokenError('ERR_CLAIM_ISSUER', { claim: 'iss', reason })
}
