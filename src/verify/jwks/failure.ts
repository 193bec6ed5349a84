/**
 * Describes a failed refresh for those who operate the service: in members of their own, so that nobody has to search the causes
 * of an error.
 */
import { type CauseJson, readMember, toCauseJson } from '../error-details.ts'
import type { JwksFailure } from '../events.ts'
import { toPrintable } from '../util/printable.ts'

const MAX_ISSUER_CHARACTERS = 200

/** The cause of an `issuer_mismatch`. */
export function foundAnother(issuer: unknown): Error {
  const foundIssuer =
    typeof issuer === 'string' ? toPrintable(issuer, MAX_ISSUER_CHARACTERS) : undefined
  return Object.assign(new Error('The discovery document is of another issuer'), { foundIssuer })
}

/** @param cause - of our own, or any value that the user's `fetch` throws */
export function describeFailure(cause: unknown): Omit<JwksFailure, 'durationMs'> {
  const status = readMember(Object(cause), 'status')
  const foundIssuer = readMember(Object(cause), 'foundIssuer')
  return {
    status: Number.isInteger(status) ? (status as number) : undefined,
    causeCode: findCode(cause),
    foundIssuer: typeof foundIssuer === 'string' ? foundIssuer : undefined,
  }
}

/** The code of a network error is often one or two causes below. */
function findCode(cause: unknown): CauseJson['code'] {
  let one: CauseJson | undefined = toCauseJson(cause)
  while (one && one.code === undefined) one = one.cause
  return one?.code
}
