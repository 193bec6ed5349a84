/**
 * The life of the verifier's keys, from its events.
 */
import type { VerifierEvent } from 'jwt-gate'
import type { Trace } from './trace.ts'

/** What is known of the keys. Times are those of the demo's clock, in milliseconds. */
export interface KeyState {
  readonly isFetching: boolean
  /** Missing before the first fetch. */
  readonly fetchedAt?: number
  readonly lifetimeMs?: number
  readonly count?: number
  /** Of the last attempt, if it failed. */
  readonly failure?: string
  readonly retryAt?: number
}

export class KeyLife {
  readonly #now: () => number
  readonly #trace: Trace
  #state: KeyState = { isFetching: false }

  constructor(now: () => number, trace: Trace) {
    this.#now = now
    this.#trace = trace
  }

  get state(): KeyState {
    return this.#state
  }

  /** A `fetch` for the verifier that shows when keys are on their way. */
  readonly fetch: typeof globalThis.fetch = (input, init) => {
    this.#set({ ...this.#state, isFetching: true })
    return globalThis.fetch(input, init)
  }

  /** For `onEvent` of the verifier. */
  readonly onEvent = (event: VerifierEvent): void => {
    if (event.type === 'jwks.fetched') this.#onFetched(event)
    if (event.type === 'jwks.failed') this.#onFailed(event)
    if (event.type === 'jwks.stale_served') {
      this.#log(`The keys are ${minutes(event.ageMs)} old and stale, but still in use.`)
    }
    if (event.type === 'jwks.unknown_kid_limited') {
      this.#log('Too many unknown key IDs: this one causes no fetch.')
    }
  }

  /** The verifier has forgotten its keys. */
  forget(): void {
    this.#set({ isFetching: false })
  }

  #onFetched({ keys, lifetimeMs }: Extract<VerifierEvent, { type: 'jwks.fetched' }>): void {
    this.#log(`Fetched ${keys} keys. They count as fresh for ${minutes(lifetimeMs * 0.8)}.`)
    this.#set({ isFetching: false, fetchedAt: this.#now(), lifetimeMs, count: keys })
  }

  #onFailed({ error, retryInMs }: Extract<VerifierEvent, { type: 'jwks.failed' }>): void {
    this.#log(`A fetch failed. The next one is possible in ${seconds(retryInMs)}.`)
    const retryAt = this.#now() + retryInMs
    this.#set({ ...this.#state, isFetching: false, failure: error.message, retryAt })
  }

  #set(state: KeyState): void {
    this.#state = state
    this.#trace.emit('change')
  }

  #log(text: string): void {
    this.#trace.log('keys', text)
  }
}

function minutes(ms: number): string {
  return `${Math.round(ms / 60_000)} min`
}

function seconds(ms: number): string {
  return `${Math.max(1, Math.round(ms / 1_000))} s`
}
