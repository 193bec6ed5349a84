/**
 * Relations between the rules of a map: if one rule accepts a token, another may have to accept it, too.
 */
import type { CheckedAccessRule } from '../../verify/adapter-kit.ts'

type Names = readonly string[] | undefined
type Conditions = CheckedAccessRule['conditions']

/** Whether every token that the first rule accepts is accepted by the other, as far as the rules show. */
export function implies(rule: CheckedAccessRule, other: CheckedAccessRule): boolean {
  return (
    impliesAll(rule.scopes, other.scopes) &&
    impliesAll(rule.allGroups, other.allGroups) &&
    impliesAny(rule.anyScope, other.anyScope) &&
    impliesAny(rule.groups, other.groups) &&
    impliesAny(rule.acr, other.acr) &&
    impliesAge(rule.maxAuthAgeSeconds, other.maxAuthAgeSeconds) &&
    impliesConditions(rule.conditions, other.conditions) &&
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

/** For each claim of the other rule, this rule has a condition for the same claim that allows no other values. */
function impliesConditions(conditions: Conditions = [], others: Conditions = []): boolean {
  return others.every((other) =>
    conditions.some(
      ({ path, values }) =>
        JSON.stringify(path) === JSON.stringify(other.path) &&
        [...values].every((value) => other.values.has(value)),
    ),
  )
}

/** A recent authentication is also one within a longer time. */
function impliesAge(age: number | undefined, other: number | undefined): boolean {
  return other === undefined || (age !== undefined && age <= other)
}
