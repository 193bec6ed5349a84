/**
 * Builds the events that API Gateway sends to the function behind an authorizer.
 */
import type {
  APIGatewayEventRequestContextV2WithAuthorizer,
  APIGatewayProxyEventBase,
  APIGatewayProxyEventV2WithRequestContext,
} from 'aws-lambda'
import { toAlbEvent, toFunctionUrlEvent } from './direct-event.ts'
import {
  toCognitoAuthorizerClaims,
  toJwtAuthorizerClaims,
  toStringContext,
  toTypedClaims,
} from './gateway-encoding.ts'
import type {
  HandlerEvents,
  HttpApiEventV1,
  JwtAuthorizerClaims,
  StringContext,
  WebSocketEvent,
} from './gateway-events.ts'
import {
  type GatewayRequest,
  type TestHandlerRequest,
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
import { builderOf, readHandlerRequest } from './read-request.ts'

type Builders = {
  readonly [Front in keyof HandlerEvents]: (request: TestHandlerRequest) => HandlerEvents[Front]
}

const BUILDERS: Builders = {
  'rest-lambda': (request) => toRestEvent(request, toLambdaAuthorizer(request)),
  'http-1.0-lambda': (request) => toHttpEventV1(request, toLambdaAuthorizer(request)),
  'http-2.0-lambda': (request) =>
    toHttpEventV2(request, { lambda: request.context ? toNative(request.context) : null }),
  'websocket-lambda': toWebSocketEvent,
  'rest-cognito': (request) =>
    toRestEvent(request, { claims: toCognitoAuthorizerClaims(request.claims ?? {}) }),
  'rest-jwt': (request) => toRestEvent(request, { claims: toTypedClaims(request.claims ?? {}) }),
  'http-jwt': (request) => toHttpEventV2(request, { jwt: toJwtAuthorizer(request) }),
  'http-1.0-jwt': (request) => toHttpEventV1(request, toJwtAuthorizer(request)),
  rest: (request) => toRestEvent(request, null),
  'http-1.0': (request) => toHttpEventV1(request, null),
  'http-2.0': withoutAuthorizer,
  'function-url': (request) => toFunctionUrlEvent(withoutAuthorizer(request)),
  websocket: toConnectEvent,
  alb: (request) => toAlbEvent(request, false),
  'alb-multi-value': (request) => toAlbEvent(request, true),
}

/**
 * Creates the event of a function: behind an authorizer of API Gateway, with the context or claims encoded as API Gateway encodes
 * them, or one that nothing stands in front of.
 *
 * @example
 * ```ts
 * const { principalId, context } = await authorizer(createAuthorizerEvent('rest-request', { token }))
 * await handler(createHandlerEvent('rest-lambda', { principalId, context }))
 * ```
 * @param front - the kind of API and authorizer: `-lambda` for a Lambda authorizer, `-jwt` and `-cognito` for API Gateway's own.
 * Without an authorizer: `rest`, `http-1.0`, `http-2.0`, `websocket`, `function-url`, `alb` and `alb-multi-value`
 * @param request - the client's request, and the result of the authorizer. @defaultValue `GET /` without context or claims
 * @returns a new event
 * @throws `ConfigError` for an unknown kind, or an unknown member of the request
 * @throws `Error` if the context contains a value that API Gateway does not accept
 */
export function createHandlerEvent<Front extends keyof HandlerEvents>(
  front: Front,
  request: TestHandlerRequest = {},
): HandlerEvents[Front] {
  const build = builderOf('front', front, BUILDERS)
  return build(readHandlerRequest(request))
}

function withoutAuthorizer(request: TestHandlerRequest): HandlerEvents['http-2.0'] {
  const { requestContext, ...event } = toHttpEventV2(request, undefined)
  const { authorizer: _, ...context } = requestContext
  return { ...event, requestContext: context }
}

function toConnectEvent(request: TestHandlerRequest): WebSocketEvent {
  const { requestContext, ...event } = toWebSocketEvent(request)
  const { authorizer: _, ...context } = requestContext
  return { ...event, requestContext: context }
}

function toLambdaAuthorizer({ context, principalId = 'user' }: TestHandlerRequest): StringContext {
  return { ...toStringContext(context ?? {}), principalId, integrationLatency: 42 }
}

function toJwtAuthorizer({ claims = {}, scopes = null }: TestHandlerRequest): JwtAuthorizerClaims {
  return { claims: toJwtAuthorizerClaims(claims), scopes: scopes && [...scopes] }
}

function toNative(context: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(context))
}

function toRestEvent<Authorizer>(
  given: TestHandlerRequest,
  authorizer: Authorizer,
): APIGatewayProxyEventBase<Authorizer> {
  const request = toGatewayRequest(given, 'prod')
  const path = `/${request.stage}${request.path}`
  return {
    ...toFieldsV1(request, given),
    path: request.path,
    requestContext: toRequestContext(request, { path, resourceId: '05c7jb', authorizer }),
  }
}

function toHttpEventV1<Authorizer>(
  given: TestHandlerRequest,
  authorizer: Authorizer,
): HttpApiEventV1<Authorizer> {
  const request = toGatewayRequest(given, '$default')
  const path = toStagePath(request)
  return {
    version: '1.0',
    ...toFieldsV1(request, given),
    path,
    requestContext: toRequestContext(request, {
      path,
      resourceId: toRouteKey(request),
      authorizer,
    }),
  }
}

function toFieldsV1(
  request: GatewayRequest,
  { body = null }: { readonly body?: string | null | undefined },
): Omit<APIGatewayProxyEventBase<unknown>, 'path' | 'requestContext'> {
  const headers = withCookieHeader(request)
  const { query, pathParameters } = request
  return {
    resource: request.resource,
    httpMethod: request.method,
    headers: toSingle(headers),
    multiValueHeaders: toMulti(headers),
    queryStringParameters: orNull(toSingle(query)),
    multiValueQueryStringParameters: orNull(toMulti(query)),
    pathParameters: orNull(pathParameters),
    stageVariables: null,
    body,
    isBase64Encoded: false,
  }
}

function orNull<T extends object>(values: T): T | null {
  return Object.keys(values).length === 0 ? null : values
}

function toHttpEventV2<Authorizer>(
  given: TestHandlerRequest,
  authorizer: Authorizer,
): APIGatewayProxyEventV2WithRequestContext<
  APIGatewayEventRequestContextV2WithAuthorizer<Authorizer>
> {
  const request = toGatewayRequest(given, '$default')
  const { cookies, query, pathParameters } = request
  return {
    version: '2.0',
    routeKey: toRouteKey(request),
    rawPath: toStagePath(request),
    rawQueryString: toQueryString(request),
    ...(cookies.length > 0 && { cookies: [...cookies] }),
    headers: toJoined(toLowerCaseNames(request.headers)),
    ...(query.length > 0 && { queryStringParameters: toJoined(query) }),
    requestContext: { ...toRequestContextV2(request), authorizer },
    ...(given.body !== undefined && { body: given.body }),
    ...(Object.keys(pathParameters).length > 0 && { pathParameters }),
    isBase64Encoded: false,
  }
}

/** The context belongs to the connection: events of later messages also have it, but no headers and no query. */
function toWebSocketEvent(given: TestHandlerRequest): WebSocketEvent {
  const request = toGatewayRequest(given, 'prod')
  const isConnect = request.routeKey === '$connect'
  const requestContext = toWebSocketContext(request, isConnect ? 'CONNECT' : 'MESSAGE')
  return {
    ...(isConnect && toConnectFields(request)),
    requestContext: { ...requestContext, authorizer: toLambdaAuthorizer(given) },
    ...(given.body !== undefined && { body: given.body }),
    isBase64Encoded: false,
  }
}

function toConnectFields(request: GatewayRequest): Partial<WebSocketEvent> {
  const headers = withCookieHeader(request)
  const { query } = request
  return {
    headers: toSingle(headers),
    multiValueHeaders: toMulti(headers),
    ...(query.length > 0 && {
      queryStringParameters: toSingle(query),
      multiValueQueryStringParameters: toMulti(query),
    }),
  }
}
