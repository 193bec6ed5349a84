/**
 * Values that can be taken once, within a time: authorization codes and refresh tokens. The oldest goes when there are too many.
 */
import { randomBytes } from 'node:crypto'

const MAX = 200

export class OneTime<T> {
  readonly #now: () => number
  readonly #lifetimeMs: number
  readonly #values = new Map<string, { readonly value: T; readonly until: number }>()

  constructor(lifetimeMs: number, now: () => number) {
    this.#lifetimeMs = lifetimeMs
    this.#now = now
  }

  /** Keeps a value under a new random name. */
  put(value: T): string {
    const [oldest] = this.#values.keys()
    if (this.#values.size >= MAX && oldest !== undefined) this.#values.delete(oldest)
    const name = randomBytes(32).toString('base64url')
    this.#values.set(name, { value, until: this.#now() + this.#lifetimeMs })
    return name
  }

  /** Returns the value, and forgets it; `undefined` if there is none, or no longer. */
  take(name: string | null): T | undefined {
    const found = this.#values.get(name ?? '')
    this.#values.delete(name ?? '')
    return found && this.#now() < found.until ? found.value : undefined
  }
}
