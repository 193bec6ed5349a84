/**
 * Access rules: the conditions that a verified token must meet for a request.
 */
import { ConfigError } from '../errors.ts'
import type { VerifiedToken } from '../types.ts'
import {
  assertObject,
  type OptionNames,
  readCount,
  readFunction,
  readOptional,
  readOptions,
  readStrings,
} from '../util/check-option.ts'
import { type ClaimCondition, type ClaimValue, readClaimConditions } from './claim-conditions.ts'

/**
 * The conditions for access. All given conditions must be met. Scopes, groups and other claims are compared exactly.
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
   * The token must have at least one of these groups. Groups come from the issuer's `groupsClaim`, or without that from
   * `cognito:groups`, else from `groups`: a list, or a string with one group.
   * @defaultValue not checked
   */
  readonly groups?: readonly string[] | undefined
  /** The token must have all of these groups. @defaultValue not checked */
  readonly allGroups?: readonly string[] | undefined
  /**
   * The values of other claims, such as roles, permissions or the tenant. The key is the name of a claim, or a JSON Pointer into
   * the claims (RFC 6901), such as `/realm_access/roles`. The claim must equal one of the values, or, if it is a list, contain
   * one of them. Types and spelling are compared exactly.
   * @defaultValue not checked
   */
  readonly claims?: Readonly<Record<string, ClaimValue | readonly ClaimValue[]>> | undefined
  /**
   * The accepted values of `acr`: how the user authenticated (RFC 9470). Otherwise, the client gets 401 with `acr_values`.
   * @defaultValue not checked
   */
  readonly acr?: readonly string[] | undefined
  /**
   * The maximum time since the user authenticated (`auth_time`), in seconds (RFC 9470). Otherwise, the client gets 401 with
   * `max_age`. The time is the one of the verifier's clock. In a route map, a cached result holds until the TTL ends.
   * @defaultValue not checked
   */
  readonly maxAuthAgeSeconds?: number | undefined
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
  claims: true,
  acr: true,
  maxAuthAgeSeconds: true,
  check: true,
}
const TEN_YEARS_SECONDS = 315_360_000
// RFC 6749 s3.3
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/

/** A validated rule. */
export type CheckedAccessRule = Omit<AccessRule<never>, 'claims'> & {
  readonly conditions: readonly ClaimCondition[] | undefined
  readonly isChecked: true
}

/**
 * Validates a rule once, for adapters that apply it many times.
 * @param name - of the option or argument that has the rule
 * @throws {@link ConfigError} that names the invalid option
 */
export function readAccessRule(rule: AccessRule<never>, name = 'rule'): CheckedAccessRule {
  assertObject(name, rule, ', such as { scopes: ["orders/read"] }')
  const own = readOptions('rule', rule, OPTIONS)
  const { scopes, anyScope, groups, allGroups, claims, acr, maxAuthAgeSeconds, check } = own
  return {
    // null and '' do not count as omitted: otherwise, a mistake could turn a rule into an empty one
    scopes: readOptional(readScopes, 'scopes', scopes),
    anyScope: readOptional(readScopes, 'anyScope', anyScope),
    groups: readOptional(readStrings, 'groups', groups),
    allGroups: readOptional(readStrings, 'allGroups', allGroups),
    conditions: readOptional(readClaimConditions, 'claims', claims),
    // RFC 9470 s3: acr_values is a list with spaces, max_age a whole number
    acr: readOptional(readScopes, 'acr', acr),
    maxAuthAgeSeconds: readOptional(readSeconds, 'maxAuthAgeSeconds', maxAuthAgeSeconds),
    check: readFunction('check', check),
    // Stryker disable next-line BooleanLiteral: a mark for the compiler, never read
    isChecked: true,
  }
}

function readSeconds(name: string, value: unknown): number {
  return readCount(name, value, 0, TEN_YEARS_SECONDS)
}

/** Reads scopes, or values of `acr`: both are sent as lists with spaces. */
function readScopes(name: string, value: unknown): readonly string[] {
  const scopes = readStrings(name, value)
  if (scopes.every((one) => SCOPE_TOKEN.test(one))) return scopes
  throw new ConfigError(
    `"${name}" must have one value per entry: printable ASCII without spaces, quotes or backslashes`,
  )
}
