/**
 * What a policy has to say so that it answers every request as a route map does. IAM has no order and no exceptions: one
 * Deny beats every Allow, and a star crosses slashes. So a policy allows the patterns of the routes that a token may use,
 * and denies what these allow beyond them, with patterns that touch none of those routes.
 */
import { classifyRequests, type RequestClass } from './request-classes.ts'
import type { Route } from './route-key.ts'
import { type MethodStyle, type Resource, toAllowed, toDeniable, toText } from './route-patterns.ts'

/** Patterns for the resources of a policy. */
export interface RoutePolicy {
  readonly allow: readonly string[]
  readonly deny: readonly string[]
}

/** Requests that no policy can keep out without keeping out requests of a route. */
export interface Conflict {
  /** Where they go; `undefined` where they go to no route. */
  readonly route: number | undefined
  /** The routes that would suffer if they were denied; those whose patterns let them in are among these. */
  readonly suffering: ReadonlySet<number>
}

/** Whether a route that is refused can be refused while another one is not. */
export type IsIndependent = (refused: number, granted: number) => boolean

/** Whether a token may use a route; it may not use what is none. */
type IsGranted = (route: number | undefined) => boolean

interface Class extends RequestClass {
  readonly allowing: readonly number[]
  readonly denying: readonly number[]
}

/** A map whose patterns were looked through. */
export class RoutePolicies {
  readonly #allowed: readonly Resource[]
  readonly #deniable: readonly Resource[]
  readonly #classes: readonly Class[]
  /** For each pattern that could be denied, the routes that would suffer. */
  readonly #suffering: readonly ReadonlySet<number>[]

  private constructor(
    allowed: readonly Resource[],
    deniable: readonly Resource[],
    classes: readonly RequestClass[],
  ) {
    this.#allowed = allowed
    this.#deniable = deniable
    this.#classes = classes.map((one) => {
      const all = [...one.matching]
      return {
        ...one,
        allowing: all.filter((at) => at < allowed.length),
        denying: all.filter((at) => at >= allowed.length).map((at) => at - allowed.length),
      }
    })
    this.#suffering = deniable.map((_, at) => {
      const touched = this.#classes.filter(({ denying }) => denying.includes(at))
      return new Set(touched.flatMap(({ route }) => route ?? []))
    })
  }

  /** @param routes - the most specific first @returns `undefined` where the map is too tangled */
  static from(routes: readonly Route[], style: MethodStyle): RoutePolicies | undefined {
    const allowed = toResources(routes, (route) => toAllowed(route, style))
    const deniable = toResources(routes, (route) => toDeniable(route, style))
    const patterns = [...allowed, ...deniable].map(({ pattern }) => pattern)
    const classes = classifyRequests(routes, patterns)
    return classes && new RoutePolicies(allowed, deniable, classes)
  }

  /**
   * What no policy can say. The hardest case is looked at: where requests are refused, everything else is granted that can
   * be, because the more is granted, the less can be denied.
   */
  findConflict(isIndependent: IsIndependent, exact: boolean): Conflict | undefined {
    for (const { route, allowing, denying } of this.#classes) {
      if (route === undefined && !exact) continue
      const isGranted = (at: number): boolean => route === undefined || isIndependent(route, at)
      if (!allowing.some((at) => isGranted(this.#ownerOf(at)))) continue
      if (denying.some((at) => !this.#hurts(at, isGranted))) continue
      const suffering = denying.flatMap((at) => [...this.#sufferingFrom(at)])
      return { route, suffering: new Set(suffering.filter(isGranted)) }
    }
    return undefined
  }

  /** The policy of a token that may use these routes. */
  toPolicy(granted: readonly boolean[]): RoutePolicy {
    const isGranted = (route = granted.length): boolean => granted[route] === true
    const allow = this.#chooseAllowed(isGranted)
    const deny = this.#chooseDenied(isGranted, allow)
    return {
      allow: [...allow].map((at) => toText((this.#allowed[at] as Resource).pattern)),
      deny: [...deny].map((at) => toText((this.#deniable[at] as Resource).pattern)),
    }
  }

  /** The widest patterns come first, and make others unnecessary. */
  #chooseAllowed(isGranted: IsGranted): ReadonlySet<number> {
    const wanted = this.#classes.filter(({ route }) => isGranted(route))
    const usable = [...this.#allowed.keys()].filter((at) => isGranted(this.#ownerOf(at)))
    return chooseCover(
      usable.reverse(),
      wanted.map(({ allowing }) => allowing),
    )
  }

  #chooseDenied(isGranted: IsGranted, allow: ReadonlySet<number>): ReadonlySet<number> {
    // those that are granted as well: what could deny them is not usable
    const allowed = this.#classes.filter(({ allowing }) => allowing.some((at) => allow.has(at)))
    const usable = [...this.#deniable.keys()].filter((at) => !this.#hurts(at, isGranted))
    return chooseCover(
      usable,
      allowed.map(({ denying }) => denying),
    )
  }

  /** Whether to deny a pattern would take something from a route that is granted. */
  #hurts(deniable: number, isGranted: (route: number) => boolean): boolean {
    return [...this.#sufferingFrom(deniable)].some((route) => isGranted(route))
  }

  #sufferingFrom(deniable: number): ReadonlySet<number> {
    return this.#suffering[deniable] as ReadonlySet<number>
  }

  #ownerOf(allowed: number): number {
    return (this.#allowed[allowed] as Resource).route
  }
}

function toResources(
  routes: readonly Route[],
  toPatterns: (route: Route) => readonly Resource['pattern'][],
): Resource[] {
  return routes.flatMap((one, route) => toPatterns(one).map((pattern) => ({ pattern, route })))
}

/** Enough of some patterns that each set has one of those that it names, where it names any of them. */
function chooseCover(
  usable: readonly number[],
  sets: readonly (readonly number[])[],
): ReadonlySet<number> {
  const chosen = new Set<number>()
  let open = sets
  for (const at of usable) {
    const left = open.filter((names) => !names.includes(at))
    if (left.length < open.length) chosen.add(at)
    open = left
  }
  return chosen
}
