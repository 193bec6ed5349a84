/**
 * API Gateway's route keys, such as `GET /orders/{id}`, and which requests they stand for.
 */
import { ConfigError } from '../../verify/index.ts'
import { ANY_SEGMENT, MAX_TOKENS, type Pattern, SEGMENT, SEGMENTS } from './segment-pattern.ts'

/** The methods that API Gateway has; `ANY` is one of these. */
export const METHODS = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'] as const

/** How many segments a path may have, so that all patterns that are made of it have few enough tokens. */
export const MAX_DEPTH: number = MAX_TOKENS - 4

/** A path segment of a route: its text, `{name}`, or `{name+}` at the end. */
export type RouteSegment = string | typeof PARAMETER | typeof GREEDY

export const PARAMETER: unique symbol = Symbol('{name}')
export const GREEDY: unique symbol = Symbol('{name+}')

/** A route. */
export interface Route {
  readonly key: string
  /** `undefined` for `ANY` and `$default`. */
  readonly method: string | undefined
  /** `undefined` for `$default`, which takes every path. */
  readonly path: readonly RouteSegment[] | undefined
  /** The requests that it stands for, as alternatives. */
  readonly requests: readonly Pattern[]
}

const VARIABLE = /^\{[\w.-]+\+?\}$/
// but for what means something in an IAM policy, and spaces and control characters, which no path in an ARN has. (\p{Cc} would say
// it, and cost every cold process half a millisecond.)
const LITERAL = /^(?:(?![*?${}\s])[!-~\u00a0-\uffff])*$/

/**
 * Reads a route key.
 * @throws {@link ConfigError} that names the key
 */
export function parseRouteKey(key: string): Route {
  if (key === '$default') {
    return { key, method: undefined, path: undefined, requests: toRequests(undefined, undefined) }
  }
  const end = key.indexOf(' /')
  const verb = key.slice(0, end)
  if (end === -1 || (verb !== 'ANY' && !METHODS.some((one) => one === verb))) {
    throw new ConfigError(
      `"access" has the key ${JSON.stringify(key)}: it must be a method (or ANY) and a path, $default, or $connect`,
    )
  }
  const method = verb === 'ANY' ? undefined : verb
  const segments = key.slice(end + 2).split('/')
  const path = segments.map((segment, at) => parseSegment(key, segment, at === segments.length - 1))
  if (path.length > MAX_DEPTH) throw new ConfigError(`"access" has ${key}, which is too long`)
  return { key, method, path, requests: toRequests(method, path) }
}

function parseSegment(key: string, segment: string, isLast: boolean): RouteSegment {
  if (LITERAL.test(segment)) return segment
  if (!VARIABLE.test(segment)) {
    throw new ConfigError(
      `"access" has the key ${JSON.stringify(key)}: a part of a path is either {name} or plain text without * ? $ { }`,
    )
  }
  if (!segment.endsWith('+}')) return PARAMETER
  if (isLast) return GREEDY
  throw new ConfigError(`"access" has the key ${JSON.stringify(key)}: {name+} has to come last`)
}

/** The requests of a route, as alternatives. `ANY` takes every method, whatever its name. */
export function toRequests(method: string | undefined, path: Route['path']): readonly Pattern[] {
  if (path === undefined) return [[method ?? ANY_SEGMENT, SEGMENTS]]
  const fixed = path.filter((segment) => segment !== GREEDY)
  const pattern: Pattern = [
    method ?? ANY_SEGMENT,
    ...fixed.map((segment) => (segment === PARAMETER ? SEGMENT : segment)),
  ]
  if (fixed.length === path.length) return [pattern]
  // one segment with something in it, or several of any kind
  return [
    [...pattern, SEGMENT],
    [...pattern, ANY_SEGMENT, SEGMENTS],
  ]
}
