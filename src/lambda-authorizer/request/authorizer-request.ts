/**
 * The five kinds of event that API Gateway sends to a Lambda authorizer, recognised by their shape and read into one type.
 * Nothing outside of this reading sees the event.
 */
import type { EventRequest } from '../../http-request/event-token.ts'
import { readEventUrl } from '../../http-request/event-url.ts'
import {
  readEventCertificate,
  readEventCookies,
  readEventHeader,
  readEventQuery,
} from '../../http-request/event-values.ts'
import { isString, toObject, type UnknownObject } from '../../http-request/unknown-object.ts'
import { ConfigError } from '../../verify/index.ts'
import type { AuthorizerGateway } from '../authorizer-events.ts'
import { isPrintable } from '../util/printable.ts'
import { type ExecuteApiArn, parseExecuteApiArn } from './execute-api-arn.ts'
import { readPaths, readRouteKeys } from './requested-route.ts'

/** A request to an API, whatever kind of API sent the event. */
export interface AuthorizerRequest extends EventRequest {
  readonly gateway: AuthorizerGateway
  /** API Gateway's ID of the request. `undefined` if the event has none, as those of the type `TOKEN`. */
  readonly requestId: string | undefined
  /** `methodArn`, or `routeArn` in payload format 2.0. `undefined` if it is not the ARN of an API and its stage. */
  readonly arn: ExecuteApiArn | undefined
  /** The path of the request, as the members of the event spell it. */
  readonly paths: readonly string[]
  /** The key of the route that API Gateway chose, in every form that a route map may use. Empty if the event has none. */
  readonly routeKeys: readonly string[]
  readonly identity: RequestIdentity
}

/** What an event of an HTTP API shows about the values by which API Gateway caches a result. */
interface RequestIdentity {
  /** The values of the identity sources, without their names. Empty if there are none, or if the event does not show them. */
  readonly sources: readonly string[]
  /** `$context.routeKey`, such as `GET /orders/{id}`. */
  readonly routeKey: string | undefined
  readonly stage: string | undefined
  readonly stageVariables: () => readonly string[]
  /** The values of all other possible identity sources. */
  readonly clientValues: () => readonly string[]
}

const MAX_ID_LENGTH = 128

/**
 * Parses the event of a Lambda authorizer.
 * @throws {@link ConfigError} if API Gateway sends no such event to a Lambda authorizer
 */
export function parseAuthorizerRequest(event: unknown): AuthorizerRequest {
  const fields = toObject(event)
  const gateway = readGateway(fields)
  const headerValues =
    gateway === 'rest-token'
      ? toTokenHeader(fields)
      : (name: string) => readEventHeader(fields, name)
  const readCookies = (): readonly string[] => readEventCookies(fields) ?? headerValues('cookie')
  return {
    gateway,
    requestId: readRequestId(fields),
    arn: parseExecuteApiArn(fields[gateway === 'http-2.0' ? 'routeArn' : 'methodArn']),
    method: readMethod(fields, gateway),
    headerValues,
    queryValues: (name) => readEventQuery(fields, name),
    get cookies() {
      return readCookies()
    },
    paths: readPaths(fields),
    routeKeys: readRouteKeys(fields, gateway),
    identity: readIdentity(fields, gateway, readCookies),
    urlAt: (start) => readEventUrl(fields, gateway, start),
    certificate: readEventCertificate(fields),
  }
}

function readGateway(event: UnknownObject): AuthorizerGateway {
  const { type, methodArn, routeArn } = event
  if (type === 'TOKEN') return 'rest-token'
  // the event of a handler has neither ARN
  const isAuthorizerEvent = type === 'REQUEST' || isString(methodArn ?? routeArn)
  const gateway = isAuthorizerEvent ? readRequestGateway(event) : undefined
  if (gateway !== undefined) return gateway
  throw new ConfigError('The event is not one that API Gateway sends to a Lambda authorizer')
}

function readRequestGateway(event: UnknownObject): AuthorizerGateway | undefined {
  const { version } = event
  const context = toObject(event['requestContext'])
  if (version === '2.0') return 'http-2.0'
  if (isConnect(context)) return 'websocket'
  if (version === '1.0') return isEmulatedRest(event, context) ? 'rest-request' : 'http-1.0'
  return version === undefined ? 'rest-request' : undefined
}

function isConnect({ eventType, connectionId, routeKey }: UnknownObject): boolean {
  return eventType === 'CONNECT' || isString(connectionId) || routeKey === '$connect'
}

/**
 * Whether serverless-offline sent this event for a REST API. API Gateway gives a `version` only to events of HTTP APIs, and
 * `requestContext.identity` to all events. serverless-offline gives a `version` to REST events too, and no `identity` to any
 * event. Its REST paths begin with the stage, its HTTP paths do not. The identity is checked first, because on AWS the path of
 * an HTTP API may begin with its stage: an event of API Gateway itself is never taken for an emulated one.
 */
function isEmulatedRest({ path }: UnknownObject, { identity, stage }: UnknownObject): boolean {
  return identity === undefined && isString(path) && path.startsWith(`/${stage}/`)
}

/** It goes into logs, so it must look like an ID. */
function readRequestId(event: UnknownObject): string | undefined {
  const { requestId } = toObject(event['requestContext'])
  return isPrintable(requestId, MAX_ID_LENGTH) ? requestId : undefined
}

function readMethod(event: UnknownObject, gateway: AuthorizerGateway): string | undefined {
  const { http } = toObject(event['requestContext'])
  const method = gateway === 'http-2.0' ? toObject(http)['method'] : event['httpMethod']
  return isString(method) ? method : undefined
}

/** A TOKEN event has one header: the token source of the API, whatever its name. */
function toTokenHeader({ authorizationToken }: UnknownObject): (name: string) => readonly string[] {
  return () => (isString(authorizationToken) ? [authorizationToken] : [])
}

function readIdentity(
  event: UnknownObject,
  gateway: AuthorizerGateway,
  readCookies: () => readonly string[],
): RequestIdentity {
  const { routeKey, headers, queryStringParameters, pathParameters, stageVariables } = event
  const { stage } = toObject(event['requestContext'])
  return {
    sources: readIdentitySources(event, gateway),
    routeKey: isString(routeKey) ? routeKey : undefined,
    stage: isString(stage) ? stage : undefined,
    stageVariables: () => readTexts(stageVariables),
    clientValues: () => [
      ...[headers, queryStringParameters, pathParameters].flatMap(readTexts),
      ...readCookies(),
    ],
  }
}

function readTexts(map: unknown): readonly string[] {
  return Object.values(toObject(map)).filter(isString)
}

/** Payload format 1.0 joins the values with commas. */
function readIdentitySources(
  { identitySource }: UnknownObject,
  gateway: AuthorizerGateway,
): readonly string[] {
  if (gateway === 'http-1.0' && isString(identitySource)) {
    return identitySource === '' ? [] : identitySource.split(',')
  }
  if (gateway !== 'http-2.0' || !Array.isArray(identitySource)) return []
  return identitySource.filter((value) => isString(value) && value !== '')
}
