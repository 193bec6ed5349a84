/**
 * A request with its path and its route: the path in the ARN, which IAM decides by; other spellings of the path; and the route
 * that API Gateway chose.
 */
import { ConfigError } from '../../verify/index.ts'
import { GREEDY, MAX_DEPTH, PARAMETER, type Route, toRequests } from './route-key.ts'

/** A route of an API. A route map need not have it. */
export type ChosenRoute = Pick<Route, 'method' | 'path' | 'requests'>

/** A request with its path and its route. */
export interface RoutedRequest {
  /** The method and the segments of the path, as in the ARN, or only `$connect`. */
  readonly segments: readonly string[]
  /** For each other spelling of the path in the event, the segments that differ from the path in the ARN. */
  readonly otherPaths: readonly (readonly string[])[]
  /** The route that API Gateway chose, in every form that a route map may use. Empty if the event has none. */
  readonly chosen: readonly ChosenRoute[]
}

/** The statements of an event about the path and the route. */
interface RequestedRoute {
  readonly paths: readonly string[]
  readonly routeKeys: readonly string[]
}

const DEFAULT = '$default'
const METHOD_AND_PATH = /^([^ ]*) \/(.*)$/s

/**
 * @param request - the end of the ARN: the method and the path
 * @throws {@link ConfigError} if a route key cannot be parsed
 */
export function toRoutedRequest(
  request: string,
  { paths, routeKeys }: RequestedRoute,
): RoutedRequest {
  const segments = request.split('/')
  const path = `/${segments.slice(1).join('/')}`
  return {
    segments,
    otherPaths: paths.map((other) => withoutEnd(other, path).split('/').slice(1)),
    chosen: routeKeys.map(parseChosenRoute),
  }
}

function withoutEnd(text: string, end: string): string {
  return text.endsWith(end) ? text.slice(0, -end.length) : text
}

/** Parses any route key. An API may have routes that no map can have. */
function parseChosenRoute(key: string): ChosenRoute {
  if (key === DEFAULT) return toRoute(undefined, undefined)
  const [, verb, text] = METHOD_AND_PATH.exec(key) ?? []
  if (text === undefined) {
    throw new ConfigError(
      'The event names a route that is neither a method and a path nor $default',
    )
  }
  const path = text.split('/').map((segment, at, { length }) => {
    if (!/^\{.*\}$/s.test(segment)) return segment
    return segment.endsWith('+}') && at === length - 1 ? GREEDY : PARAMETER
  })
  if (path.length > MAX_DEPTH) throw new ConfigError('The event names a route that is too long')
  return toRoute(verb === 'ANY' ? undefined : verb, path)
}

function toRoute(method: string | undefined, path: ChosenRoute['path']): ChosenRoute {
  return { method, path, requests: toRequests(method, path) }
}
