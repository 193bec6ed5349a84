/**
 * How listeners are told of events.
 */

/** Tells a listener, if there is one. What it throws, at once or later, must not decide over a token. */
export async function tell<Event>(
  listener: ((event: Event) => unknown) | undefined,
  event: Event,
): Promise<void> {
  try {
    // Stryker disable next-line OptionalChaining: to call nobody throws, which is caught
    await listener?.(event)
  } catch {
    // nobody is left to be told
  }
}
