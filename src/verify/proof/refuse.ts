/**
 * The error for a proof that does not hold.
 */
import type { ErrorReason } from '../error-reasons.ts'
import { TokenError } from '../errors.ts'

/** What is wrong with a proof. Nothing of the proof itself is ever in an error. */
export function invalidProof(reason: ErrorReason): TokenError {
  return new TokenError('ERR_PROOF_INVALID', { reason })
}
