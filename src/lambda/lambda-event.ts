/**
 * The events of functions that nothing stands in front of: function URLs, HTTP, REST and WebSocket APIs, and load balancers,
 * recognised by their shape.
 */
import type { EventRequest } from '../http-request/event-token.ts'
import { readEventUrl } from '../http-request/event-url.ts'
import {
  readEventCertificate,
  readEventCookies,
  readEventHeader,
  readEventQuery,
} from '../http-request/event-values.ts'
import { isObject, isString, toObject, type UnknownObject } from '../http-request/unknown-object.ts'
import { ConfigError } from '../verify/index.ts'

/** The kind of event, which decides the shape of a result. */
export type LambdaGateway = 'alb' | 'alb-multi-value' | 'http-2.0' | 'rest' | 'websocket'

/** A request in an event. */
export interface LambdaRequest extends EventRequest {
  readonly gateway: LambdaGateway
  /** The route that API Gateway chose; `undefined` if the event names none. */
  readonly route: string | undefined
}

/**
 * Reads an event.
 * @throws {@link ConfigError} for any other event
 */
export function parseLambdaEvent(event: unknown): LambdaRequest {
  const fields = toObject(event)
  const gateway = readGateway(fields)
  if (gateway === undefined) throw new ConfigError(describeOther(fields))
  const headerValues = (name: string): readonly string[] => readEventHeader(fields, name)
  return {
    gateway,
    method: readMethod(fields, gateway),
    headerValues,
    queryValues: (name) => readEventQuery(fields, name),
    cookies: readEventCookies(fields) ?? headerValues('cookie'),
    urlAt: (start) => readEventUrl(fields, gateway, start),
    certificate: readEventCertificate(fields),
    route: readRoute(fields),
  }
}

/** The kind of an event; `undefined` for one that has no request of HTTP. */
export function readGateway(event: UnknownObject): LambdaGateway | undefined {
  const context = event['requestContext']
  if (isAuthorizerEvent(event) || !isObject(context)) return undefined
  if (isObject(context['elb'])) return readTargetGroup(event)
  if (event['version'] === '2.0') return isObject(context['http']) ? 'http-2.0' : undefined
  if (isString(context['connectionId'])) {
    return context['eventType'] === 'CONNECT' ? 'websocket' : undefined
  }
  return isString(event['httpMethod']) ? 'rest' : undefined
}

/** A target group sends one of the two, and expects the same of the result. */
function readTargetGroup({ headers, multiValueHeaders }: UnknownObject): LambdaGateway {
  return isObject(multiValueHeaders) && !isObject(headers) ? 'alb-multi-value' : 'alb'
}

function isAuthorizerEvent({ methodArn, routeArn }: UnknownObject): boolean {
  return isString(methodArn ?? routeArn)
}

function describeOther(event: UnknownObject): string {
  if (isAuthorizerEvent(event)) {
    return '"event" is for a Lambda authorizer: use createAuthorizer() of jwt-gate/lambda-authorizer'
  }
  const { connectionId } = toObject(event['requestContext'])
  if (isString(connectionId)) {
    return '"event" is a message of a WebSocket, which has no headers: verify the token in $connect, or call verify() with a token of the message'
  }
  return '"event" must be one of a function URL, an HTTP, REST or WebSocket API, or an Application Load Balancer'
}

function readMethod(event: UnknownObject, gateway: LambdaGateway): string | undefined {
  const { http } = toObject(event['requestContext'])
  // the event of $connect has none
  if (gateway === 'websocket') return 'GET'
  const method = gateway === 'http-2.0' ? toObject(http)['method'] : event['httpMethod']
  return isString(method) ? method : undefined
}

// a path may be text of the client
const ROUTE =
  /^(?:\$default|\$connect|(?:ANY|DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT) \/[\x21-\x7e]{0,500})$/

/** The key of a route, from the settings of the API. Function URLs and load balancers have no routes. */
function readRoute(event: UnknownObject): string | undefined {
  const { routeKey, resourcePath } = toObject(event['requestContext'])
  const { httpMethod } = event
  const key = routeKey ?? (isString(resourcePath) ? `${httpMethod} ${resourcePath}` : undefined)
  return isString(key) && ROUTE.test(key) ? key : undefined
}
