/**
 * What an event says of where its request goes: the path in the ARN, by which IAM decides; the same path in other members; and
 * the route that API Gateway chose. HTTP APIs name it with `ANY` and `$default`, REST APIs name its path alone, and a `TOKEN`
 * event names nothing.
 */
import { ConfigError } from '../../verify/index.ts'
import type { AuthorizerRequest } from '../request/authorizer-request.ts'
import type { ExecuteApiArn } from '../request/execute-api-arn.ts'
import { toObject } from '../util/unknown-object.ts'
import { GREEDY, MAX_DEPTH, PARAMETER, type Route, toRequests } from './route-key.ts'

/** A route of an API, of which it is not known whether a map has it. */
export type ChosenRoute = Pick<Route, 'method' | 'path' | 'requests'>

const DEFAULT = '$default'
const METHOD_AND_PATH = /^([^ ]*) \/(.*)$/s

/** What is known of a request's way. */
export interface RoutedRequest {
  /** The method and the path's segments, as the ARN has them, or `$connect` alone. */
  readonly segments: readonly string[]
  /** Segments that other members of the event have beyond that path, or in place of it. */
  readonly otherPaths: readonly (readonly string[])[]
  /** The route that API Gateway chose, as it may stand in a map: the first that is there. None where the event names none. */
  readonly chosen: readonly ChosenRoute[]
}

/** @throws {@link ConfigError} where the event names a route that cannot be read */
export function toRoutedRequest(request: AuthorizerRequest, arn: ExecuteApiArn): RoutedRequest {
  const segments = arn.request.split('/')
  const path = `/${segments.slice(1).join('/')}`
  return {
    segments,
    otherPaths: pathsOf(request).map((other) => withoutEnd(other, path).split('/').slice(1)),
    chosen: keysOf(request).map(readKey),
  }
}

/** None of these need be the path in the ARN: they may begin with the stage or a domain's base path, or be decoded. */
function pathsOf({ event }: AuthorizerRequest): readonly string[] {
  const context = toObject(event['requestContext'])
  const { path: pathV2 } = toObject(context['http'])
  return [event['path'], event['rawPath'], context['path'], pathV2].filter(isText)
}

function withoutEnd(text: string, end: string): string {
  return text.endsWith(end) ? text.slice(0, -end.length) : text
}

function keysOf({ gateway, event }: AuthorizerRequest): readonly string[] {
  const { routeKey, resource, httpMethod } = event
  const context = toObject(event['requestContext'])
  if (gateway === 'http-2.0') return [routeKey ?? context['routeKey']].filter(isText)
  if (gateway !== 'http-1.0' && gateway !== 'rest-request') return []
  const { resourceId } = context
  if (gateway === 'http-1.0' && isRouteKey(resourceId)) return [resourceId]
  const path = resource ?? context['resourcePath']
  if (!isText(path)) return []
  if (path === DEFAULT) return [DEFAULT]
  const method = httpMethod ?? context['httpMethod']
  // a REST API never says whether it has the method itself, or ANY
  return [...(isText(method) ? [`${method} ${path}`] : []), `ANY ${path}`]
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isRouteKey(value: unknown): value is string {
  return isText(value) && (value === DEFAULT || METHOD_AND_PATH.test(value))
}

/** An API may have routes that no map can have, so a key may hold what it likes. */
function readKey(key: string): ChosenRoute {
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
