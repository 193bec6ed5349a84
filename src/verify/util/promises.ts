/**
 * Promises, and the thenables that users may return instead, including those of other libraries and invalid ones.
 */
import { ConfigError } from '../errors.ts'

/** Marks a promise as handled, so that its rejection does not raise `unhandledRejection`. Accepts any value. */
export function ignoreRejection(outcome: unknown): void {
  const ignore = (): void => undefined
  try {
    // Promise.resolve would loop forever on a thenable that resolves with itself
    if (isPromise(outcome)) outcome.then(ignore, ignore)
  } catch {
    // `then` threw
  }
}

/** Whether a value has a `then` method. It may be no real promise: it may lack `catch`, and `then` may return nothing. */
export function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}

// a promise for a promise for a token is unusual; deeper nesting is a cycle
const MAX_DEPTH = 8

/**
 * Resolves a value, a promise or a thenable. If a thenable never calls back, the result stays pending. Only its first callback
 * counts.
 *
 * `await` is enough for promises. With a thenable that resolves with itself, however, `await` would loop in microtasks and block
 * all other requests.
 * @param option - the name of the function in the error message
 * @throws {@link ConfigError} for a cycle; any error that the thenable rejects with or throws
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

/** Wraps the value in an object, because the promise itself would follow a thenable. */
function next(thenable: PromiseLike<unknown>): Promise<{ readonly value: unknown }> {
  return new Promise((resolve, reject) => {
    thenable.then((value) => resolve({ value }), reject)
  })
}
