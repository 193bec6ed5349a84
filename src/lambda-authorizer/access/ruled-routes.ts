/**
 * The routes of a map with their rules, read once and checked against each other.
 */
import { assertObject, type CheckedAccessRule, readAccessRule } from '../../verify/adapter-kit.ts'
import { type AccessRule, ConfigError } from '../../verify/index.ts'
import { CONNECT } from '../routes/connect.ts'
import { toShape } from '../routes/route-finder.ts'
import { parseRouteKey, type Route } from '../routes/route-key.ts'
import { compareRoutes, doOverlap, isAmbiguous } from '../routes/route-order.ts'
import { implies } from './access-rules.ts'

/** The `access` option: rules by route key. */
export type AccessOption = Readonly<Record<string, AccessRule<never>>>

/** A route with its rule. */
export interface RuledRoute extends Route {
  readonly rule: CheckedAccessRule
}

/** The routes of a map. */
export interface RuledRoutes {
  /** The most specific first. */
  readonly routes: readonly RuledRoute[]
  readonly connectRule: CheckedAccessRule | undefined
}

/** @throws {@link ConfigError} that names the routes that are wrong */
export function readRoutes(access: AccessOption): RuledRoutes {
  assertObject('access', access)
  const { [CONNECT]: connect, ...others } = access
  const connectRule = connect === undefined ? undefined : readAccessRule(connect)
  const routes = Object.entries(others)
    .map(([key, rule]): RuledRoute => ({ ...parseRouteKey(key), rule: readAccessRule(rule) }))
    .sort(compareRoutes)
  if (routes.length === 0 && connectRule === undefined) {
    throw new ConfigError('"access" must have at least one route')
  }
  assertDistinct(routes)
  return { routes, connectRule }
}

/** No two keys may match the same requests, and no two routes may be chosen differently by the kinds of API. */
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
 * Rejects routes that overlap and have different rules. API Gateway caches one result for all requests of a route of the API. If
 * the API has only the less specific of two overlapping routes, both kinds of request get the same cached result.
 * @throws {@link ConfigError} that names two routes
 */
export function assertSeparate(routes: readonly RuledRoute[]): void {
  for (const first of routes) {
    const second = routes.find((one) => doOverlap(first, one) && !isSame(first.rule, one.rule))
    if (second === undefined) continue
    throw new ConfigError(
      `"access" has ${first.key} and ${second.key} with different rules, which a simple response cannot distinguish if the API has only one of them. If it has all routes, make $context.routeKey an identity source or switch caching off, and set "policy" to "request"`,
    )
  }
}

/** Whether one rule applies to all possible requests. Without `$default`, a request that matches no route is denied. */
export function isUniform(routes: readonly RuledRoute[]): boolean {
  const fallback = routes.find(({ path }) => path === undefined)
  return fallback !== undefined && routes.every(({ rule }) => isSame(rule, fallback.rule))
}

function isSame(rule: CheckedAccessRule, other: CheckedAccessRule): boolean {
  return implies(rule, other) && implies(other, rule)
}
