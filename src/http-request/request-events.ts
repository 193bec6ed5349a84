/**
 * The events that `requireJwt`, `requireAccess`, `verifyRequest` and `verifyEvent` report to `onEvent`.
 */
import { notify, REQUEST_CHANNEL, readMember } from '../verify/adapter-kit.ts'
import type { AnyJwtGateError } from '../verify/index.ts'
import { type ChallengeSettings, toHttpError } from './http-error.ts'

interface RequestEventBase {
  /** The method; `undefined` for one that is not known. */
  readonly method: string | undefined
  /**
   * The route as it was mounted, such as `/api/orders/:id`. It never contains text of the URL: `*` stands for what Express does not
   * show. `undefined` without Express.
   */
  readonly route: string | undefined
}

/** A request was rejected, and its sender is at fault: the status is from 400 to 499. */
export interface RequestRefusedEvent extends RequestEventBase {
  readonly type: 'request.refused'
  /** The error that the error handler gets: a `TokenError` or `AccessError`, or an error of your own with such a status. */
  readonly error: RequestError
}

/** A request was rejected, although its sender may not be at fault: your own code or configuration failed, or the issuer. */
export interface RequestFailedEvent extends RequestEventBase {
  readonly type: 'request.failed'
  /** The error that the error handler gets: a `KeysError` or `ConfigError`, or an error of your own. */
  readonly error: RequestError
}

/** An error of this library, or of your own code. Then it may lack these members. */
export type RequestError = Error &
  Partial<Pick<AnyJwtGateError, 'code' | 'status' | 'claim' | 'reason'>>

/** An event of a rejected request. */
export type RequestEvent = RequestRefusedEvent | RequestFailedEvent

/** What `requireJwt` leaves for those that reject the request later. */
export interface RequestSettings extends ChallengeSettings {
  readonly onEvent: ((event: RequestEvent) => void) | undefined
}

/** The members of an event that describe the request. */
export type RequestDescription = Pick<RequestEventBase, 'method' | 'route'>

/**
 * Converts a thrown value to the error for the error handler, and reports it. Never throws.
 * @param describe - called only if there is a listener. Must not throw
 */
export function reject(
  thrown: unknown,
  describe: () => RequestDescription,
  settings: RequestSettings | undefined,
): object {
  const error = toHttpError(thrown, settings)
  if (settings?.onEvent === undefined && !REQUEST_CHANNEL.hasSubscribers) return error
  const event: RequestEvent = {
    type: isCallersFault(error) ? 'request.refused' : 'request.failed',
    error: error as RequestError,
    ...describe(),
  }
  void notify(settings?.onEvent, event, REQUEST_CHANNEL)
  return error
}

/** By the status that the error handler sends. */
function isCallersFault(error: object): boolean {
  const status = Number(readMember(error, 'status') ?? readMember(error, 'statusCode'))
  return status >= 400 && status < 500
}
