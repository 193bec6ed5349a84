/**
 * The resources that a policy can name for a route: patterns that allow its requests, and patterns that can be denied.
 */
import { GREEDY, METHODS, type Route } from '../routes/route-key.ts'
import { type Pattern, SEGMENTS, type Token } from '../routes/segment-pattern.ts'

/** A resource of a policy, for one route. */
export interface Resource<R extends Route> {
  readonly pattern: Pattern
  readonly route: R
}

/**
 * How `ANY` and `$default` are expressed: as `*`, which is short, or method by method. A `*` in place of the method also matches
 * slashes. A list allows only the methods in it, although `ANY` matches all methods.
 */
export type MethodStyle = 'star' | 'each'

/** Patterns that allow all requests of a route, and more: `*` also matches slashes, and empty text. */
export function toAllowed(route: Route, style: MethodStyle): readonly Pattern[] {
  const { path = [GREEDY] } = route
  const rest = path.map((one): Token => (typeof one === 'string' ? one : SEGMENTS))
  return toMethods(route, style).map((method) => [method, ...rest])
}

/** Patterns that can be denied for a route: its own requests, and those that {@link toAllowed} allows beyond them. */
export function toDeniable(route: Route, style: MethodStyle): readonly Pattern[] {
  const allowed = toAllowed(route, style)
  return [...allowed, ...allowed.flatMap(toExcess)]
}

/** Patterns for requests in which a `*` matches several segments, or an empty one, instead of one. */
function toExcess(pattern: Pattern): Pattern[] {
  const stars = [...pattern.keys()].filter((at) => pattern[at] === SEGMENTS)
  return stars.flatMap((at): Pattern[] => {
    const before = pattern.slice(0, at)
    const after = pattern.slice(at + 1)
    return [
      [...before, SEGMENTS, SEGMENTS, ...after],
      [...before, '', ...after],
    ]
  })
}

function toMethods({ method }: Route, style: MethodStyle): readonly Token[] {
  if (method !== undefined) return [method]
  return style === 'star' ? [SEGMENTS] : METHODS
}

/** The pattern as text, for an ARN. */
export function toText(pattern: Pattern): string {
  return pattern.map((token) => (typeof token === 'string' ? token : '*')).join('/')
}
