/**
 * What events say about a request.
 */
import { METHODS } from 'node:http'
import type { RequestDescription } from '../../http-request/request-events.ts'
import { routeOf } from './mounted-route.ts'
import type { RequestLike } from './request-headers.ts'

export function describeRequest(req: RequestLike): RequestDescription {
  const { method } = req
  // over HTTP/2, it may be any text
  return { method: METHODS.includes(method as string) ? method : undefined, route: routeOf(req) }
}
