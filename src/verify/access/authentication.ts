/**
 * How strong and how recent the authentication of the user must be (RFC 9470).
 */
import { claimAt } from '../claims/claim-path.ts'
import { type Clock, clockOf } from '../claims/verified-token.ts'
import { AccessError, type ErrorDetails } from '../errors.ts'
import type { JsonObject } from '../token/json.ts'
import type { VerifiedToken } from '../types.ts'

/** The conditions, as an access rule has them. */
export interface AuthenticationRule {
  readonly acr?: readonly string[] | undefined
  readonly maxAuthAgeSeconds?: number | undefined
}

/** The defaults of `now` and `clockToleranceSeconds`, for a token whose verifier has no others. */
const DEFAULT_CLOCK: Clock = {
  // biome-ignore lint/style/noRestrictedGlobals: the default of the option `now`
  now: () => Date.now(),
  toleranceSeconds: 5,
}

/** The time at which a rule is checked. A map of rules checks all of them at one time. */
export interface CheckTime {
  readonly seconds: number
  readonly toleranceSeconds: number
}

/** The current time, by the clock of the verifier that verified the token. */
export function checkTimeOf(verified: VerifiedToken<unknown>): CheckTime {
  const { now, toleranceSeconds } = clockOf(verified) ?? DEFAULT_CLOCK
  return { seconds: now() / 1_000, toleranceSeconds }
}

/** @throws {@link AccessError} `ERR_ACCESS_AUTHENTICATION` */
export function assertAuthentication(
  claims: JsonObject,
  { acr, maxAuthAgeSeconds }: AuthenticationRule,
  time: CheckTime,
): void {
  const refuse = (details: ErrorDetails): never => {
    throw new AccessError('ERR_ACCESS_AUTHENTICATION', {
      ...details,
      acrValues: acr,
      maxAgeSeconds: maxAuthAgeSeconds,
    })
  }
  if (acr !== undefined) {
    const given = claimAt(claims, ['acr'])
    if (given === undefined) refuse({ claim: 'acr', reason: 'missing' })
    if (typeof given !== 'string') refuse({ claim: 'acr', reason: 'invalid' })
    if (!acr.includes(given as string)) refuse({ claim: 'acr', reason: 'mismatch' })
  }
  if (maxAuthAgeSeconds === undefined) return
  const at = claimAt(claims, ['auth_time'])
  if (at === undefined) refuse({ claim: 'auth_time', reason: 'missing' })
  if (!Number.isFinite(at)) refuse({ claim: 'auth_time', reason: 'invalid' })
  const age = time.seconds - (at as number)
  if (age < -time.toleranceSeconds) refuse({ claim: 'auth_time', reason: 'future' })
  if (age > maxAuthAgeSeconds) refuse({ claim: 'auth_time', reason: 'mismatch' })
}
