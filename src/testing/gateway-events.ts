/**
 * The types of the events that the builders make. Where `@types/aws-lambda` has one, it is that one.
 */
import type {
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
} from 'aws-lambda'

/** An HTTP API's event in payload format 1.0. */
export interface HttpApiAuthorizerEventV1 extends APIGatewayRequestAuthorizerEvent {
  version: '1.0'
  /** The identity sources, joined with commas. */
  identitySource: string
  authorizationToken: string
}

/** The `$connect` event of a WebSocket API. */
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

/** The event that each kind of API sends. */
export interface AuthorizerEvents {
  'rest-request': APIGatewayRequestAuthorizerEvent
  'rest-token': APIGatewayTokenAuthorizerEvent
  'http-1.0': HttpApiAuthorizerEventV1
  'http-2.0': APIGatewayRequestAuthorizerEventV2
  websocket: WebSocketAuthorizerEvent
}

/** A context that came through a REST or WebSocket API, or through payload format 1.0. */
export interface StringContext {
  [name: string]: string | number | null
  principalId: string
  integrationLatency: number
}

/** Claims behind an HTTP API's own JWT authorizer. */
export interface JwtAuthorizerClaims {
  claims: Record<string, string>
  scopes: string[] | null
}

/** An event in payload format 1.0. */
export interface HttpApiEventV1<Authorizer> extends APIGatewayProxyEventBase<Authorizer> {
  version: '1.0'
}

/** An event of a WebSocket API. Headers and a query come with `$connect` alone. */
export interface WebSocketEvent
  extends APIGatewayProxyWebsocketEventV2WithRequestContext<
    APIGatewayEventWebsocketRequestContextV2 & { authorizer: StringContext }
  > {
  headers?: Record<string, string>
  multiValueHeaders?: Record<string, string[]>
}

/** The event of a function behind each kind of authorizer. */
export interface HandlerEvents {
  'rest-lambda': APIGatewayProxyEventBase<StringContext>
  'http-1.0-lambda': HttpApiEventV1<StringContext>
  'http-2.0-lambda': APIGatewayProxyEventV2WithRequestContext<
    APIGatewayEventRequestContextV2WithAuthorizer<{ lambda: Record<string, unknown> | null }>
  >
  'websocket-lambda': WebSocketEvent
  'rest-cognito': APIGatewayProxyEventBase<APIGatewayProxyCognitoAuthorizer>
  'http-jwt': APIGatewayProxyEventV2WithJWTAuthorizer
  'http-1.0-jwt': HttpApiEventV1<JwtAuthorizerClaims>
}
