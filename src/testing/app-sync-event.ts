/**
 * Builds the events that AppSync sends to a Lambda authorizer.
 */
import type { AppSyncAuthorizerEvent } from 'aws-lambda'
import type { AppSyncEventsAuthorizerEvent } from './gateway-events.ts'
import {
  API,
  type TestRequest,
  toGatewayRequest,
  toJoined,
  toLowerCaseNames,
} from './gateway-request.ts'

const API_ID = 'giy7kumfmvcqvbedntjwjvagii'
const REQUEST_ID = 'b80ed838-14c6-4500-b4c3-b694c7bef086'

/** The token is the value of the `Authorization` header, as the client wrote it. */
export function toAppSyncGraphqlEvent(given: TestRequest): AppSyncAuthorizerEvent {
  return {
    ...toShared(given),
    requestContext: {
      apiId: API_ID,
      accountId: API.accountId,
      requestId: REQUEST_ID,
      queryString: 'query Profile { profile { name } }',
      operationName: 'Profile',
      variables: {},
    },
  } as AppSyncAuthorizerEvent
}

/** `path` is the channel; without one, the client connects. With the method `POST`, it publishes. */
export function toAppSyncEventsEvent(given: TestRequest): AppSyncEventsAuthorizerEvent {
  const { path: channel = null, method } = given
  const operation = method === 'POST' ? 'EVENT_PUBLISH' : 'EVENT_SUBSCRIBE'
  return {
    ...toShared(given),
    requestContext: {
      apiId: API_ID,
      accountId: API.accountId,
      requestId: REQUEST_ID,
      operation: channel === null ? 'EVENT_CONNECT' : operation,
      channelNamespaceName: channel === null ? null : (channel.split('/')[1] ?? ''),
      channel,
    },
  }
}

function toShared(given: TestRequest): {
  authorizationToken: string
  requestHeaders: Record<string, string>
} {
  const headers = toJoined(toLowerCaseNames(toGatewayRequest(given, '').headers))
  const { authorization = '', ...others } = headers
  return { authorizationToken: authorization, requestHeaders: others }
}
