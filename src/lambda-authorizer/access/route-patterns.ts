/**
 * The resources that a policy can name for a route: what it takes to allow its requests, and what could be denied.
 */
import { GREEDY, METHODS, type Route } from '../routes/route-key.ts'
import { type Pattern, SEGMENTS, type Token } from '../routes/segment-pattern.ts'

/** A resource of a policy, for one route. */
export interface Resource {
  readonly pattern: Pattern
  /** The route's number. */
  readonly route: number
}

/**
 * How `ANY` and `$default` are written: with a star, which is short, or method by method. A star in the place of the method
 * crosses slashes too; a list allows no other methods than these, although `ANY` would.
 */
export type MethodStyle = 'star' | 'each'

/** What allows all requests of a route, and more: a star crosses slashes, and matches nothing at all. */
export function toAllowed(route: Route, style: MethodStyle): readonly Pattern[] {
  const { path = [GREEDY] } = route
  const rest = path.map((one): Token => (typeof one === 'string' ? one : SEGMENTS))
  return toMethods(route, style).map((method) => [method, ...rest])
}

/** What may be denied for a route: its own requests, and what {@link toAllowed} allows beyond them. */
export function toDeniable(route: Route, style: MethodStyle): readonly Pattern[] {
  const allowed = toAllowed(route, style)
  return [...allowed, ...allowed.flatMap(toExcess)]
}

/** Requests in which a star stands for more, or less, than the one segment that it should stand for. */
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

/** As it stands in an ARN. */
export function toText(pattern: Pattern): string {
  return pattern.map((token) => (typeof token === 'string' ? token : '*')).join('/')
}
