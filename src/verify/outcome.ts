/**
 * Publishes the outcome of each call on the channel `jwt-gate:verify`. The engine calls this only if somebody has subscribed.
 */
import { readMember } from './error-details.ts'
import type { ErrorReason } from './error-reasons.ts'
import { isJwtGateError, type JwtGateErrorCode } from './errors.ts'
import { VERIFY_CHANNEL } from './util/channels.ts'
import { isPromise } from './util/promises.ts'

/**
 * The outcome of one call of `verify` or `verifySync`, or of one token that an adapter has verified: a message on the channel
 * `jwt-gate:verify` of `node:diagnostics_channel`. It contains nothing of the token.
 *
 * @example
 * ```ts
 * import { subscribe } from 'node:diagnostics_channel'
 * import type { VerifyEvent } from 'jwt-gate'
 *
 * subscribe('jwt-gate:verify', (message) => {
 *   const { outcome, code, durationMs } = message as VerifyEvent
 *   console.log(outcome, code, durationMs)
 * })
 * ```
 */
export interface VerifyEvent {
  /**
   * `'refused'`: the token was rejected, with a `TokenError` or an `AccessError`. `'failed'`: there was no verdict, because the
   * issuer's keys are unavailable, or because your own code or configuration failed.
   */
  readonly outcome: 'accepted' | 'refused' | 'failed'
  /** The code of the error. Omitted if the token was accepted. */
  readonly code?: JwtGateErrorCode
  /** The `reason` of the error, if it has one. */
  readonly reason?: ErrorReason
  /** The `claim` of the error, if it has one. */
  readonly claim?: string
  /** The trusted issuer that the token names, as it is configured. Omitted if the token names none, or was rejected before that. */
  readonly issuer?: string
  /** Whether the token was found in the cache, so that only its times and your `check` were evaluated. */
  readonly cached: boolean
  /** The duration of the call, in milliseconds, with fractions. A monotonic clock measures it; `now` has no influence. */
  readonly durationMs: number
}

/** What a call finds out on its way. */
export interface Trace {
  issuer?: string
  cached: boolean
}

/** Does the work of one call, and publishes its outcome. Returns and throws what the work does. */
export function publishOutcome<T>(work: (trace: Trace) => T | Promise<T>): T | Promise<T> {
  const trace: Trace = { cached: false }
  const startedAt = performance.now()
  const publish = (error?: object): void =>
    VERIFY_CHANNEL.publish(
      Object.freeze({ ...error, ...trace, durationMs: performance.now() - startedAt }),
    )
  const accept = (verified: T): T => {
    publish({ outcome: 'accepted' })
    return verified
  }
  const reject = (error: unknown): never => {
    publish(describe(error))
    throw error
  }
  let verified: T | Promise<T>
  try {
    verified = work(trace)
  } catch (error) {
    return reject(error)
  }
  return isPromise(verified) ? verified.then(accept, reject) : accept(verified)
}

/** Text that an error of the user's own has in place of a code must not become one. */
function describe(error: unknown): Pick<VerifyEvent, 'outcome'> {
  const isOurs = isJwtGateError(error)
  const status = isOurs && readMember(error, 'status')
  const outcome = Number(status) < 500 && Number(status) >= 400 ? 'refused' : 'failed'
  if (!isOurs) return { outcome }
  const members = ['code', 'reason', 'claim'] as const
  const texts = members.flatMap((name) => {
    const value = readMember(error, name)
    return typeof value === 'string' ? [[name, value]] : []
  })
  return { outcome, ...Object.fromEntries(texts) }
}
