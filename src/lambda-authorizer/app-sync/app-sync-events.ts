/**
 * What AppSync sends to a Lambda authorizer, what it expects, and the events that are reported to `onEvent`.
 */
import { isString, toObject } from '../../http-request/unknown-object.ts'
import { type AccessError, ConfigError, type TokenError } from '../../verify/index.ts'
import type { AuthorizerContext } from '../authorizer-result.ts'
import { isPrintable } from '../util/printable.ts'

/** The kind of API: GraphQL, or an Event API. */
export type AppSyncApi = 'appsync-graphql' | 'appsync-events'

/** The result for AppSync. */
export interface AppSyncResult {
  isAuthorized: boolean
  /** For GraphQL: `ctx.identity.resolverContext`. */
  resolverContext?: AuthorizerContext
  /** For Event APIs: `ctx.identity.handlerContext`. */
  handlerContext?: AuthorizerContext
  /** For GraphQL: the fields that are null for this caller. */
  deniedFields?: string[]
  /** For how many seconds AppSync uses this result for the same token. */
  ttlOverride: number
}

/** A handler for AppSync. */
export type AppSyncHandler = (event: unknown, context?: unknown) => Promise<AppSyncResult>

interface AppSyncEventBase {
  /** AppSync's ID of the request. */
  readonly requestId: string | undefined
  /** Never set: AppSync has no routes. Other events on `jwt-gate:request` have one. */
  readonly route?: undefined
}

/** A request was rejected. AppSync answers 401, whatever the reason. */
export interface AppSyncRefusedEvent extends AppSyncEventBase {
  readonly type: 'authorizer.refused'
  readonly gateway: AppSyncApi
  readonly error: TokenError | AccessError
}

/** No decision was possible: the issuer's keys are unavailable, an option is wrong, or your own code threw. */
export interface AppSyncFailedEvent extends AppSyncEventBase {
  readonly type: 'authorizer.failed'
  /** `undefined` if the event is not one that AppSync sends to a Lambda authorizer. */
  readonly gateway: AppSyncApi | undefined
  readonly error: unknown
}

/** An event that an authorizer for AppSync reports to `onEvent`. */
export type AppSyncEvent = AppSyncRefusedEvent | AppSyncFailedEvent

/** A request to AppSync. */
export interface AppSyncRequest {
  readonly gateway: AppSyncApi
  readonly requestId: string | undefined
  /** The value of the `Authorization` header. */
  readonly authorization: string
}

const MAX_ID_LENGTH = 128

/** @throws {@link ConfigError} for any other event */
export function parseAppSyncEvent(event: unknown): AppSyncRequest {
  const { authorizationToken, requestContext } = toObject(event)
  const { apiId, operation, requestId } = toObject(requestContext)
  const isEvents = isString(operation) && operation.startsWith('EVENT_')
  const isGraphql = operation === undefined && isString(apiId)
  if (!isString(authorizationToken) || !(isEvents || isGraphql)) {
    throw new ConfigError('The event is not one that AppSync sends to a Lambda authorizer')
  }
  return {
    gateway: isEvents ? 'appsync-events' : 'appsync-graphql',
    requestId: isPrintable(requestId, MAX_ID_LENGTH) ? requestId : undefined,
    authorization: authorizationToken,
  }
}
