/**
 * From the routes of a map and their rules to policies; or to the reason why there are none.
 */
import type { CheckedAccessRule } from '../../verify/adapter-kit.ts'
import { ConfigError } from '../../verify/index.ts'
import type { PathSpellings } from '../routes/path-spellings.ts'
import type { Route } from '../routes/route-key.ts'
import { implies } from './access-rules.ts'
import { type Conflict, RoutePolicies, type RoutePolicy } from './route-policy.ts'

/** Routes, the most specific first, and the rule of each. */
export interface RuledRoutes {
  readonly routes: readonly Route[]
  readonly rules: readonly CheckedAccessRule[]
}

// an ARN with its quotes up to the method, in the Region with the longest name
const ARN_LENGTH = 100
// the same for every API and stage, in the partition with the longest name
const WIDE_ARN_LENGTH = 40
const MAX_RESOURCE_LENGTH = 512
const MAX_POLICY_LENGTH = 8_192

/**
 * Finds what policies have to say.
 * @param exact - whether they must allow nothing that no route matches
 * @throws {@link ConfigError} that names the routes that no policy can express together
 */
export function compilePolicies(
  { routes, rules }: RuledRoutes,
  spellings: PathSpellings,
  exact: boolean,
): RoutePolicies {
  const ruleOf = (at: number): CheckedAccessRule => rules[at] as CheckedAccessRule
  const isIndependent = (refused: number, granted: number): boolean =>
    !implies(ruleOf(granted), ruleOf(refused))
  let conflict: Conflict | undefined
  // a star for ANY keeps policies short, where it does no harm
  for (const style of ['star', 'each'] as const) {
    const policies = RoutePolicies.from(routes, spellings, style)
    if (policies === undefined)
      throw new ConfigError('"access" has too many routes to look through')
    conflict = policies.findConflict(isIndependent, exact)
    if (conflict === undefined) return assertSize(policies, rules)
  }
  throw new ConfigError(explain(routes, conflict as Conflict))
}

/**
 * AWS documents 512 characters for a resource, and 8 KB for the result of a WebSocket API's authorizer. Who may do less can
 * have a longer policy, because more is denied: so it is looked at those who pass everything, and those who pass one rule.
 */
function assertSize(policies: RoutePolicies, rules: RuledRoutes['rules']): RoutePolicies {
  const rows = rules.map((rule) => rules.map((other) => implies(rule, other)))
  const distinct = new Map([rules.map(() => true), ...rows].map((row) => [row.join(), row]))
  for (const granted of distinct.values()) assertFits(policies.toPolicy(granted))
  return policies
}

function assertFits({ allow, deny, denySpellings }: RoutePolicy): void {
  const lengths = [
    ...[...allow, ...deny].map((pattern) => ARN_LENGTH + pattern.length),
    ...denySpellings.map((pattern) => WIDE_ARN_LENGTH + pattern.length),
  ]
  if (lengths.some((length) => length > MAX_RESOURCE_LENGTH)) {
    throw new ConfigError('"access" has a route that is too long for a policy')
  }
  const total = lengths.reduce((sum, length) => sum + length, 0)
  if (total <= MAX_POLICY_LENGTH) return
  throw new ConfigError(
    '"access" makes a policy of more than 8 KB: use fewer routes, {proxy+}, or "exact": false with every route listed, or set "policy" to "request"',
  )
}

function explain(routes: readonly Route[], { route, suffering }: Conflict): string {
  const keyOf = (at: number): string => (routes[at] as Route).key
  const names = [...suffering].map(keyOf).join(', ')
  const way = 'or set "policy" to "request" and make the route an identity source of the authorizer'
  if (route === undefined) {
    return `"access" cannot be one exact policy, because IAM's * crosses /: ${names} would also allow requests that match no route. List every route of the API and set "exact" to false, ${way}`
  }
  return `"access" cannot be one policy, because IAM's * crosses / and one Deny beats every Allow: ${keyOf(route)} cannot be refused while ${names} may be used. Give them the same rule, ${way}`
}
