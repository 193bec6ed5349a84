/**
 * The path of a request, and the route that API Gateway chose for it, as an event states them. HTTP APIs give the route key,
 * including `ANY` and `$default`. REST APIs give the path of the route. A `TOKEN` event gives nothing.
 */
import { isString, toObject, type UnknownObject } from '../../http-request/unknown-object.ts'
import type { AuthorizerGateway } from '../authorizer-events.ts'

const DEFAULT = '$default'
const ROUTE_KEY = /^(?:\$default$|[^ ]* \/)/

/** The path in several spellings. It may begin with the stage or the base path of a domain, or be decoded. */
export function readPaths(event: UnknownObject): readonly string[] {
  const context = toObject(event['requestContext'])
  const { path: pathV2 } = toObject(context['http'])
  return [event['path'], event['rawPath'], context['path'], pathV2].filter(isString)
}

/** The key of the chosen route, in every form that a route map may use. Empty if the event has none. */
export function readRouteKeys(event: UnknownObject, gateway: AuthorizerGateway): readonly string[] {
  const { routeKey, resource, httpMethod } = event
  const context = toObject(event['requestContext'])
  if (gateway === 'http-2.0') return [routeKey ?? context['routeKey']].filter(isString)
  if (gateway !== 'http-1.0' && gateway !== 'rest-request') return []
  const { resourceId } = context
  // the ID of a REST API's resource is a word
  // Stryker disable next-line ConditionalExpression: only for the types
  if (isString(resourceId) && ROUTE_KEY.test(resourceId)) return [resourceId]
  const path = resource ?? context['resourcePath']
  if (!isString(path)) return []
  if (path === DEFAULT) return [DEFAULT]
  const method = httpMethod ?? context['httpMethod']
  // an event of a REST API does not say whether the route has this method, or ANY
  return [...(isString(method) ? [`${method} ${path}`] : []), `ANY ${path}`]
}
