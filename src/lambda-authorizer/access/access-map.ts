/**
 * Route maps: rules by API Gateway's route keys, for a whole API. There is one kind of map for each kind of result.
 */
import { assertAccess, type CheckedAccessRule, checkTimeOf } from '../../verify/adapter-kit.ts'
import { AccessError, ConfigError, type VerifiedToken } from '../../verify/index.ts'
import { CONNECT } from '../routes/connect.ts'
import { findSpellings } from '../routes/path-spellings.ts'
import { type RequestPlace, RouteFinder } from '../routes/route-finder.ts'
import { findRoute } from '../routes/route-order.ts'
import type { RoutedRequest } from '../routes/routed-request.ts'
import { isAccessError } from '../util/refusals.ts'
import { compilePolicies } from './compile-policies.ts'
import { findRefusal, type GrantNotes, RouteGrants } from './route-grants.ts'
import type { RoutePolicy } from './route-policy.ts'
import {
  type AccessOption,
  assertSeparate,
  isUniform,
  type RuledRoute,
  type RuledRoutes,
  readRoutes,
} from './ruled-routes.ts'

/** Checks one request. */
interface RequestCheck {
  /**
   * @throws {@link AccessError} if the token does not allow the request
   * @throws {@link ConfigError} if API Gateway chose a route that the path does not match
   */
  assertAllowed(verified: VerifiedToken<unknown>, request: RoutedRequest): void
  /** The key of the route that the path matches. @param segments - the method and the path, as in the ARN, or `$connect` */
  findKey(segments: readonly string[]): string | undefined
}

/** A map for results that apply to one request only. */
export interface RequestAccess extends RequestCheck {
  readonly scope: 'request'
}

/** A map for results that apply to all requests of one route. */
export interface RouteAccess extends RequestCheck {
  readonly scope: 'route'
  /** Whether the map has the same route that API Gateway chose. */
  hasChosen(request: RoutedRequest): boolean
  /** Whether one rule applies to all possible requests. */
  readonly isUniform: boolean
}

/** A map for policies that apply to all routes. */
export interface StageAccess extends RequestCheck {
  readonly scope: 'stage'
  /**
   * The policy for all routes, and the reason if it denies the given request.
   * @param notes - on this token. @defaultValue nothing is noted
   * @throws {@link ConfigError} as `assertAllowed` does
   * @throws {@link AccessError} if the request is denied, but the policy would not deny it
   */
  toPolicy(
    verified: VerifiedToken<unknown>,
    request: RoutedRequest,
    notes?: GrantNotes,
  ): StagePolicy
}

/** A policy for all routes, and what `assertAllowed` throws for the request. */
interface StagePolicy {
  readonly refusal: unknown
  /** Equal for equal policies of a map. */
  readonly name: string
  readonly toPatterns: () => RoutePolicy
}

/** The error with which a rule rejects a token, or `undefined`. */
type RefusalOf = (route: RuledRoute) => unknown

/** @throws {@link ConfigError} that names the routes that are wrong */
export function readRequestAccess(access: AccessOption): RequestAccess {
  const ruled = readRoutes(access)
  const finder = new RouteFinder(ruled.routes, findSpellings(ruled.routes))
  return { scope: 'request', ...toRequestCheck(ruled, finder) }
}

/** @throws {@link ConfigError} that names the routes that are wrong, or two that overlap and have different rules */
export function readRouteAccess(access: AccessOption): RouteAccess {
  const ruled = readRoutes(access)
  const { routes } = ruled
  assertSeparate(routes)
  const finder = new RouteFinder(routes, findSpellings(routes))
  return {
    scope: 'route',
    ...toRequestCheck(ruled, finder),
    hasChosen: ({ chosen }) => finder.findChosen(chosen) !== undefined,
    isUniform: isUniform(routes),
  }
}

/**
 * @param exact - whether the policies must allow nothing that no route matches
 * @throws {@link ConfigError} that names the routes that are wrong, or that no policy can express together
 */
export function readStageAccess(access: AccessOption, exact: boolean): StageAccess {
  const ruled = readRoutes(access)
  const { routes } = ruled
  const spellings = findSpellings(routes)
  const policies = compilePolicies(routes, spellings, exact)
  const finder = new RouteFinder(routes, spellings)
  const grants = new RouteGrants(routes)
  return {
    // Stryker disable next-line StringLiteral: it is compared with the other two only
    scope: 'stage',
    ...toRequestCheck(ruled, finder),
    toPolicy: (verified, request, notes = {}) => {
      const place = finder.find(request)
      const { name, listRoutes, refusalOf } = grants.of(verified, notes)
      const refusal = judge(place, routes, refusalOf)
      if (refusal !== undefined && !place.isShown) throw refusal
      return { refusal, name, toPatterns: () => policies.toPolicy(listRoutes()) }
    },
  }
}

function toRequestCheck(
  { routes, connectRule }: RuledRoutes,
  finder: RouteFinder<RuledRoute>,
): RequestCheck {
  return {
    assertAllowed: (verified, request) => {
      if (isConnect(request.segments)) return assertConnect(verified, connectRule)
      const time = checkTimeOf(verified)
      const refusal = judge(finder.find(request), routes, (route) =>
        findRefusal(verified, route, time),
      )
      if (refusal !== undefined) throw refusal
    },
    findKey: (segments) => (isConnect(segments) ? CONNECT : findRoute(routes, segments)?.key),
  }
}

function isConnect(segments: readonly string[]): boolean {
  return segments.join('/') === CONNECT
}

function assertConnect(
  verified: VerifiedToken<unknown>,
  rule: CheckedAccessRule | undefined,
): void {
  if (rule === undefined) throw noRoute()
  assertAccess(verified, rule)
}

function noRoute(): AccessError {
  return new AccessError('ERR_ACCESS_DENIED', { reason: 'no_route' })
}

/** The error with which the map rejects a request; `undefined` if it allows it. */
function judge(
  place: RequestPlace<RuledRoute>,
  routes: readonly RuledRoute[],
  refusalOf: RefusalOf,
): unknown {
  if (place.route === undefined) return noRoute()
  return place.isNormal
    ? judgeNormal(place.route, place.chosen, refusalOf)
    : judgeSpelled(routes, refusalOf)
}

/** @throws {@link ConfigError} if the token may use the route that the path matches, but not the one that API Gateway chose */
function judgeNormal(
  route: RuledRoute,
  chosen: RuledRoute | undefined,
  refusalOf: RefusalOf,
): unknown {
  const refusal = refusalOf(route)
  // Stryker disable next-line ConditionalExpression: to judge the same route again only takes longer
  if (refusal !== undefined || chosen === undefined || chosen === route) return refusal
  if (refusalOf(chosen) === undefined) return undefined
  throw new ConfigError(
    `API Gateway chose ${chosen.key}, which this token may not use, and by "access" the path goes to ${route.key}, which it may use: "access" has a route that the API lacks`,
  )
}

/** A path that is not in normal form could belong to any route, so only tokens that may use all routes may use it. */
function judgeSpelled(routes: readonly RuledRoute[], refusalOf: RefusalOf): unknown {
  const refusals = routes.map(refusalOf).filter((one) => one !== undefined)
  if (refusals.length === 0) return undefined
  // an outage must not look like a denial
  return refusals.find((one) => !isAccessError(one)) ?? new AccessError('ERR_ACCESS_DENIED')
}
