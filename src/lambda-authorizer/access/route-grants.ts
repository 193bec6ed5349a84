/**
 * Which routes of a map a token may use. Rules that depend on its claims alone are decided once for each token. Rules with a
 * `check` or a maximum age are decided in every call.
 */
import { assertAccess, type CheckTime, checkTimeOf } from '../../verify/adapter-kit.ts'
import type { VerifiedToken } from '../../verify/index.ts'
import type { RuledRoute } from './ruled-routes.ts'

/** What is noted about a token. The notes hold for other calls only if nobody can change the token. */
export interface GrantNotes {
  granted?: Granted
}

/** Some routes, all of whose rules accept a token. */
interface Granted {
  readonly routes: ReadonlySet<RuledRoute>
  /** Equal for equal routes. */
  readonly name: string
}

/** What a token may do in one call. */
export interface Grants {
  /** Equal for tokens that may use the same routes. */
  readonly name: string
  readonly listRoutes: () => ReadonlySet<RuledRoute>
  /** The error with which the rule of a route rejects the token, or `undefined`. Each call gets errors of its own. */
  readonly refusalOf: (route: RuledRoute) => unknown
}

/** The routes of a map, by what their rules depend on. */
export class RouteGrants {
  /** Their rules depend on the claims alone. */
  readonly #fixed: readonly RuledRoute[]
  readonly #varying: readonly RuledRoute[]

  constructor(routes: readonly RuledRoute[]) {
    this.#fixed = routes.filter((route) => !isVarying(route))
    this.#varying = routes.filter(isVarying)
  }

  of(verified: VerifiedToken<unknown>, notes: GrantNotes): Grants {
    // at two times, a rule could fail that a granted one implies, and no policy was compiled for that
    const time = checkTimeOf(verified)
    const find = (route: RuledRoute): unknown => findRefusal(verified, route, time)
    const refusals = new Map(this.#varying.map((route) => [route, find(route)]))
    const varying = toGranted(this.#varying, (route) => refusals.get(route) === undefined)
    notes.granted ??= toGranted(this.#fixed, (route) => find(route) === undefined)
    const fixed = notes.granted
    return {
      name: `${fixed.name}${varying.name}`,
      listRoutes: () => new Set([...fixed.routes, ...varying.routes]),
      refusalOf: (route) => {
        if (refusals.has(route)) return refusals.get(route)
        return fixed.routes.has(route) ? undefined : find(route)
      },
    }
  }
}

/** The error with which the rule of a route rejects a token, or `undefined`. */
export function findRefusal(
  verified: VerifiedToken<unknown>,
  { rule }: RuledRoute,
  time: CheckTime,
): unknown {
  try {
    assertAccess(verified, rule, time)
    return undefined
  } catch (error) {
    return error
  }
}

function isVarying({ rule }: RuledRoute): boolean {
  return rule.check !== undefined || rule.maxAuthAgeSeconds !== undefined
}

function toGranted(
  routes: readonly RuledRoute[],
  isGranted: (route: RuledRoute) => boolean,
): Granted {
  const granted = new Set(routes.filter(isGranted))
  return {
    routes: granted,
    // Stryker disable next-line StringLiteral: with anything between the signs, equal routes still have equal names
    name: routes.map((route) => (granted.has(route) ? '+' : '-')).join(''),
  }
}
