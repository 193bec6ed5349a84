/**
 * Builds the `requestContext` of events. Times and identifiers are fixed; tests should not depend on them.
 */
import type {
  APIGatewayEventRequestContextV2,
  APIGatewayEventRequestContextWithAuthorizer,
  APIGatewayEventWebsocketRequestContextV2,
} from 'aws-lambda'
import { API, type GatewayRequest, toStagePath } from './gateway-request.ts'

const TIME = '20/Jul/2026:02:28:52 +0000'
const TIME_EPOCH = 1_784_514_532_000
const REQUEST_ID = 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef'
const IDENTITY = {
  accessKey: null,
  accountId: null,
  apiKey: null,
  apiKeyId: null,
  caller: null,
  clientCert: null,
  cognitoAuthenticationProvider: null,
  cognitoAuthenticationType: null,
  cognitoIdentityId: null,
  cognitoIdentityPoolId: null,
  principalOrgId: null,
  sourceIp: '192.0.2.1',
  user: null,
  userAgent: 'test',
  userArn: null,
}

const REQUEST = {
  requestId: REQUEST_ID,
  extendedRequestId: 'JJbxmplSIAMFfUg=',
  requestTime: TIME,
  requestTimeEpoch: TIME_EPOCH,
  domainName: API.domainName,
  apiId: API.id,
}

/** The context for REST APIs, and for HTTP APIs with payload format 1.0. */
export function toRequestContext<Authorizer>(
  { method, resource, stage }: GatewayRequest,
  of: { readonly path: string; readonly resourceId: string; readonly authorizer: Authorizer },
): APIGatewayEventRequestContextWithAuthorizer<Authorizer> {
  return {
    ...REQUEST,
    accountId: API.accountId,
    domainPrefix: API.id,
    httpMethod: method,
    identity: { ...IDENTITY },
    protocol: 'HTTP/1.1',
    resourcePath: resource,
    stage,
    ...of,
  }
}

/** The context for HTTP APIs with payload format 2.0. */
export function toRequestContextV2(request: GatewayRequest): APIGatewayEventRequestContextV2 {
  return {
    accountId: API.accountId,
    apiId: API.id,
    domainName: API.domainName,
    domainPrefix: API.id,
    http: {
      method: request.method,
      path: toStagePath(request),
      protocol: 'HTTP/1.1',
      sourceIp: IDENTITY.sourceIp,
      userAgent: IDENTITY.userAgent,
    },
    requestId: REQUEST_ID,
    routeKey: toRouteKey(request),
    stage: request.stage,
    time: TIME,
    timeEpoch: TIME_EPOCH,
  }
}

/** The route key of an HTTP API. */
export function toRouteKey({ method, resource }: GatewayRequest): string {
  return `${method} ${resource}`
}

/** The context for WebSocket APIs. */
export function toWebSocketContext(
  { stage, routeKey }: GatewayRequest,
  eventType: 'CONNECT' | 'MESSAGE',
): APIGatewayEventWebsocketRequestContextV2 & { identity: Partial<typeof IDENTITY> } {
  return {
    ...REQUEST,
    routeKey,
    eventType,
    messageId: 'JJbxmplSIAMCKMg=',
    messageDirection: 'IN',
    connectedAt: TIME_EPOCH,
    connectionId: 'JJbxmdS9oAMCKMg=',
    stage,
    identity: { sourceIp: IDENTITY.sourceIp, userAgent: IDENTITY.userAgent },
  }
}
