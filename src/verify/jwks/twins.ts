/**
 * Twins: the two issuer forms of a Cognito user pool. The endpoint of the form that is not in use returns an error, and anybody
 * can send a token with that form as `iss`. This must not look like an outage.
 */
import { readMember } from '../error-details.ts'
import { type KeysError, TokenError } from '../errors.ts'
import type { Pauses } from './backoff.ts'

/** The other forms of an issuer. */
export interface Twins {
  /** Whether the keys of at least one of them are loaded. */
  isLoaded(): boolean
  /** Loads their keys, if they are not loaded yet. Never rejects. */
  load(): Promise<void>
}

/** For an issuer with one form. */
export const NO_TWINS: Twins = { isLoaded: () => false, load: async () => undefined }

/** For a form that its endpoint does not know: a token with that form must not trigger a request every second. */
export const UNUSED_PAUSES: Pauses = { firstMs: 60_000, maxMs: 120_000 }
/** The statuses with which an endpoint rejects an unknown issuer, in contrast to those of a busy or broken endpoint. */
const UNKNOWN_STATUSES: ReadonlySet<unknown> = new Set([400, 401, 403, 404, 410])

/** Whether a failure means that the endpoint does not know the issuer, and not a temporary fault. */
export function isUnknownThere({ cause }: KeysError): boolean {
  return UNKNOWN_STATUSES.has(readMember(Object(cause), 'status'))
}

/** The error for a token of a form that is not in use. */
export function notInUse(): TokenError {
  return new TokenError('ERR_CLAIM_ISSUER', { claim: 'iss', reason: 'not_in_use' })
}
