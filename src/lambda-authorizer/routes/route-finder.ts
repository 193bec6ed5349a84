/**
 * Finds the route of a request in a route map. The path decides, and it must match the route that API Gateway chose.
 */
import { ConfigError } from '../../verify/index.ts'
import type { PathSpellings } from './path-spellings.ts'
import type { Route } from './route-key.ts'
import { findRoute } from './route-order.ts'
import type { ChosenRoute, RoutedRequest } from './routed-request.ts'
import { isMatch } from './segment-pattern.ts'

/** The route of a request in a map. */
export interface RequestPlace<R extends Route> {
  /** The route that the path matches. */
  readonly route: R | undefined
  /** The route that API Gateway chose, if the map has it. The path may match a more specific one that the API lacks. */
  readonly chosen: R | undefined
  /** Whether the path can be read in only one way. If not, it could belong to any other route, too. */
  readonly isNormal: boolean
  /** Whether the ARN shows this, so that a policy can express it. */
  readonly isShown: boolean
}

/** The routes of a map. */
export class RouteFinder<R extends Route> {
  readonly #routes: readonly R[]
  readonly #spellings: PathSpellings
  readonly #byShape: ReadonlyMap<string, R>

  /** @param routes - the most specific first */
  constructor(routes: readonly R[], spellings: PathSpellings) {
    this.#routes = routes
    this.#spellings = spellings
    this.#byShape = new Map(routes.map((route) => [toShape(route), route]))
  }

  /** @throws {@link ConfigError} if the path does not match the route that API Gateway chose */
  find({ segments, otherPaths, chosen }: RoutedRequest): RequestPlace<R> {
    const [, ...path] = segments
    const isNormalInArn = this.#spellings.isNormal(path)
    const isNormal = isNormalInArn && otherPaths.every((one) => this.#spellings.isNormal(one))
    const route = findRoute(this.#routes, segments)
    // a path that is not in normal form needs all routes, so the chosen one is included
    if (isNormal) this.#assertChosen(segments, chosen, route)
    const isShown = isNormal || !isNormalInArn
    return { route, chosen: this.findChosen(chosen), isNormal, isShown }
  }

  /** The route of the map that API Gateway chose, whatever the names of its variables. */
  findChosen(chosen: readonly ChosenRoute[]): R | undefined {
    return chosen.flatMap((one) => this.#byShape.get(toShape(one)) ?? [])[0]
  }

  #assertChosen(
    segments: readonly string[],
    chosen: readonly ChosenRoute[],
    route: R | undefined,
  ): void {
    const doesMatch = ({ requests }: ChosenRoute): boolean =>
      requests.some((one) => isMatch(one, segments))
    if (chosen.length === 0 || chosen.some(doesMatch)) return
    const listed = this.findChosen(chosen)
    throw new ConfigError(
      listed === undefined
        ? 'API Gateway chose a route that "access" does not have, and the path in the ARN does not belong to it'
        : `API Gateway chose ${listed.key}, and by "access" the path in the ARN goes to ${route?.key ?? 'no route'}`,
    )
  }
}

/** Equal for routes that differ only in the names of their variables. No path contains the text of the symbols. */
export function toShape({ method, path }: ChosenRoute): string {
  return JSON.stringify([method, path?.map(String)])
}
