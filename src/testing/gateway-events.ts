/**
 * The types of the events, from `@types/aws-lambda` if it has one.
 */
import type {
  ALBEvent,
  APIGatewayEventRequestContextV2,
  APIGatewayEventRequestContextV2WithAuthorizer,
  APIGatewayEventWebsocketRequestContextV2,
  APIGatewayProxyCognitoAuthorizer,
  APIGatewayProxyEventBase,
  APIGatewayProxyEventV2WithJWTAuthorizer,
  APIGatewayProxyEventV2WithRequestContext,
  APIGatewayProxyWebsocketEventV2WithRequestContext,
  APIGatewayRequestAuthorizerEvent,
  APIGatewayRequestAuthorizerEventV2,
  APIGatewayTokenAuthorizerEvent,
  AppSyncAuthorizerEvent,
} from 'aws-lambda'

/** The authorizer event of an HTTP API with payload format 1.0. */
export interface HttpApiAuthorizerEventV1 extends APIGatewayRequestAuthorizerEvent {
  version: '1.0'
  /** The values of the identity sources, joined with commas. */
  identitySource: string
  authorizationToken: string
}

/** The authorizer event of a WebSocket API, for `$connect`. */
export interface WebSocketAuthorizerEvent {
  type: 'REQUEST'
  methodArn: string
  headers: Record<string, string>
  multiValueHeaders: Record<string, string[]>
  queryStringParameters: Record<string, string>
  multiValueQueryStringParameters: Record<string, string[]>
  stageVariables: Record<string, string>
  requestContext: APIGatewayEventWebsocketRequestContextV2
}

/** The authorizer event of an Event API of AppSync. */
export interface AppSyncEventsAuthorizerEvent {
  authorizationToken: string
  requestContext: {
    apiId: string
    accountId: string
    requestId: string
    operation: 'EVENT_CONNECT' | 'EVENT_PUBLISH' | 'EVENT_SUBSCRIBE'
    channelNamespaceName: string | null
    channel: string | null
  }
  requestHeaders: Record<string, string>
}

/** The authorizer event of each kind of API. */
export interface AuthorizerEvents {
  'rest-request': APIGatewayRequestAuthorizerEvent
  'rest-token': APIGatewayTokenAuthorizerEvent
  'http-1.0': HttpApiAuthorizerEventV1
  'http-2.0': APIGatewayRequestAuthorizerEventV2
  websocket: WebSocketAuthorizerEvent
  'appsync-graphql': AppSyncAuthorizerEvent
  'appsync-events': AppSyncEventsAuthorizerEvent
}

/** The context of a Lambda authorizer as a REST or WebSocket API, or payload format 1.0, passes it on. */
export interface StringContext {
  [name: string]: string | number | null
  principalId: string
  integrationLatency: number
}

/** The claims as the JWT authorizer of an HTTP API passes them on. */
export interface JwtAuthorizerClaims {
  claims: Record<string, string>
  scopes: string[] | null
}

/** The claims as the JWT authorizer of a REST API passes them on: with their JSON types. */
export interface RestJwtAuthorizer {
  claims: Record<string, unknown>
}

/** The event of a function behind an HTTP API with payload format 1.0. */
export interface HttpApiEventV1<Authorizer> extends APIGatewayProxyEventBase<Authorizer> {
  version: '1.0'
}

/** The event of a function behind a WebSocket API. Only `$connect` events have headers and a query. */
export interface WebSocketEvent
  extends APIGatewayProxyWebsocketEventV2WithRequestContext<
    APIGatewayEventWebsocketRequestContextV2 & { authorizer?: StringContext }
  > {
  headers?: Record<string, string>
  multiValueHeaders?: Record<string, string[]>
}

/** The event of a function behind each kind of authorizer, or of one that nothing stands in front of. */
export interface HandlerEvents {
  'rest-lambda': APIGatewayProxyEventBase<StringContext>
  'http-1.0-lambda': HttpApiEventV1<StringContext>
  'http-2.0-lambda': APIGatewayProxyEventV2WithRequestContext<
    APIGatewayEventRequestContextV2WithAuthorizer<{ lambda: Record<string, unknown> | null }>
  >
  'websocket-lambda': WebSocketEvent
  'rest-cognito': APIGatewayProxyEventBase<APIGatewayProxyCognitoAuthorizer>
  'rest-jwt': APIGatewayProxyEventBase<RestJwtAuthorizer>
  'http-jwt': APIGatewayProxyEventV2WithJWTAuthorizer
  'http-1.0-jwt': HttpApiEventV1<JwtAuthorizerClaims>
  rest: APIGatewayProxyEventBase<null>
  'http-1.0': HttpApiEventV1<null>
  'http-2.0': APIGatewayProxyEventV2WithRequestContext<APIGatewayEventRequestContextV2>
  'function-url': APIGatewayProxyEventV2WithRequestContext<APIGatewayEventRequestContextV2>
  websocket: WebSocketEvent
  alb: ALBEvent
  'alb-multi-value': ALBEvent
}
