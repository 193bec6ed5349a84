/**
 * The order of routes: a request goes to the most specific route that matches it.
 */
import { GREEDY, PARAMETER, type Route, type RouteSegment } from './route-key.ts'
import { isMatch } from './segment-pattern.ts'

/**
 * Compares two routes, the more specific first. Paths are compared segment by segment: text before `{name}` before `{name+}`.
 * If the paths are the same, a method comes before `ANY`. `$default` comes last. If a request matches two routes, their order
 * does not depend on the request.
 */
export function compareRoutes(a: Route, b: Route): number {
  return (
    comparePaths(a.path, b.path) || Number(a.method === undefined) - Number(b.method === undefined)
  )
}

/**
 * The first route that matches a request.
 * @param routes - sorted, the most specific first
 * @param segments - the method, then the segments of the path
 */
export function findRoute<R extends Route>(
  routes: readonly R[],
  segments: readonly string[],
): R | undefined {
  return routes.find(({ requests }) => requests.some((one) => isMatch(one, segments)))
}

/**
 * Whether REST and HTTP APIs choose differently between two routes that match the same request. REST APIs compare the paths from
 * the left. HTTP APIs choose a route that ends in `{name+}` only if no other route matches.
 */
export function isAmbiguous(first: Route, second: Route): boolean {
  return isGreedy(first) && second.path !== undefined && !isGreedy(second)
}

/** Whether some request matches both routes. */
export function doOverlap(a: Route, b: Route): boolean {
  return (
    doMethodsOverlap(a.method, b.method) && doPathsOverlap(a.path ?? [GREEDY], b.path ?? [GREEDY])
  )
}

function doMethodsOverlap(method: string | undefined, other: string | undefined): boolean {
  return method === undefined || other === undefined || method === other
}

function doPathsOverlap(a: readonly RouteSegment[], b: readonly RouteSegment[]): boolean {
  const [[first, ...rest], [second, ...others]] = [a, b]
  if (first === undefined || second === undefined) return first === second
  if (first === GREEDY || second === GREEDY) return true
  const isSame = first === second || first === PARAMETER || second === PARAMETER
  return isSame && doPathsOverlap(rest, others)
}

function isGreedy({ path }: Route): boolean {
  return path?.at(-1) === GREEDY
}

function comparePaths(a: Route['path'], b: Route['path']): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined)
  const length = Math.min(a.length, b.length)
  for (let at = 0; at < length; at++) {
    const difference = toRank(a[at] as RouteSegment) - toRank(b[at] as RouteSegment)
    if (difference !== 0) return difference
  }
  return b.length - a.length
}

function toRank(segment: RouteSegment): number {
  if (segment === GREEDY) return 2
  return segment === PARAMETER ? 1 : 0
}
