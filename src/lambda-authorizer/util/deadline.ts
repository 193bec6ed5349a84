/**
 * The time by which a call must return. Lambda ends a function that takes longer, and then nothing in its log says why.
 */
/** What {@link Deadline.within} resolves with for work that takes too long. */
export const LATE: unique symbol = Symbol('late')

/** The end of one call. */
export interface Deadline {
  /** Waits for the work until little time is left; if the time is not known, as long as it takes. */
  readonly within: <T>(work: Promise<T>) => Promise<T | typeof LATE>
  /** Clears the timer. */
  readonly stop: () => void
}

/** The time to write the log and to return. */
const MARGIN_MS = 300
/** Longer than any function may run: a longer timer could overflow, and end at once. */
const MAX_MS = 900_000

/** @param context - the second argument of a handler. Tests often pass none, or a part of it */
export function startDeadline(context: unknown): Deadline {
  const left = readTimeLeft(context)
  if (left === undefined) return { within: (work) => work, stop: () => undefined }
  let timer: ReturnType<typeof setTimeout> | undefined
  const passed = new Promise<typeof LATE>((resolve) => {
    timer = setTimeout(() => resolve(LATE), Math.max(left - MARGIN_MS, left / 2))
    timer.unref()
  })
  return { within: (work) => Promise.race([work, passed]), stop: () => clearTimeout(timer) }
}

function readTimeLeft(context: unknown): number | undefined {
  try {
    // without the question marks, a call without a context would cost an exception
    // Stryker disable next-line OptionalChaining: nothing else
    const left = (context as LambdaContext | undefined)?.getRemainingTimeInMillis?.()
    // doubles of the context often return 0
    if (typeof left === 'number' && left > 0) return Math.min(left, MAX_MS)
  } catch {
    // a double may throw, too
  }
  return undefined
}

interface LambdaContext {
  getRemainingTimeInMillis?(): unknown
}
