/**
 * Which of several routes a request goes to: the most specific one.
 */
import { GREEDY, PARAMETER, type Route, type RouteSegment } from './route-key.ts'
import { isMatch } from './segment-pattern.ts'

/**
 * Sorts routes, the most specific first: segment by segment, text comes before `{name}`, which comes before `{name+}`;
 * of two with the same path, a method comes before `ANY`; `$default` comes last. Of two routes that a request could go
 * to, one has its own place before the other whatever the request.
 */
export function compareRoutes(a: Route, b: Route): number {
  return (
    comparePaths(a.path, b.path) || Number(a.method === undefined) - Number(b.method === undefined)
  )
}

/** The first of sorted routes that a request goes to. @param segments - the method, then the path's */
export function findRoute(routes: readonly Route[], segments: readonly string[]): number {
  return routes.findIndex(({ requests }) => requests.some((one) => isMatch(one, segments)))
}

/**
 * Whether the two kinds of API choose differently between two routes that a request could go to. REST APIs go through
 * the path from the left; HTTP APIs take a route that ends in `{name+}` only where no other fits.
 */
export function isAmbiguous(first: Route, second: Route): boolean {
  return isGreedy(first) && second.path !== undefined && !isGreedy(second)
}

/** Whether a request could go to either of two routes. */
export function doOverlap(a: Route, b: Route): boolean {
  return doMeet(a.method, b.method) && doPathsOverlap(a.path ?? [GREEDY], b.path ?? [GREEDY])
}

function doMeet(method: string | undefined, other: string | undefined): boolean {
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
