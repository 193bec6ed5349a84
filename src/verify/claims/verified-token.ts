/**
 * The result of a verification. If a schema transforms the claims, the original JWT claims set stays available internally, for
 * standard claims (scopes, groups, the subject) that the schema may omit.
 */
import { ConfigError } from '../errors.ts'
import type { JsonObject } from '../token/json.ts'
import type { JwtHeader, VerifiedToken } from '../types.ts'
import type { ClaimPath } from './claim-path.ts'

// Stryker disable next-line StringLiteral: any unique name works
const CLAIMS_SET = Symbol.for('jwt-gate.claims-set')
// Stryker disable next-line StringLiteral: any unique name works
const CLOCK = Symbol.for('jwt-gate.clock')
// Stryker disable next-line StringLiteral: any unique name works
const GROUPS_CLAIM = Symbol.for('jwt-gate.groups-claim')

/** The clock by which access rules check the time of the authentication. */
export interface Clock {
  /** In milliseconds since 1970. */
  readonly now: () => number
  readonly toleranceSeconds: number
}

/**
 * All arguments must be frozen, `payload` before it is passed to a schema.
 * @param groupsClaim - where access rules read the groups, if not at the usual places
 * @param clock - `undefined` for the default clock
 */
export function toVerifiedToken(
  header: JwtHeader,
  payload: JsonObject,
  issuer: string,
  claims: unknown,
  groupsClaim: ClaimPath | undefined,
  clock: Clock | undefined,
): VerifiedToken<unknown> {
  // enumerable, because a copy without it would get its groups from another claim
  const verified = groupsClaim
    ? { claims, header, issuer, [GROUPS_CLAIM]: groupsClaim }
    : { claims, header, issuer }
  if (claims !== payload) {
    Object.defineProperty(verified, CLAIMS_SET, { value: payload })
  }
  if (clock !== undefined) Object.defineProperty(verified, CLOCK, { value: clock })
  return Object.freeze(verified)
}

/** The original JWT claims set of a verified token, before any schema. */
export function claimsSetOf(verified: VerifiedToken<unknown>): JsonObject {
  const { claims, [CLAIMS_SET]: claimsSet = claims } = verified as {
    claims: unknown
    [CLAIMS_SET]?: unknown
  }
  // a hand-made token may have no claims; other primitive values simply have no claim members
  return (claimsSet ?? {}) as JsonObject
}

/** Whether the token is bound to a key or a certificate. Then it says nothing about a request without the proof. */
export function isBound(verified: VerifiedToken<unknown>): boolean {
  return claimsSetOf(verified)['cnf'] !== undefined
}

/** The clock of the verifier that verified the token; `undefined` for the default clock. */
export function clockOf(verified: VerifiedToken<unknown>): Clock | undefined {
  return (verified as { [CLOCK]?: Clock })[CLOCK]
}

/** Where the issuer of a verified token has its groups; `undefined` for the usual places. */
export function groupsClaimOf(verified: VerifiedToken<unknown>): ClaimPath | undefined {
  return (verified as { [GROUPS_CLAIM]?: ClaimPath })[GROUPS_CLAIM]
}

/**
 * Whether a value has the members of a verified token. Checked on every result of a verifier, because users wrap verifiers and
 * a faulty wrapper may return something else.
 */
export function isVerifiedToken(value: unknown): value is VerifiedToken<unknown> {
  if (typeof value !== 'object' || value === null) return false
  const { issuer, header } = value as { issuer?: unknown; header?: unknown }
  return (
    typeof issuer === 'string' && typeof header === 'object' && header !== null && 'claims' in value
  )
}

/** @throws {@link ConfigError} for `"verifier"` if the value is not a verified token */
export function assertVerifiedToken(value: unknown): asserts value is VerifiedToken<unknown> {
  if (isVerifiedToken(value)) return
  throw new ConfigError('"verifier" must return a verified token from verify(), or reject')
}
