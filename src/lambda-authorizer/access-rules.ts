/**
 * How the rules of a map depend on each other: where one holds, another may have to.
 */
import type { CheckedAccessRule } from '../verify/adapter-kit.ts'

/** Whether every token that one rule lets pass is let pass by the other one too, as far as can be told from the rules. */
export function implies(rule: CheckedAccessRule, other: CheckedAccessRule): boolean {
  return (
    isSubset(other.scopes ?? [], rule.scopes ?? []) &&
    isSubset(other.allGroups ?? [], rule.allGroups ?? []) &&
    impliesAny(rule.anyScope, other.anyScope) &&
    impliesAny(rule.groups, other.groups) &&
    (other.check === undefined || other.check === rule.check)
  )
}

/** Whether a rule asks for no more than a good token. */
export function isOpen({ scopes, anyScope, groups, allGroups, check }: CheckedAccessRule): boolean {
  return [scopes, anyScope, groups, allGroups, check].every((part) => part === undefined)
}

/** One of a few names is also one of more. */
function impliesAny(
  names: readonly string[] | undefined,
  others: readonly string[] | undefined,
): boolean {
  return others === undefined || (names !== undefined && isSubset(names, others))
}

function isSubset(names: readonly string[], others: readonly string[]): boolean {
  return names.every((name) => others.includes(name))
}
