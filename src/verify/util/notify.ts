/**
 * Calls event listeners, and publishes events for those who observe the whole process.
 */
import type { Channel } from 'node:diagnostics_channel'
import { toCauseJson } from '../error-details.ts'
import { isJwtGateError } from '../errors.ts'

/**
 * Publishes an event on a channel, and calls a listener, if there is one. Errors that it throws or rejects with are ignored: they
 * must not affect verification.
 */
export async function notify<Event>(
  listener: ((event: Event) => unknown) | undefined,
  event: Event,
  channel?: Channel,
): Promise<void> {
  if (listener === undefined && !channel?.hasSubscribers) return
  try {
    const loggable = makeLoggable(event)
    channel?.publish(loggable)
    await listener?.(loggable)
  } catch {
    // nobody is left to notify
  }
}

/** As JSON, an error that is not of this library would be `{}`, and a log would not say what failed. */
function makeLoggable<Event>(event: Event): Event {
  const { error } = event as { error?: unknown }
  if (error === undefined || isJwtGateError(error)) return event
  const toJSON = (): unknown => ({ ...event, error: toCauseJson(error) })
  return Object.defineProperty(event, 'toJSON', { value: toJSON })
}
