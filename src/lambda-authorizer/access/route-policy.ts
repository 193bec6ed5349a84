/**
 * What a policy has to say so that it answers every request as a route map does. IAM has no order and no exceptions: one
 * Deny beats every Allow, and a star crosses slashes. So a policy allows the patterns of the routes that a token may use,
 * and denies what these allow beyond them, with patterns that touch none of those routes.
 *
 * A path that is not in normal form could go to any route, so it is for those alone who may use all of them: for everyone else,
 * all patterns for such paths are denied, wherever an Allow reaches one.
 */
import type { PathSpellings } from '../routes/path-spellings.ts'
import type { Route } from '../routes/route-key.ts'
import { classifyRequests, type RequestClass } from './request-classes.ts'
import { type MethodStyle, type Resource, toAllowed, toDeniable, toText } from './route-patterns.ts'

/** Patterns for the resources of a policy. */
export interface RoutePolicy {
  readonly allow: readonly string[]
  readonly deny: readonly string[]
  /** To be denied as well, and on whichever API and stage: paths that are not in normal form. */
  readonly denySpellings: readonly string[]
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

/** Requests that a policy has to answer one by one. */
interface View {
  readonly classes: readonly Class[]
  /** For each pattern that could be denied, the routes that would suffer. */
  readonly suffering: readonly ReadonlySet<number>[]
}

/** A map whose patterns were looked through. */
export class RoutePolicies {
  readonly #allowed: readonly Resource[]
  readonly #deniable: readonly Resource[]
  readonly #spellings: PathSpellings
  /** For who may use all routes. */
  readonly #all: View
  /** For everyone else: requests in normal form. */
  readonly #normal: View

  private constructor(
    { allowed, deniable }: Record<'allowed' | 'deniable', readonly Resource[]>,
    found: readonly RequestClass[],
    spellings: PathSpellings,
  ) {
    this.#allowed = allowed
    this.#deniable = deniable
    this.#spellings = spellings
    const classes = found.map((one) => {
      const all = [...one.matching]
      return {
        ...one,
        allowing: all.filter((at) => at < allowed.length),
        denying: all.filter((at) => at >= allowed.length).map((at) => at - allowed.length),
      }
    })
    this.#all = toView(classes, deniable)
    this.#normal = toView(
      classes.filter(({ isEmptied }) => !isEmptied),
      deniable,
    )
  }

  /** @param routes - the most specific first @returns `undefined` where the map is too tangled */
  static from(
    routes: readonly Route[],
    spellings: PathSpellings,
    style: MethodStyle,
  ): RoutePolicies | undefined {
    const allowed = toResources(routes, (route) => toAllowed(route, style))
    const deniable = toResources(routes, (route) => toDeniable(route, style))
    const patterns = [...allowed, ...deniable].map(({ pattern }) => pattern)
    const classes = classifyRequests(routes, patterns)
    return classes && new RoutePolicies({ allowed, deniable }, classes, spellings)
  }

  /**
   * What no policy can say. The hardest case is looked at: where requests are refused, everything else is granted that can
   * be, because the more is granted, the less can be denied.
   */
  findConflict(isIndependent: IsIndependent, exact: boolean): Conflict | undefined {
    for (const one of this.#all.classes) {
      const { route } = one
      if (route === undefined && !exact) continue
      // what no route takes is the hardest to deny to those who may use all routes
      const view = route === undefined ? this.#all : this.#normal
      const isGranted = (at = -1): boolean => route === undefined || isIndependent(route, at)
      const conflict = this.#conflictOf(one, view, isGranted)
      if (conflict) return conflict
    }
    return undefined
  }

  #conflictOf(
    { route, allowing, denying }: Class,
    { suffering }: View,
    isGranted: IsGranted,
  ): Conflict | undefined {
    if (!allowing.some((at) => isGranted(this.#ownerOf(at)))) return undefined
    const hurt = denying.map((at) => [...(suffering[at] as ReadonlySet<number>)].filter(isGranted))
    if (hurt.some((routes) => routes.length === 0)) return undefined
    return { route, suffering: new Set(hurt.flat()) }
  }

  /** The policy of a token that may use these routes. */
  toPolicy(granted: readonly boolean[]): RoutePolicy {
    const isGranted: IsGranted = (route = granted.length) => granted[route] === true
    const isAll = granted.every((one) => one)
    const view = isAll ? this.#all : this.#normal
    const allow = this.#chooseAllowed(view, isGranted)
    const deny = this.#chooseDenied(view, isGranted, allow)
    return {
      allow: [...allow].map((at) => toText((this.#allowed[at] as Resource).pattern)),
      deny: [...deny].map((at) => toText((this.#deniable[at] as Resource).pattern)),
      denySpellings: isAll ? [] : this.#chooseSpellings(allow, deny),
    }
  }

  /** The widest patterns come first, and make others unnecessary. */
  #chooseAllowed({ classes }: View, isGranted: IsGranted): ReadonlySet<number> {
    const wanted = classes.filter(({ route }) => isGranted(route))
    const usable = [...this.#allowed.keys()].filter((at) => isGranted(this.#ownerOf(at)))
    return chooseCover(
      usable.reverse(),
      wanted.map(({ allowing }) => allowing),
    )
  }

  #chooseDenied(
    { classes, suffering }: View,
    isGranted: IsGranted,
    allow: ReadonlySet<number>,
  ): ReadonlySet<number> {
    // those that are granted as well: what could deny them is not usable
    const allowed = classes.filter(({ allowing }) => allowing.some((at) => allow.has(at)))
    const usable = [...this.#deniable.keys()].filter(
      (at) => ![...(suffering[at] as ReadonlySet<number>)].some(isGranted),
    )
    return chooseCover(
      usable,
      allowed.map(({ denying }) => denying),
    )
  }

  /** Those of paths that are still allowed. A segment that can be read in two ways is in the place of any text. */
  #chooseSpellings(allow: ReadonlySet<number>, deny: ReadonlySet<number>): readonly string[] {
    const left = this.#all.classes.filter(
      ({ allowing, denying }) =>
        allowing.some((at) => allow.has(at)) && !denying.some((at) => deny.has(at)),
    )
    const { ofEmpty, ofText } = this.#spellings
    return [
      ...(left.some(({ isEmptied }) => isEmptied) ? ofEmpty : []),
      ...(left.some(({ isOpen }) => isOpen) ? ofText : []),
    ]
  }

  #ownerOf(allowed: number): number {
    return (this.#allowed[allowed] as Resource).route
  }
}

function toView(classes: readonly Class[], deniable: readonly Resource[]): View {
  const suffering = deniable.map(() => new Set<number>())
  for (const { route, denying } of classes) {
    if (route === undefined) continue
    for (const at of denying) suffering[at]?.add(route)
  }
  return { classes, suffering }
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
