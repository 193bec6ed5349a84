/**
 * Authorization: checks the scopes and groups of a verified token, and a rule of the user.
 */

import { claimsSetOf } from '../claims/verified-token.ts'
import { AccessError, ConfigError, isJwtGateError } from '../errors.ts'
import type { JsonObject } from '../token/json.ts'
import type { VerifiedToken } from '../types.ts'
import {
  type OptionNames,
  readFunction,
  readOptional,
  readOptions,
  readStrings,
} from '../util/check-option.ts'
import { ignoreRejection } from '../util/promises.ts'

/**
 * The conditions for access. All given conditions must be met. Scopes and groups are compared exactly.
 *
 * Security: an empty rule (`{}`) allows every verified token.
 */
export interface AccessRule<Claims = unknown> {
  /**
   * The token must have all of these scopes. Scopes come from `scope` (space-separated string, or list), else from `scp`
   * (RFC 6749 s3.3). @defaultValue not checked
   */
  readonly scopes?: readonly string[] | undefined
  /** The token must have at least one of these scopes. @defaultValue not checked */
  readonly anyScope?: readonly string[] | undefined
  /**
   * The token must have at least one of these groups. Groups come from `cognito:groups`, else from `groups`: a list, or a string
   * with one group.
   * @defaultValue not checked
   */
  readonly groups?: readonly string[] | undefined
  /** The token must have all of these groups. @defaultValue not checked */
  readonly allGroups?: readonly string[] | undefined
  /**
   * Your own rule, synchronous. Any result except `true` denies access. If it throws, access is denied too, with the error as
   * `cause`. In a route map, it must always return the same result for the same token, because one policy combines all results.
   * @defaultValue none
   */
  readonly check?: ((verified: VerifiedToken<Claims>) => boolean) | undefined
}

const OPTIONS: OptionNames<AccessRule> = {
  scopes: true,
  anyScope: true,
  groups: true,
  allGroups: true,
  check: true,
}
// RFC 6749 s3.3
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/

/**
 * Checks that a verified token meets an access rule. Returns nothing if it does.
 *
 * @example
 * ```ts
 * authorize(await verifier.verify(token), { scopes: ['orders/read'] })
 * ```
 * @param verified - the result of `verify`
 * @param rule - the conditions, all of which must be met
 * @throws {@link AccessError} `ERR_ACCESS_SCOPE`, `ERR_ACCESS_GROUP` or `ERR_ACCESS_DENIED`
 * @throws {@link ConfigError} `ERR_CONFIG_INVALID` if the rule is invalid
 */
export function authorize<Claims>(
  verified: VerifiedToken<Claims>,
  rule: AccessRule<NoInfer<Claims>>,
): void {
  assertAccess(verified, readAccessRule(rule))
}

/** A validated rule. */
export type CheckedAccessRule = AccessRule<never> & { readonly isChecked: true }

/** Validates a rule once, for adapters that apply it many times. @throws {@link ConfigError} that names the invalid option */
export function readAccessRule(rule: AccessRule<never>): CheckedAccessRule {
  const { scopes, anyScope, groups, allGroups, check } = readOptions('rule', rule, OPTIONS)
  return {
    // null and '' do not count as omitted: otherwise, a mistake could turn a rule into an empty one
    scopes: readOptional(readScopes, 'scopes', scopes),
    anyScope: readOptional(readScopes, 'anyScope', anyScope),
    groups: readOptional(readStrings, 'groups', groups),
    allGroups: readOptional(readStrings, 'allGroups', allGroups),
    check: readFunction('check', check),
    // Stryker disable next-line BooleanLiteral: a mark for the compiler, never read
    isChecked: true,
  }
}

/** Like {@link authorize}, with a validated rule. */
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
function readGroups(claims: JsonObject): ReadonlySet<string> {
  const groups = readOwn(claims, 'cognito:groups') ?? readOwn(claims, 'groups')
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

function readScopes(name: string, value: unknown): readonly string[] {
  const scopes = readStrings(name, value)
  if (scopes.every((one) => SCOPE_TOKEN.test(one))) return scopes
  throw new ConfigError(
    `"${name}" must have one scope per entry: printable ASCII without spaces, quotes or backslashes`,
  )
}
