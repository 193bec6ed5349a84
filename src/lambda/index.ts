/**
 * `jwt-gate/lambda`: for functions that nothing stands in front of. It verifies the token of an event.
 */

export type {
  RequestError,
  RequestEvent,
  RequestFailedEvent,
  RequestRefusedEvent,
} from '../http-request/request-events.ts'
export { type AlbClaims, type AlbVerifier, alb } from './alb/alb.ts'
export type { AlbOptions, AlbVerifierOptions } from './alb/alb-options.ts'
export { type EventResult, errorResult } from './error-result.ts'
export type { EventTokenSource, VerifyEventOptions } from './event-options.ts'
export { verifyEvent } from './verify-event.ts'
