/**
 * Computes a policy that decides every request as a route map does. IAM has no order and no exceptions: one Deny beats every
 * Allow, and `*` also matches slashes. So a policy allows the patterns of the routes that a token may use. It denies the other
 * requests that these patterns allow, with patterns that match no request of those routes.
 *
 * A path that is not in normal form could belong to any route, so only tokens that may use all routes may use it. For all other
 * tokens, the patterns for such paths are denied, if some allowed pattern matches them.
 */
import type { PathSpellings } from '../routes/path-spellings.ts'
import type { Route } from '../routes/route-key.ts'
import { classifyRequests, type RequestClass } from './request-classes.ts'
import { type MethodStyle, type Resource, toAllowed, toDeniable, toText } from './route-patterns.ts'

/** Patterns for the resources of a policy. */
export interface RoutePolicy {
  readonly allow: readonly string[]
  readonly deny: readonly string[]
  /** To be denied too, for every API and stage: paths that are not in normal form. */
  readonly denySpellings: readonly string[]
}

/** Requests that a policy can deny only by denying requests of a granted route as well. */
export interface Conflict<R extends Route> {
  /** The route of these requests, or `undefined`. */
  readonly route: R | undefined
  /** The granted routes that a Deny would affect. The routes whose patterns allow these requests are among them. */
  readonly affected: ReadonlySet<R>
}

/** Whether a token can be rejected by one route and accepted by another. */
export type IsIndependent<R extends Route> = (refused: R, granted: R) => boolean

type IsGranted<R extends Route> = (route: R) => boolean

interface Class<R extends Route>
  extends Pick<RequestClass<R, never>, 'route' | 'hasEmptySegment' | 'hasOtherText'> {
  /** The resources that allow these requests. */
  readonly allowing: readonly Resource<R>[]
  /** The resources that can deny them. */
  readonly denying: readonly Resource<R>[]
}

/** The classes of requests that matter for some tokens. */
interface View<R extends Route> {
  readonly classes: readonly Class<R>[]
  /** For each resource that could be denied, the routes that have requests in it. */
  readonly affected: ReadonlyMap<Resource<R>, ReadonlySet<R>>
}

/** Resources that a policy may allow and deny. */
interface Resources<R extends Route> {
  readonly allowed: readonly Resource<R>[]
  readonly deniable: readonly Resource<R>[]
}

/** The policies of a map. */
export class RoutePolicies<R extends Route> {
  readonly #routes: readonly R[]
  readonly #resources: Resources<R>
  readonly #spellings: PathSpellings
  /** For tokens that may use all routes. */
  readonly #all: View<R>
  /** For all other tokens: requests in normal form. */
  readonly #normal: View<R>

  private constructor(
    routes: readonly R[],
    resources: Resources<R>,
    classes: readonly Class<R>[],
    spellings: PathSpellings,
  ) {
    this.#routes = routes
    this.#resources = resources
    this.#spellings = spellings
    this.#all = toView(classes, resources)
    this.#normal = toView(
      classes.filter(({ hasEmptySegment }) => !hasEmptySegment),
      resources,
    )
  }

  /** @param routes - the most specific first @returns `undefined` if the map has too many combinations of patterns */
  static from<R extends Route>(
    routes: readonly R[],
    spellings: PathSpellings,
    style: MethodStyle,
  ): RoutePolicies<R> | undefined {
    const allowed = toResources(routes, (route) => toAllowed(route, style))
    const deniable = toResources(routes, (route) => toDeniable(route, style))
    const found = classifyRequests(routes, [...allowed, ...deniable])
    if (found === undefined) return undefined
    const [allowing, denying] = [new Set(allowed), new Set(deniable)]
    const classes = found.map(({ matching, ...one }) => ({
      ...one,
      allowing: matching.filter((resource) => allowing.has(resource)),
      denying: matching.filter((resource) => denying.has(resource)),
    }))
    return new RoutePolicies(routes, { allowed, deniable }, classes, spellings)
  }

  /**
   * Finds requests for which no policy agrees with the map. For each class of requests that a token may not make, this assumes
   * that the token may make all others that the rules permit: the more is granted, the less can be denied.
   */
  findConflict(isIndependent: IsIndependent<R>, exact: boolean): Conflict<R> | undefined {
    for (const one of this.#all.classes) {
      const { route } = one
      if (route === undefined && !exact) continue
      // requests without a route are hardest to deny to a token that may use all routes
      const view = route === undefined ? this.#all : this.#normal
      const isGranted = (other: R): boolean => route === undefined || isIndependent(route, other)
      const conflict = findConflictOf(one, view, isGranted)
      if (conflict !== undefined) return conflict
    }
    return undefined
  }

  /** The policy of a token that may use these routes. */
  toPolicy(granted: ReadonlySet<R>): RoutePolicy {
    const isAll = granted.size === this.#routes.length
    const view = isAll ? this.#all : this.#normal
    const allow = this.#chooseAllowed(view, granted)
    const deny = this.#chooseDenied(view, granted, allow)
    return {
      allow: [...allow].map(({ pattern }) => toText(pattern)),
      deny: [...deny].map(({ pattern }) => toText(pattern)),
      denySpellings: isAll ? [] : this.#chooseSpellings(allow, deny),
    }
  }

  #chooseAllowed({ classes }: View<R>, granted: ReadonlySet<R>): ReadonlySet<Resource<R>> {
    const wanted = classes.filter(({ route }) => route !== undefined && granted.has(route))
    const usable = this.#resources.allowed.filter(({ route }) => granted.has(route))
    return chooseCover(
      // the widest patterns come first, and make others unnecessary
      usable.reverse(),
      wanted.map(({ allowing }) => allowing),
    )
  }

  #chooseDenied(
    { classes, affected }: View<R>,
    granted: ReadonlySet<R>,
    allow: ReadonlySet<Resource<R>>,
  ): ReadonlySet<Resource<R>> {
    // includes granted requests: no usable resource matches them
    const allowed = classes.filter(({ allowing }) => allowing.some((one) => allow.has(one)))
    const usable = this.#resources.deniable.filter(
      (one) => !affectedBy(affected, one).some((route) => granted.has(route)),
    )
    return chooseCover(
      usable,
      allowed.map(({ denying }) => denying),
    )
  }

  /** The patterns for paths not in normal form that are still allowed. A segment that has two readings may replace any text. */
  #chooseSpellings(
    allow: ReadonlySet<Resource<R>>,
    deny: ReadonlySet<Resource<R>>,
  ): readonly string[] {
    const left = this.#all.classes.filter(
      ({ allowing, denying }) =>
        allowing.some((one) => allow.has(one)) && !denying.some((one) => deny.has(one)),
    )
    const { ofEmpty, ofText } = this.#spellings
    return [
      ...(left.some(({ hasEmptySegment }) => hasEmptySegment) ? ofEmpty : []),
      ...(left.some(({ hasOtherText }) => hasOtherText) ? ofText : []),
    ]
  }
}

function toResources<R extends Route>(
  routes: readonly R[],
  toPatterns: (route: R) => readonly Resource<R>['pattern'][],
): readonly Resource<R>[] {
  return routes.flatMap((route) => toPatterns(route).map((pattern) => ({ pattern, route })))
}

function toView<R extends Route>(
  classes: readonly Class<R>[],
  { deniable }: Resources<R>,
): View<R> {
  const affected = new Map(deniable.map((resource) => [resource, new Set<R>()]))
  for (const { route, denying } of classes) {
    if (route === undefined) continue
    for (const resource of denying) affected.get(resource)?.add(route)
  }
  return { classes, affected }
}

function affectedBy<R extends Route>(
  affected: View<R>['affected'],
  resource: Resource<R>,
): readonly R[] {
  return [...(affected.get(resource) ?? [])]
}

function findConflictOf<R extends Route>(
  { route, allowing, denying }: Class<R>,
  { affected }: View<R>,
  isGranted: IsGranted<R>,
): Conflict<R> | undefined {
  if (!allowing.some((resource) => isGranted(resource.route))) return undefined
  const grants = denying.map((resource) => affectedBy(affected, resource).filter(isGranted))
  if (grants.some((routes) => routes.length === 0)) return undefined
  return { route, affected: new Set(grants.flat()) }
}

/** Chooses usable items until each set that contains a usable item contains a chosen one. */
function chooseCover<T>(usable: readonly T[], sets: readonly (readonly T[])[]): ReadonlySet<T> {
  const chosen = new Set<T>()
  let open = sets
  for (const one of usable) {
    const left = open.filter((members) => !members.includes(one))
    if (left.length < open.length) chosen.add(one)
    open = left
  }
  return chosen
}
