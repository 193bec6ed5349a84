/**
 * A map from API Gateway's route keys to rules: who may do what, for a whole API.
 */
import {
  assertAccess,
  assertObject,
  type CheckedAccessRule,
  readAccessRule,
} from '../../verify/adapter-kit.ts'
import {
  AccessError,
  type AccessRule,
  ConfigError,
  isJwtGateError,
  type VerifiedToken,
} from '../../verify/index.ts'
import { findSpellings } from '../routes/path-spellings.ts'
import { type RequestPlace, RouteFinder, toShape } from '../routes/route-finder.ts'
import { parseRouteKey, type Route } from '../routes/route-key.ts'
import { compareRoutes, doOverlap, isAmbiguous } from '../routes/route-order.ts'
import type { RoutedRequest } from '../routes/routed-request.ts'
import { implies } from './access-rules.ts'
import { compilePolicies, type RuledRoutes } from './compile-policies.ts'
import type { RoutePolicies, RoutePolicy } from './route-policy.ts'

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
   * @throws {@link AccessError}; {@link ConfigError} where API Gateway chose a route that the path does not belong to
   */
  assertAllowed(verified: VerifiedToken<unknown>, request: RoutedRequest): void
  /**
   * What a policy has to say of all routes, and what `assertAllowed` would throw for one request.
   * @throws {@link ConfigError} as `assertAllowed` does; {@link AccessError} where the policy would not refuse this request
   */
  toPolicy(verified: VerifiedToken<unknown>, request: RoutedRequest): AnsweredPolicy
  /** Whether the map has the very route that API Gateway chose for a request. */
  hasChosen(request: RoutedRequest): boolean
  /** Whether all requests that there could be are under one rule. */
  readonly isUniform: boolean
}

type Rules = readonly CheckedAccessRule[]
type RefusalAt = (route: number) => unknown

/** What an answer has to be right for: this request, all of its route, the listed routes, or all of the stage. */
export type AnswerScope = 'request' | 'route' | 'listed routes' | 'stage'

/** @throws {@link ConfigError} that names the routes that are wrong, or that no policy can express together */
export function readAccessMap(
  access: Readonly<Record<string, AccessRule<never>>>,
  { scope }: { readonly scope: AnswerScope },
): AccessMap {
  assertObject('access', access)
  const { routes, rules, connectRule } = readRoutes(access)
  if (scope === 'route') assertSeparate({ routes, rules })
  const spellings = findSpellings(routes)
  const isPolicy = scope !== 'request' && scope !== 'route'
  const policies = isPolicy
    ? compilePolicies({ routes, rules }, spellings, scope === 'stage')
    : undefined
  const finder = new RouteFinder(routes, spellings)
  const judge = (place: RequestPlace, refusalAt: RefusalAt): unknown =>
    place.isNormal ? judgeNormal(place, refusalAt, finder) : judgeSpelled(place, refusalAt, rules)
  return {
    assertAllowed: (verified, request) => {
      if (request.segments.join('/') === CONNECT) return assertRule(verified, connectRule)
      const refusal = judge(finder.find(request), (at) => refusalOf(verified, rules[at]))
      if (refusal !== undefined) throw refusal
    },
    toPolicy: (verified, request) => {
      const place = finder.find(request)
      const refusals = rules.map((rule) => refusalOf(verified, rule))
      const granted = refusals.map((refusal) => refusal === undefined)
      const refusal = judge(place, (at) => refusals[at])
      if (refusal !== undefined && !place.isShown) throw refusal
      // not asked where one request or one route is answered for
      return { ...(policies as RoutePolicies).toPolicy(granted), refusal }
    },
    hasChosen: ({ chosen }) => finder.numberOf(chosen) !== undefined,
    isUniform: isUniform({ routes, rules }),
  }
}

function readRoutes(
  access: Readonly<Record<string, AccessRule<never>>>,
): RuledRoutes & { readonly connectRule: CheckedAccessRule | undefined } {
  const { [CONNECT]: connect, ...others } = access
  const connectRule = connect && readAccessRule(connect)
  const routes = Object.keys(others).map(parseRouteKey).sort(compareRoutes)
  const rules = routes.map(({ key }) => readAccessRule(others[key] as AccessRule<never>))
  if (routes.length === 0 && connectRule === undefined) {
    throw new ConfigError('"access" must have at least one route')
  }
  assertDistinct(routes)
  return { routes, rules, connectRule }
}

function assertRule(verified: VerifiedToken<unknown>, rule: CheckedAccessRule | undefined): void {
  if (rule === undefined) throw new AccessError('ERR_ACCESS_DENIED')
  assertAccess(verified, rule)
}

/** What a rule throws for a token; `undefined` where it lets it pass. */
function refusalOf(verified: VerifiedToken<unknown>, rule: CheckedAccessRule | undefined): unknown {
  try {
    assertRule(verified, rule)
    return undefined
  } catch (error) {
    return error
  }
}

/**
 * Why a request is refused; `undefined` where it is allowed.
 * @throws {@link ConfigError} where the route that API Gateway chose is refused, and the one that the path goes to is not
 */
function judgeNormal(
  { route, chosen = route }: RequestPlace,
  refusalAt: RefusalAt,
  finder: RouteFinder,
): unknown {
  if (route === undefined) return new AccessError('ERR_ACCESS_DENIED')
  const refusal = refusalAt(route)
  if (refusal !== undefined || chosen === route) return refusal
  if (refusalAt(chosen as number) === undefined) return undefined
  throw new ConfigError(
    `API Gateway chose ${finder.keyOf(chosen)}, which this token may not use, and by "access" the path goes to ${finder.keyOf(route)}, which it may use: "access" has a route that the API lacks`,
  )
}

/** A path that is not in normal form could go to any route, so it is for those alone who may use all of them. */
function judgeSpelled({ route }: RequestPlace, refusalAt: RefusalAt, rules: Rules): unknown {
  if (route === undefined) return new AccessError('ERR_ACCESS_DENIED')
  const refusals = [...rules.keys()].map(refusalAt).filter((one) => one !== undefined)
  if (refusals.length === 0) return undefined
  return refusals.find((one) => !isAccessError(one)) ?? new AccessError('ERR_ACCESS_DENIED')
}

function isAccessError(error: unknown): boolean {
  return isJwtGateError(error) && error.name === 'AccessError'
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
function assertSeparate({ routes, rules }: RuledRoutes): void {
  routes.forEach((first, at) => {
    const second = routes.find(
      (one, other) => doOverlap(first, one) && !isSame(rules[at], rules[other]),
    )
    if (second === undefined) return
    throw new ConfigError(
      `"access" has ${first.key} and ${second.key} with different rules, which a simple answer cannot tell apart where the API has only one of them. If it has them all, make $context.routeKey an identity source or switch caching off, and say so with "policy": "request"`,
    )
  })
}

/** `$default` takes what no other route does; without it, that would be refused. */
function isUniform({ routes, rules }: RuledRoutes): boolean {
  return (
    routes.some(({ path }) => path === undefined) && rules.every((rule) => isSame(rule, rules[0]))
  )
}

function isSame(
  rule: CheckedAccessRule | undefined,
  other: CheckedAccessRule | undefined,
): boolean {
  return rule !== undefined && other !== undefined && implies(rule, other) && implies(other, rule)
}
