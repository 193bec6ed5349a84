/**
 * How the rules of a map depend on each other: where one holds, another may have to.
 */
import type { CheckedAccessRule } from '../../verify/adapter-kit.ts'

type Names = readonly string[] | undefined

/** Whether every token that one rule lets pass is let pass by the other one too, as far as can be told from the rules. */
export function implies(rule: CheckedAccessRule, other: CheckedAccessRule): boolean {
  return (
    impliesAll(rule.scopes, other.scopes) &&
    impliesAll(rule.allGroups, other.allGroups) &&
    impliesAny(rule.anyScope, other.anyScope) &&
    impliesAny(rule.groups, other.groups) &&
    (other.check === undefined || other.check === rule.check)
  )
}

/** Who has all of some names has all of fewer. */
function impliesAll(names: Names, others: Names): boolean {
  return others === undefined || others.every((name) => names?.includes(name))
}

/** One of a few names is also one of more. */
function impliesAny(names: Names, others: Names): boolean {
  return others === undefined || (names?.every((name) => others.includes(name)) ?? false)
}
