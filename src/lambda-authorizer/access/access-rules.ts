/**
 * Relations between the rules of a map: if one rule accepts a token, another may have to accept it, too.
 */
import type { CheckedAccessRule } from '../../verify/adapter-kit.ts'

type Names = readonly string[] | undefined

/** Whether every token that the first rule accepts is accepted by the other, as far as the rules show. */
export function implies(rule: CheckedAccessRule, other: CheckedAccessRule): boolean {
  return (
    impliesAll(rule.scopes, other.scopes) &&
    impliesAll(rule.allGroups, other.allGroups) &&
    impliesAny(rule.anyScope, other.anyScope) &&
    impliesAny(rule.groups, other.groups) &&
    (other.check === undefined || other.check === rule.check)
  )
}

/** All of some names include all of fewer names. */
function impliesAll(names: Names, others: Names): boolean {
  return others === undefined || others.every((name) => names?.includes(name))
}

/** One of a few names is also one of more names. */
function impliesAny(names: Names, others: Names): boolean {
  return others === undefined || (names?.every((name) => others.includes(name)) ?? false)
}
