/**
 * Calls event listeners.
 */

/** Calls a listener, if there is one. Errors that it throws or rejects with are ignored: they must not affect verification. */
export async function notify<Event>(
  listener: ((event: Event) => unknown) | undefined,
  event: Event,
): Promise<void> {
  try {
    // Stryker disable next-line OptionalChaining: calling undefined throws, which is caught
    await listener?.(event)
  } catch {
    // nobody is left to notify
  }
}
