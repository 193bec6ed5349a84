/**
 * Gives work up from outside, once, and says why. An `AbortController` could do it, but the first of them costs a cold
 * process two milliseconds.
 */
import { KeysError } from '../errors.ts'

type Listener = (reason: KeysError) => void

export class Cancellation {
  readonly #listeners: Listener[] = []
  /** Why the work was given up; `undefined` while it goes on. */
  #reason: KeysError | undefined

  cancel(reason: KeysError): void {
    if (this.#reason) return
    this.#reason = reason
    for (const listener of this.#listeners) listener(reason)
  }

  /** Gives the work up after so long. Answers what stops the clock. */
  cancelAfter(timeoutMs: number): () => void {
    const giveUp = (): void =>
      this.cancel(new KeysError('ERR_JWKS_UNAVAILABLE', { reason: 'timeout' }))
    const timer = setTimeout(giveUp, timeoutMs)
    return () => clearTimeout(timer)
  }

  /** Calls the listener when the work is given up; at once, if it was before. */
  onCancel(listener: Listener): void {
    if (this.#reason) listener(this.#reason)
    else this.#listeners.push(listener)
  }

  /** What the work comes to, or why it was given up: who works may not listen, and nobody is kept waiting. */
  race<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.onCancel(reject)
      work.then(resolve, reject)
    })
  }
}
