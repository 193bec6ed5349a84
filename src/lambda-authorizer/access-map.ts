/**
 * A map from API Gateway's route keys to rules: who may do what, for a whole API.
 */
import {
  assertAccess,
  assertObject,
  type CheckedAccessRule,
  readAccessRule,
} from '../verify/adapter-kit.ts'
import { AccessError, type AccessRule, ConfigError, type VerifiedToken } from '../verify/index.ts'
import { implies } from './access-rules.ts'
import { parseRouteKey, type Route } from './route-key.ts'
import { compareRoutes, doOverlap, findRoute, isAmbiguous } from './route-order.ts'
import { type Conflict, RoutePolicies, type RoutePolicy } from './route-policy.ts'
import { MAX_TOKENS } from './segment-pattern.ts'

/** The one route of a WebSocket API that has an authorizer. */
export const CONNECT = '$connect'

/** A policy, and why it refuses the request that was asked about. */
interface AnsweredPolicy extends RoutePolicy {
  readonly refusal: unknown
}

/** Rules by route. */
export interface AccessMap {
  /**
   * Checks one request.
   * @param segments - the method and the path's segments, or `$connect` alone
   * @throws {@link AccessError}
   */
  assertAllowed(verified: VerifiedToken<unknown>, segments: readonly string[]): void
  /** What a policy has to say of all routes, and what `assertAllowed` would throw for one request. */
  toPolicy(verified: VerifiedToken<unknown>, segments: readonly string[]): AnsweredPolicy
  /** Whether the map has this very route of an API. @param routeKey - with any names for its variables */
  has(routeKey: string): boolean
}

/** What an answer has to be right for: this request, all of its route, the listed routes, or all of the stage. */
export type AnswerScope = 'request' | 'route' | 'listed routes' | 'stage'

// an ARN with its quotes up to the method, in the Region with the longest name
const ARN_LENGTH = 100
const MAX_RESOURCE_LENGTH = 512
const MAX_POLICY_LENGTH = 8_192

type Rules = readonly CheckedAccessRule[]

/** @throws {@link ConfigError} that names the routes that are wrong, or that no policy can express together */
export function readAccessMap(
  access: Readonly<Record<string, AccessRule<never>>>,
  { scope }: { readonly scope: AnswerScope },
): AccessMap {
  assertObject('access', access)
  const { [CONNECT]: connect, ...others } = access
  const connectRule = connect && readAccessRule(connect)
  const routes = Object.keys(others).map(parseRouteKey).sort(compareRoutes)
  const rules = routes.map(({ key }) => readAccessRule(others[key] as AccessRule<never>))
  if (routes.length === 0 && connectRule === undefined) {
    throw new ConfigError('"access" must have at least one route')
  }
  assertDistinct(routes)
  if (scope === 'route') assertSeparate(routes, rules)
  const isPolicy = scope !== 'request' && scope !== 'route'
  const policies = isPolicy ? compile(routes, rules, scope === 'stage') : undefined
  const shapes = new Set(routes.map(toShape))
  return {
    assertAllowed: (verified, segments) => {
      const rule = segments.join('/') === CONNECT ? connectRule : rules[findRoute(routes, segments)]
      if (rule === undefined) throw new AccessError('ERR_ACCESS_DENIED')
      assertAccess(verified, rule)
    },
    toPolicy: (verified, segments) => {
      const refusals = rules.map((rule) => toRefusal(verified, rule))
      const granted = refusals.map((refusal) => refusal === undefined)
      const at = findRoute(routes, segments)
      const refusal = at < 0 ? new AccessError('ERR_ACCESS_DENIED') : refusals[at]
      // not asked where one request or one route is answered for
      return { ...(policies as RoutePolicies).toPolicy(granted), refusal }
    },
    has: (routeKey) => shapes.has(toShape(parseRouteKey(routeKey))),
  }
}

/** What a rule throws for a token; `undefined` where it lets it pass. */
function toRefusal(verified: VerifiedToken<unknown>, rule: CheckedAccessRule): unknown {
  try {
    assertAccess(verified, rule)
    return undefined
  } catch (error) {
    return error
  }
}

/** Two keys for the same requests, or of which each kind of API would take another one. */
function assertDistinct(routes: readonly Route[]): void {
  routes.forEach((first, at) => {
    for (const second of routes.slice(at + 1)) {
      if (toShape(first) === toShape(second)) {
        throw new ConfigError(
          `"access" has ${first.key} and ${second.key}, which are the same route`,
        )
      }
      if (isAmbiguous(first, second) && doOverlap(first, second)) {
        throw new ConfigError(
          `"access" has ${first.key} and ${second.key}: REST APIs and HTTP APIs choose differently between these`,
        )
      }
    }
  })
}

/**
 * API Gateway keeps one answer for all requests of one of its routes, so they all have to be under one rule: it is not
 * known whether the API has the more specific route of the map, too.
 */
function assertSeparate(routes: readonly Route[], rules: Rules): void {
  const isSame = (a: number, b: number): boolean => {
    const [rule, other] = [rules[a], rules[b]] as [CheckedAccessRule, CheckedAccessRule]
    return implies(rule, other) && implies(other, rule)
  }
  routes.forEach((first, at) => {
    const second = routes.find((one, other) => doOverlap(first, one) && !isSame(at, other))
    if (second === undefined) return
    throw new ConfigError(
      `"access" has ${first.key} and ${second.key} with different rules, which a simple answer cannot tell apart where the API has only one of them. If it has them all, make $context.routeKey an identity source or switch caching off, and say so with "policy": "request"`,
    )
  })
}

/** The same for routes that differ in the names of their variables alone: no text of a path has the braces of a symbol. */
function toShape({ method, path }: Route): string {
  return JSON.stringify([method, path?.map(String)])
}

function compile(routes: readonly Route[], rules: Rules, exact: boolean): RoutePolicies {
  const tooLong = routes.find(({ path }) => path !== undefined && path.length + 4 > MAX_TOKENS)
  if (tooLong) throw new ConfigError(`"access" has ${tooLong.key}, which is too long`)
  const ruleOf = (at: number): CheckedAccessRule => rules[at] as CheckedAccessRule
  const isIndependent = (refused: number, granted: number): boolean =>
    !implies(ruleOf(granted), ruleOf(refused))
  let conflict: Conflict | undefined
  // a star for ANY keeps policies short, where it does no harm
  for (const style of ['star', 'each'] as const) {
    const policies = RoutePolicies.from(routes, style)
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
function assertSize(policies: RoutePolicies, rules: Rules): RoutePolicies {
  const rows = rules.map((rule) => rules.map((other) => implies(rule, other)))
  const distinct = new Map([rules.map(() => true), ...rows].map((row) => [row.join(), row]))
  for (const granted of distinct.values()) assertFits(policies.toPolicy(granted))
  return policies
}

function assertFits({ allow, deny }: RoutePolicy): void {
  const lengths = [...allow, ...deny].map((pattern) => ARN_LENGTH + pattern.length)
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
