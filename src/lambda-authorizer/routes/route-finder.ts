/**
 * Where a request goes among the routes of a map: by its path, which has to belong to the route that API Gateway chose for it.
 */
import { ConfigError } from '../../verify/index.ts'
import type { PathSpellings } from './path-spellings.ts'
import type { Route } from './route-key.ts'
import { findRoute } from './route-order.ts'
import type { ChosenRoute, RoutedRequest } from './routed-request.ts'
import { isMatch } from './segment-pattern.ts'

/** Where a request goes. */
export interface RequestPlace {
  /** The number of the route that the path goes to. */
  readonly route: number | undefined
  /** The number of the route that API Gateway chose, where the map has it. The path may go to a more specific one that the API lacks. */
  readonly chosen: number | undefined
  /** Whether its path can be read in one way only. Else it could go to every other route, too. */
  readonly isNormal: boolean
  /** Whether the ARN shows this, so that a policy can say it. */
  readonly isShown: boolean
}

/** The routes of a map, to be looked through. */
export class RouteFinder {
  readonly #routes: readonly Route[]
  readonly #spellings: PathSpellings
  readonly #numbers: ReadonlyMap<string, number>

  /** @param routes - the most specific first */
  constructor(routes: readonly Route[], spellings: PathSpellings) {
    this.#routes = routes
    this.#spellings = spellings
    this.#numbers = new Map(routes.map((route, at) => [toShape(route), at]))
  }

  /** @throws {@link ConfigError} where API Gateway chose a route that the path does not belong to */
  find({ segments, otherPaths, chosen }: RoutedRequest): RequestPlace {
    const [, ...path] = segments
    const isNormalInArn = this.#spellings.isNormal(path)
    const isNormal = isNormalInArn && otherPaths.every((one) => this.#spellings.isNormal(one))
    const place = { isNormal, isShown: isNormal || !isNormalInArn, chosen: this.numberOf(chosen) }
    const at = findRoute(this.#routes, segments)
    const route = at < 0 ? undefined : at
    // all routes count for a path that is not in normal form, so the chosen one does, too
    if (isNormal) this.#assertBelongs(segments, chosen, route)
    return { ...place, route }
  }

  #assertBelongs(
    segments: readonly string[],
    chosen: readonly ChosenRoute[],
    route: number | undefined,
  ): void {
    const doesMatch = ({ requests }: ChosenRoute): boolean =>
      requests.some((one) => isMatch(one, segments))
    if (chosen.length === 0 || chosen.some(doesMatch)) return
    const listed = this.numberOf(chosen)
    throw new ConfigError(
      listed === undefined
        ? 'API Gateway chose a route that "access" does not have, and the path in the ARN does not belong to it'
        : `API Gateway chose ${this.keyOf(listed)}, and by "access" the path in the ARN goes to ${this.keyOf(route)}`,
    )
  }

  /** The number of the route that API Gateway chose, whatever the names of its variables; `undefined` where it is not there. */
  numberOf(chosen: readonly ChosenRoute[]): number | undefined {
    return chosen.flatMap((one) => this.#numbers.get(toShape(one)) ?? [])[0]
  }

  /** For messages. */
  keyOf(route: number | undefined): string {
    return this.#routes[route ?? -1]?.key ?? 'no route'
  }
}

/** The same for routes that differ in the names of their variables alone: no text of a path has the braces of a symbol. */
export function toShape({ method, path }: ChosenRoute): string {
  return JSON.stringify([method, path?.map(String)])
}
