/**
 * Step 3: the issuer.
 */
import type { Issuers, Profile, UnverifiedToken } from '../../verify/explain-kit.ts'
import { TokenError } from '../../verify/index.ts'
import { nearestIssuer } from '../nearest-issuer.ts'
import type { Run } from '../run.ts'
import { oneOf, show } from '../show.ts'
import { failed, type Judged, passed, skipped } from './judge.ts'

/** The check, and the conditions for the issuer's tokens if it is trusted. */
export interface IssuerCheck {
  readonly judged: Judged
  readonly profile: Profile | undefined
}

export async function checkIssuer(
  token: UnverifiedToken,
  issuers: Issuers,
  { findProfile }: Run,
  trusted: readonly string[],
): Promise<IssuerCheck> {
  const iss = token.payload['iss']
  const expected = trusted.length > 0 ? oneOf(trusted) : 'an issuer that your function finds'
  const view = { expected, actual: show(iss) }
  try {
    const profile = await findProfile(token)
    if (profile) return { judged: passed('iss', view), profile }
    const error = new TokenError('ERR_CLAIM_ISSUER', issuers.whyUntrusted(iss))
    return { judged: failed('iss', view, error), profile }
  } catch (error) {
    // your function is not called for a header that no issuer may use
    const isHeader = error instanceof TokenError && error.claim !== 'iss'
    const judged = isHeader
      ? skipped('iss', 'no issuer is looked up for such a header', view)
      : failed('iss', view, error)
    return { judged, profile: undefined }
  }
}

/** The conditions of the trusted issuer that is most like the token's. No key of it is ever used for the token. */
export function findNearest(
  { payload }: UnverifiedToken,
  issuers: Issuers,
  trusted: readonly string[],
): Profile | undefined {
  const iss = nearestIssuer(payload['iss'], trusted)
  // listed issuers are found at once
  return iss === undefined
    ? undefined
    : (issuers.find({ header: {}, payload: { ...payload, iss } }) as Profile | undefined)
}
