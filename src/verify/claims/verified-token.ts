/**
 * What a verifier answers. Where a schema made other claims out of the JWT claims set, the set stays at hand for those
 * who look for standard claims (scopes, groups, the subject), which a schema may have left out.
 */
import { ConfigError } from '../errors.ts'
import type { JsonObject } from '../token/json.ts'
import type { JwtHeader, VerifiedToken } from '../types.ts'

// Stryker disable next-line StringLiteral: any name would do that nobody else uses
const CLAIMS_SET = Symbol.for('jwt-gate.claims-set')

/** @param header - and `payload` and `claims`: frozen, `payload` before a schema could see it */
export function toVerifiedToken(
  header: JwtHeader,
  payload: JsonObject,
  issuer: string,
  claims: unknown,
): VerifiedToken<unknown> {
  const verified = { claims, header, issuer }
  if (claims !== payload) {
    Object.defineProperty(verified, CLAIMS_SET, { value: payload })
  }
  return Object.freeze(verified)
}

/** The JWT claims set of a verified token, whatever a schema made of it. */
export function claimsSetOf(verified: VerifiedToken<unknown>): JsonObject {
  const { claims, [CLAIMS_SET]: claimsSet = claims } = verified as {
    claims: unknown
    [CLAIMS_SET]?: unknown
  }
  // text and numbers have no claims
  return (claimsSet ?? {}) as JsonObject
}

/**
 * Whether this has the members of a verified token. It is asked of everything that a verifier returns, because users wrap
 * verifiers: what has no such members is a mistake in a wrapper, and never a verified token.
 */
export function isVerifiedToken(value: unknown): value is VerifiedToken<unknown> {
  if (typeof value !== 'object' || value === null) return false
  const { issuer, header } = value as { issuer?: unknown; header?: unknown }
  return (
    typeof issuer === 'string' && typeof header === 'object' && header !== null && 'claims' in value
  )
}

/** @throws {@link ConfigError} that names "verifier" */
export function assertVerifiedToken(value: unknown): asserts value is VerifiedToken<unknown> {
  if (isVerifiedToken(value)) return
  throw new ConfigError('"verifier" must return a verified token from verify(), or reject')
}
