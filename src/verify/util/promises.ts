/**
 * Promises, and what users return in their place: any thenable, one of another library, or one that breaks the rules.
 */
import { ConfigError } from '../errors.ts'

/** Marks what may be a promise as handled, so that its rejection does not end the process. */
export function ignoreRejection(outcome: unknown): void {
  const ignore = (): void => undefined
  try {
    // not by Promise.resolve, which would follow a thenable that resolves with itself without end
    if (isPromise(outcome)) outcome.then(ignore, ignore)
  } catch {
    // a `then` that throws
  }
}

/** Anything with a `then`, which need not be a real promise: it may lack `catch`, and its `then` may return nothing. */
export function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}

// a promise for a promise for a token is odd, and more than that is a circle
const MAX_DEPTH = 8

/**
 * What a value, a promise or a thenable comes to. A thenable that never calls back is waited for without end; what it
 * does after its first call back counts for nothing.
 *
 * `await` alone would do for promises. A thenable that resolves with itself would make `await` call it again and again in
 * microtasks, and no other request would ever be served.
 * @param option - names the function in the error
 * @throws {@link ConfigError} for a circle; what the thenable rejects with, or throws
 */
export async function settle(option: string, outcome: unknown): Promise<unknown> {
  let value = outcome
  for (let depth = 0; isPromise(value); depth++) {
    if (depth === MAX_DEPTH) {
      throw new ConfigError(`"${option}" must return a promise that resolves with a value`)
    }
    const settled = await next(value)
    value = settled.value
  }
  return value
}

/** In a box, or the new promise would follow a thenable by itself. */
function next(thenable: PromiseLike<unknown>): Promise<{ readonly value: unknown }> {
  return new Promise((resolve, reject) => {
    thenable.then((value) => resolve({ value }), reject)
  })
}
