/**
 * Builds the events that API Gateway sends to a Lambda authorizer.
 */
import type {
  APIGatewayRequestAuthorizerEvent,
  APIGatewayRequestAuthorizerEventV2,
  APIGatewayTokenAuthorizerEvent,
} from 'aws-lambda'
import { toAppSyncEventsEvent, toAppSyncGraphqlEvent } from './app-sync-event.ts'
import type {
  AuthorizerEvents,
  HttpApiAuthorizerEventV1,
  WebSocketAuthorizerEvent,
} from './gateway-events.ts'
import {
  API,
  type GatewayRequest,
  type TestRequest,
  toGatewayRequest,
  toJoined,
  toLowerCaseNames,
  toMulti,
  toQueryString,
  toSingle,
  toStagePath,
  withCookieHeader,
} from './gateway-request.ts'
import {
  toRequestContext,
  toRequestContextV2,
  toRouteKey,
  toWebSocketContext,
} from './gateway-request-context.ts'
import { toIdentitySource } from './identity-sources.ts'
import { builderOf, readRequest } from './read-request.ts'

type Builders = {
  readonly [Gateway in keyof AuthorizerEvents]: (request: TestRequest) => AuthorizerEvents[Gateway]
}

const BUILDERS: Builders = {
  'rest-request': toRestEvent,
  'rest-token': toTokenEvent,
  'http-1.0': toHttpEventV1,
  'http-2.0': toHttpEventV2,
  websocket: toWebSocketEvent,
  'appsync-graphql': toAppSyncGraphqlEvent,
  'appsync-events': toAppSyncEventsEvent,
}

/**
 * Creates the event that API Gateway or AppSync sends to an authorizer for a request.
 *
 * @example
 * ```ts
 * await handler(createAuthorizerEvent('rest-request', { token, path: '/orders/7', resource: '/orders/{id}' }))
 * ```
 * @param gateway - the kind of API and of event: `rest-request` and `rest-token` for REST APIs, `http-1.0` and `http-2.0` for
 * HTTP APIs, `websocket` for the `$connect` event of WebSocket APIs, `appsync-graphql` and `appsync-events` for AppSync
 * @param request - the client's request. @defaultValue `GET /` without a token
 * @returns a new event
 * @throws `ConfigError` for an unknown kind, or an unknown member of the request
 * @throws `Error` if API Gateway would not call the authorizer, because the request lacks one of `identitySources`
 */
export function createAuthorizerEvent<Gateway extends keyof AuthorizerEvents>(
  gateway: Gateway,
  request: TestRequest = {},
): AuthorizerEvents[Gateway] {
  const build = builderOf('gateway', gateway, BUILDERS)
  return build(readRequest(request))
}

function toRestEvent(given: TestRequest): APIGatewayRequestAuthorizerEvent {
  const request = toGatewayRequest(given, 'prod')
  const path = `/${request.stage}${request.path}`
  return {
    type: 'REQUEST',
    methodArn: toArn(request),
    ...toFieldsV1(request),
    path: request.path,
    requestContext: toRequestContext(request, {
      path,
      resourceId: '05c7jb',
      authorizer: undefined,
    }),
  }
}

/** The token source is the `Authorization` header. Without this header, API Gateway would not call the authorizer. */
function toTokenEvent(given: TestRequest): APIGatewayTokenAuthorizerEvent {
  const request = toGatewayRequest(given, 'prod')
  return {
    type: 'TOKEN',
    methodArn: toArn(request),
    authorizationToken: toJoined(toLowerCaseNames(request.headers))['authorization'] ?? '',
  }
}

function toHttpEventV1(given: TestRequest): HttpApiAuthorizerEventV1 {
  const request = toGatewayRequest(given, '$default')
  const path = toStagePath(request)
  const resourceId = toRouteKey(request)
  const identitySource = toIdentitySource(request, given.identitySources).join(',')
  return {
    version: '1.0',
    type: 'REQUEST',
    methodArn: toArn(request),
    identitySource,
    authorizationToken: identitySource,
    ...toFieldsV1(request),
    path,
    requestContext: toRequestContext(request, { path, resourceId, authorizer: undefined }),
  }
}

function toFieldsV1(
  request: GatewayRequest,
): Omit<APIGatewayRequestAuthorizerEvent, 'type' | 'methodArn' | 'path' | 'requestContext'> {
  return {
    resource: request.resource,
    httpMethod: request.method,
    pathParameters: request.pathParameters,
    ...toMaps(request),
  }
}

/** API Gateway omits cookies and the query if the client sent none, although the type requires cookies. */
function toHttpEventV2(given: TestRequest): APIGatewayRequestAuthorizerEventV2 {
  const request = toGatewayRequest(given, '$default')
  const { cookies, query, pathParameters } = request
  return {
    version: '2.0',
    type: 'REQUEST',
    routeArn: toArn(request),
    identitySource: toIdentitySource(request, given.identitySources),
    routeKey: toRouteKey(request),
    rawPath: toStagePath(request),
    rawQueryString: toQueryString(request),
    ...((cookies.length > 0 && { cookies: [...cookies] }) as { cookies: string[] }),
    headers: toJoined(toLowerCaseNames(request.headers)),
    ...(query.length > 0 && { queryStringParameters: toJoined(query) }),
    requestContext: toRequestContextV2(request),
    pathParameters,
    stageVariables: {},
  }
}

function toWebSocketEvent(given: TestRequest): WebSocketAuthorizerEvent {
  const request = { ...toGatewayRequest(given, 'prod'), routeKey: '$connect' }
  return {
    type: 'REQUEST',
    methodArn: `${API.arn}/${request.stage}/$connect`,
    ...toMaps(request),
    requestContext: toWebSocketContext(request, 'CONNECT'),
  }
}

function toMaps(
  request: GatewayRequest,
): Omit<WebSocketAuthorizerEvent, 'type' | 'methodArn' | 'requestContext'> {
  const headers = withCookieHeader(request)
  return {
    headers: toSingle(headers),
    multiValueHeaders: toMulti(headers),
    queryStringParameters: toSingle(request.query),
    multiValueQueryStringParameters: toMulti(request.query),
    stageVariables: {},
  }
}

/** The ARN contains the path that the client sent, not the path of the route. */
function toArn({ stage, method, path }: GatewayRequest): string {
  return `${API.arn}/${stage}/${method}${path}`
}
