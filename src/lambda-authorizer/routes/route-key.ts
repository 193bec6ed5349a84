/**
 * API Gateway's route keys, such as `GET /orders/{id}`, and patterns for the requests that they match.
 */
import { ConfigError } from '../../verify/index.ts'
import { ANY_SEGMENT, MAX_TOKENS, type Pattern, SEGMENT, SEGMENTS } from './segment-pattern.ts'

/** The methods that API Gateway knows, without `ANY`. */
export const METHODS = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'] as const

/** The maximum number of segments of a path. All patterns for it then have at most {@link MAX_TOKENS} tokens. */
export const MAX_DEPTH: number = MAX_TOKENS - 4

/** A path segment of a route: plain text, `{name}`, or `{name+}` at the end. */
export type RouteSegment = string | typeof PARAMETER | typeof GREEDY

export const PARAMETER: unique symbol = Symbol('{name}')
export const GREEDY: unique symbol = Symbol('{name+}')

/** A route. */
export interface Route {
  readonly key: string
  /** `undefined` for `ANY` and `$default`. */
  readonly method: string | undefined
  /** `undefined` for `$default`, which matches every path. */
  readonly path: readonly RouteSegment[] | undefined
  /** Patterns for its requests. A request needs to match only one of them. */
  readonly requests: readonly Pattern[]
}

const VARIABLE = /^\{[\w.-]+\+?\}$/
// a variable of Express and other routers: `:id`, `:id?`, `:rest*`
const OTHER_VARIABLE = /^:(\w+)/
// all except characters with a meaning in IAM policies, and except spaces and control characters, which no path in an ARN has;
// \p{Cc} would be clearer, but costs half a millisecond at each cold start
const LITERAL = /^(?:(?![*?${}\s])[!-~\u00a0-\uffff])*$/

/**
 * Parses a route key of a map.
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
  const [, name] = OTHER_VARIABLE.exec(segment) ?? []
  if (name !== undefined) {
    throw new ConfigError(
      `"access" has the key ${JSON.stringify(key)}: API Gateway takes a part with a colon literally; a variable is {${name}}, and the rest of a path {${name}+}`,
    )
  }
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

/** Patterns for the requests of a route. A request needs to match only one of them. `ANY` also matches unknown methods. */
export function toRequests(method: string | undefined, path: Route['path']): readonly Pattern[] {
  if (path === undefined) return [[method ?? ANY_SEGMENT, SEGMENTS]]
  const fixed = path.filter((segment) => segment !== GREEDY)
  const pattern: Pattern = [
    method ?? ANY_SEGMENT,
    ...fixed.map((segment) => (segment === PARAMETER ? SEGMENT : segment)),
  ]
  if (fixed.length === path.length) return [pattern]
  // one segment that is not empty, or several segments of any kind
  return [
    [...pattern, SEGMENT],
    [...pattern, ANY_SEGMENT, SEGMENTS],
  ]
}
