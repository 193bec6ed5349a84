/**
 * Compiles the routes of a map and their rules into policies, or explains why that is impossible.
 */
import { ConfigError } from '../../verify/index.ts'
import type { PathSpellings } from '../routes/path-spellings.ts'
import { implies } from './access-rules.ts'
import { type Conflict, RoutePolicies, type RoutePolicy } from './route-policy.ts'
import type { RuledRoute } from './ruled-routes.ts'

// an ARN in quotes, up to the method, in the Region with the longest name
const ARN_LENGTH = 100
// the same for every API and stage, in the partition with the longest name
const WIDE_ARN_LENGTH = 40
const MAX_RESOURCE_LENGTH = 512
const MAX_POLICY_LENGTH = 8_192

/**
 * @param routes - the most specific first
 * @param exact - whether the policies must allow nothing that no route matches
 * @throws {@link ConfigError} that names the routes that no policy can express together
 */
export function compilePolicies(
  routes: readonly RuledRoute[],
  spellings: PathSpellings,
  exact: boolean,
): RoutePolicies<RuledRoute> {
  const isIndependent = (refused: RuledRoute, granted: RuledRoute): boolean =>
    !implies(granted.rule, refused.rule)
  let conflict: Conflict<RuledRoute> | undefined
  // `*` for ANY makes policies short, but does not always work
  for (const style of ['star', 'each'] as const) {
    const policies = RoutePolicies.from(routes, spellings, style)
    if (policies === undefined)
      throw new ConfigError('"access" has too many routes to look through')
    conflict = policies.findConflict(isIndependent, exact)
    if (conflict === undefined) {
      assertSizes(policies, routes)
      return policies
    }
  }
  throw new ConfigError(explain(conflict as Conflict<RuledRoute>))
}

/**
 * AWS documents 512 characters for a resource, and 8 KB for the result of a WebSocket API's authorizer. A token with fewer rights
 * may need a longer policy, because more is denied. So this checks the policy of tokens that satisfy all rules, and for each
 * rule, of tokens that satisfy it.
 */
function assertSizes(policies: RoutePolicies<RuledRoute>, routes: readonly RuledRoute[]): void {
  const grants = routes.map(({ rule }) => routes.filter((other) => implies(rule, other.rule)))
  const distinct = new Map(
    [[...routes], ...grants].map((granted) => [
      routes.map((route) => granted.includes(route)).join(),
      new Set(granted),
    ]),
  )
  for (const granted of distinct.values()) assertFits(policies.toPolicy(granted))
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

function explain({ route, affected }: Conflict<RuledRoute>): string {
  const names = [...affected].map(({ key }) => key).join(', ')
  const way = 'or set "policy" to "request" and make the route an identity source of the authorizer'
  if (route === undefined) {
    return `"access" cannot be one exact policy, because IAM's * crosses /: ${names} would also allow requests that match no route. List every route of the API and set "exact" to false, ${way}`
  }
  return `"access" cannot be one policy, because IAM's * crosses / and one Deny beats every Allow: ${route.key} cannot be refused while ${names} may be used. Give them the same rule, ${way}`
}
