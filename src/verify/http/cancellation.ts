/**
 * Cancels work once, with a reason. Not an `AbortController`, because the first one costs a cold process two milliseconds.
 */
import { KeysError } from '../errors.ts'

type Listener = (reason: KeysError) => void

export class Cancellation {
  readonly #listeners: Listener[] = []
  /** The reason for the cancellation; `undefined` while the work continues. */
  #reason: KeysError | undefined

  cancel(reason: KeysError): void {
    if (this.#reason) return
    this.#reason = reason
    for (const listener of this.#listeners) listener(reason)
  }

  /** Cancels the work after a time limit. Returns a function that clears the timer. */
  cancelAfter(timeoutMs: number): () => void {
    const onTimeout = (): void =>
      this.cancel(new KeysError('ERR_JWKS_UNAVAILABLE', { reason: 'timeout' }))
    const timer = setTimeout(onTimeout, timeoutMs)
    return () => clearTimeout(timer)
  }

  /** Calls the listener when the work is cancelled; immediately, if it already was. */
  onCancel(listener: Listener): void {
    if (this.#reason) listener(this.#reason)
    else this.#listeners.push(listener)
  }

  /** Settles like the work, or rejects with the reason on cancellation, even if the work does not react to it. */
  race<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.onCancel(reject)
      work.then(resolve, reject)
    })
  }
}
