/**
 * What the bearer of a verified token may do: scopes, groups, and a rule of the user's.
 */

import { claimsSetOf } from '../claims/verified-token.ts'
import { AccessError, ConfigError, isJwtGateError } from '../errors.ts'
import type { JsonObject } from '../token/json.ts'
import type { VerifiedToken } from '../types.ts'
import { readFunction, readOptional, readOptions, readStrings } from '../util/check-option.ts'
import { ignoreRejection } from '../util/promises.ts'

/** What a token must allow. All that is given has to hold; an empty rule asks for no more than a good token. */
export interface AccessRule<Claims = unknown> {
  /** Scopes, all of which the token must have. Read from `scope` (a string with spaces, or a list), else from `scp`. */
  readonly scopes?: readonly string[] | undefined
  /** Scopes, one of which the token must have. */
  readonly anyScope?: readonly string[] | undefined
  /** Groups, one of which the token must name. Read from `cognito:groups`, else from `groups`. */
  readonly groups?: readonly string[] | undefined
  /** Groups, all of which the token must name. */
  readonly allGroups?: readonly string[] | undefined
  /**
   * A rule of your own: anything but `true` denies. What it throws denies too, and is kept as `cause`. In a route map, it
   * has to answer the same for the same token: one policy is made of all answers.
   */
  readonly check?: ((verified: VerifiedToken<Claims>) => boolean) | undefined
}

const OPTIONS = ['scopes', 'anyScope', 'groups', 'allGroups', 'check']
// RFC 6749 s3.3
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/

/**
 * Checks that a verified token allows what a rule asks for.
 *
 * @example
 * ```ts
 * authorize(await verifier.verify(token), { scopes: ['orders/read'] })
 * ```
 * @throws {@link AccessError} `ERR_ACCESS_SCOPE`, `ERR_ACCESS_GROUP`, `ERR_ACCESS_DENIED`
 * @throws {@link ConfigError} where the rule itself is wrong
 */
export function authorize<Claims>(
  verified: VerifiedToken<Claims>,
  rule: AccessRule<NoInfer<Claims>>,
): void {
  assertAccess(verified, readAccessRule(rule))
}

/** A rule that was read. */
export type CheckedAccessRule = AccessRule<never> & { readonly isChecked: true }

/** Reads a rule once, for surfaces that ask it again and again. @throws {@link ConfigError} */
export function readAccessRule(rule: AccessRule<never>): CheckedAccessRule {
  const { scopes, anyScope, groups, allGroups, check } = readOptions('rule', rule, OPTIONS)
  return {
    // null and '' leave nothing out: a rule that asks for nothing would be an open door
    scopes: readOptional(readScopes, 'scopes', scopes),
    anyScope: readOptional(readScopes, 'anyScope', anyScope),
    groups: readOptional(readStrings, 'groups', groups),
    allGroups: readOptional(readStrings, 'allGroups', allGroups),
    check: readFunction('check', check),
    // Stryker disable next-line BooleanLiteral: a mark for the compiler, which nobody reads
    isChecked: true,
  }
}

/** The same as {@link authorize}, with a rule that was read before. */
export function assertAccess(
  verified: VerifiedToken<unknown>,
  { scopes, anyScope, groups, allGroups, check }: CheckedAccessRule,
): void {
  const claims = claimsSetOf(verified)
  const granted = readGrantedScopes(claims)
  if (scopes && !scopes.every((one) => granted.has(one))) {
    throw new AccessError('ERR_ACCESS_SCOPE', { scopes })
  }
  if (anyScope && !anyScope.some((one) => granted.has(one))) {
    throw new AccessError('ERR_ACCESS_SCOPE', { scopes: anyScope })
  }
  const memberOf = readGroups(claims)
  if (groups && !groups.some((one) => memberOf.has(one))) throw new AccessError('ERR_ACCESS_GROUP')
  if (allGroups && !allGroups.every((one) => memberOf.has(one))) {
    throw new AccessError('ERR_ACCESS_GROUP')
  }
  if (check) assertAllowed(check as (verified: VerifiedToken<unknown>) => unknown, verified)
}

function assertAllowed(
  check: (verified: VerifiedToken<unknown>) => unknown,
  verified: VerifiedToken<unknown>,
): void {
  let answer: unknown
  try {
    answer = check(verified)
  } catch (error) {
    if (isJwtGateError(error)) throw error
    throw new AccessError('ERR_ACCESS_DENIED', { cause: error })
  }
  // an asynchronous rule, whose outcome comes too late
  ignoreRejection(answer)
  // anything else but true: a forgotten return, for one
  if (answer !== true) throw new AccessError('ERR_ACCESS_DENIED')
}

/** RFC 6749 s3.3, RFC 9068 s2.2.3: names with single spaces between them. `scp` is what other issuers call it. */
export function readGrantedScopes(claims: JsonObject): ReadonlySet<string> {
  const scope = claims['scope'] ?? claims['scp']
  if (typeof scope === 'string') return new Set(scope.split(' '))
  return toStringSet(scope)
}

function readGroups(claims: JsonObject): ReadonlySet<string> {
  return toStringSet(claims['cognito:groups'] ?? claims['groups'])
}

/** A list of strings; anything else grants nothing. */
function toStringSet(value: unknown): ReadonlySet<string> {
  if (!Array.isArray(value)) return new Set()
  return new Set(value.filter((one) => typeof one === 'string'))
}

function readScopes(name: string, value: unknown): readonly string[] {
  const scopes = readStrings(name, value)
  if (scopes.every((one) => SCOPE_TOKEN.test(one))) return scopes
  throw new ConfigError(
    `"${name}" must be single scopes: printable ASCII without spaces, quotes and backslashes`,
  )
}
