/**
 * Authorization: checks the scopes, groups and other claims of a verified token, and a rule of the user.
 */
import { type ClaimPath, claimAt } from '../claims/claim-path.ts'
import { claimsSetOf, groupsClaimOf, isVerifiedToken } from '../claims/verified-token.ts'
import { AccessError, ConfigError, isJwtGateError } from '../errors.ts'
import type { JsonObject } from '../token/json.ts'
import type { JwtClaims, JwtHeader, VerifiedToken } from '../types.ts'
import { assertPlainObject } from '../util/check-option.ts'
import { ignoreRejection } from '../util/promises.ts'
import { type AccessRule, type CheckedAccessRule, readAccessRule } from './access-rule.ts'
import { assertAuthentication, type CheckTime, checkTimeOf } from './authentication.ts'
import { assertClaimConditions } from './claim-conditions.ts'

/**
 * Checks that a verified token, or claims that were verified before, meet an access rule. Returns nothing if they do.
 *
 * @example
 * ```ts
 * authorize(await verifier.verify(token), { scopes: ['orders/read'] })
 * authorize(claimsFromEvent(event), { scopes: ['orders/read'] })
 * ```
 * @param verified - the result of `verify`, or of `claimsFromEvent`. The issuer's `groupsClaim` and the verifier's clock are
 * known only for the result of `verify`; `check` gets an empty header for claims
 * @param rule - the conditions, all of which must be met
 * @throws {@link AccessError} `ERR_ACCESS_SCOPE`, `ERR_ACCESS_GROUP`, `ERR_ACCESS_AUTHENTICATION` or `ERR_ACCESS_DENIED`
 * @throws {@link ConfigError} `ERR_CONFIG_INVALID` if the rule is invalid
 */
export function authorize<Claims>(
  verified: VerifiedToken<Claims>,
  rule: AccessRule<NoInfer<Claims>>,
): void
export function authorize<Claims extends Partial<JwtClaims>>(
  claims: Claims,
  rule: AccessRule<NoInfer<Claims>>,
): void
export function authorize(given: unknown, rule: AccessRule<never>): void {
  assertAccess(toVerified(given), readAccessRule(rule))
}

/** A verified token has no claims of its own, so claims that contain the members of one are not mistaken for it. */
function toVerified(given: unknown): VerifiedToken<unknown> {
  const isClaims = ['iss', 'sub', 'exp'].some((name) => Object.hasOwn(Object(given), name))
  if (!isClaims && isVerifiedToken(given)) return given
  assertPlainObject('verified', given)
  if (Object.keys(given).length === 0) throw new ConfigError('"verified" has no claims')
  const issuer = readOwn(given as JsonObject, 'iss')
  const header = {} as JwtHeader
  return { claims: given, header, issuer: typeof issuer === 'string' ? issuer : '' }
}

/** Like {@link authorize}, with a validated rule. @param time - the time of the check, if several rules share it */
export function assertAccess(
  verified: VerifiedToken<unknown>,
  rule: CheckedAccessRule,
  time?: CheckTime,
): void {
  const { scopes, anyScope, groups, allGroups, conditions, acr, maxAuthAgeSeconds, check } = rule
  const claims = claimsSetOf(verified)
  const granted = readGrantedScopes(claims)
  if (scopes && !scopes.every((one) => granted.has(one))) {
    throw new AccessError('ERR_ACCESS_SCOPE', { scopes, expected: { scopes } })
  }
  if (anyScope && !anyScope.some((one) => granted.has(one))) {
    throw new AccessError('ERR_ACCESS_SCOPE', { scopes: anyScope, expected: { anyScope } })
  }
  const memberOf = readGroups(claims, groupsClaimOf(verified))
  if (groups && !groups.some((one) => memberOf.has(one))) {
    throw new AccessError('ERR_ACCESS_GROUP', { expected: { groups } })
  }
  if (allGroups && !allGroups.every((one) => memberOf.has(one))) {
    throw new AccessError('ERR_ACCESS_GROUP', { expected: { allGroups } })
  }
  assertClaimConditions(claims, conditions)
  if (acr !== undefined || maxAuthAgeSeconds !== undefined) {
    assertAuthentication(claims, rule, time ?? checkTimeOf(verified))
  }
  if (check) assertAllowed(check as (verified: VerifiedToken<unknown>) => unknown, verified)
}

function assertAllowed(
  check: (verified: VerifiedToken<unknown>) => unknown,
  verified: VerifiedToken<unknown>,
): void {
  let result: unknown
  try {
    result = check(verified)
  } catch (error) {
    if (isJwtGateError(error)) throw error
    throw new AccessError('ERR_ACCESS_DENIED', { cause: error })
  }
  // the result of an asynchronous rule comes too late
  ignoreRejection(result)
  // anything except true, for example undefined after a forgotten return
  if (result !== true) throw new AccessError('ERR_ACCESS_DENIED')
}

/** RFC 6749 s3.3, RFC 9068 s2.2.3: a space-separated string. Some issuers use `scp`. */
export function readGrantedScopes(claims: JsonObject): ReadonlySet<string> {
  const scope = readOwn(claims, 'scope') ?? readOwn(claims, 'scp')
  if (typeof scope === 'string') return new Set(scope.split(' '))
  return toStringSet(scope)
}

/** A string is one group: it may contain spaces and commas. */
export function readGroups(claims: JsonObject, place: ClaimPath | undefined): ReadonlySet<string> {
  const groups = place
    ? claimAt(claims, place)
    : (readOwn(claims, 'cognito:groups') ?? readOwn(claims, 'groups'))
  return typeof groups === 'string' ? new Set([groups]) : toStringSet(groups)
}

/** Inherited members do not count, so that a polluted `Object.prototype` grants nothing. */
function readOwn(claims: JsonObject, name: string): unknown {
  return Object.hasOwn(claims, name) ? claims[name] : undefined
}

/** The strings of a list; an empty set for any other value. */
function toStringSet(value: unknown): ReadonlySet<string> {
  if (!Array.isArray(value)) return new Set()
  return new Set(value.filter((one) => typeof one === 'string'))
}
