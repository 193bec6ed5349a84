/**
 * An issuer's key endpoint behind the `fetch` option, which a test can hold, break and restore.
 */
import { createVerifier, type Verifier, type VerifierEvent, type VerifierOptions } from 'jwt-gate'
import type { TestIssuer } from 'jwt-gate/testing'
import { createClock, type TestClock } from './clock.ts'

/** The lifetime of keys without `Cache-Control`. */
export const LIFETIME_MS = 600_000
/** The age past which no key is used. */
export const MAX_STALE_MS = 7_200_000

/** How the endpoint responds to a request. */
export type AnswerKeys = (signal: AbortSignal) => Response | Promise<Response>

/** A verifier and its surroundings. */
export interface Setup {
  readonly clock: TestClock
  readonly verifier: Verifier
  /** All events so far. */
  readonly events: VerifierEvent[]
  /** The number of requests sent. */
  readonly requests: () => number
  /** Sets how the endpoint responds from now on. */
  readonly answer: (answer: AnswerKeys) => void
  /** From now on, the endpoint serves these of the issuer's keys. */
  readonly publish: (...keys: readonly number[]) => void
  /** From now on, requests wait for the returned function to be called. It makes them return these of the issuer's keys. */
  readonly hold: () => (...keys: readonly number[]) => void
}

/** An endpoint that cannot be reached. */
export const down: AnswerKeys = () => {
  throw new TypeError('fetch failed')
}

/** A response with these of an issuer's keys. */
export function toResponse(issuer: TestIssuer, ...keys: readonly number[]): Response {
  return Response.json({ keys: keys.map((index) => issuer.jwks.keys[index]) })
}

/** A verifier that fetches its keys from an endpoint, which serves the issuer's first key at first. */
export function createSetup(issuer: TestIssuer, options: VerifierOptions = {}): Setup {
  const clock = createClock()
  const events: VerifierEvent[] = []
  let count = 0
  let current: AnswerKeys = () => toResponse(issuer, 0)
  const verifier = createVerifier(
    { issuer: issuer.issuer, audience: null, jwksUri: issuer.jwksUri },
    {
      now: clock.now,
      onEvent: (event) => events.push(event),
      fetch: async (_, init) => {
        count++
        return current(init?.signal as AbortSignal)
      },
      ...options,
    },
  )
  const answer = (next: AnswerKeys): void => {
    current = next
  }
  return {
    ...{ clock, verifier, events, answer },
    requests: () => count,
    publish: (...keys) => answer(() => toResponse(issuer, ...keys)),
    hold: () => {
      const { promise, resolve } = createGate<Response>()
      answer(() => promise)
      return (...keys) => resolve(toResponse(issuer, ...keys))
    },
  }
}

/** A promise, and the function that settles it. */
export function createGate<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

/**
 * Tokens that do not expire whatever the clock does: signed with the issuer's first key, with its second, and with one that it
 * never had.
 */
export async function mintTokens(
  issuer: TestIssuer,
): Promise<{ first: string; second: string; unknown: string }> {
  const claims = { iss: issuer.issuer, exp: 4_000_000_000 }
  const [first, second] = issuer.keys
  if (!first || !second) throw new Error('A test issuer has two keys')
  return {
    first: await issuer.token(claims, { key: first }),
    second: await issuer.token(claims, { key: second }),
    unknown: await issuer.token(claims, { header: { kid: 'made-up' } }),
  }
}

/** Whether a promise is still pending after everything that needs no timer and no network has happened. */
export async function isPending(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending')
  const turns = async (): Promise<symbol> => {
    for (let n = 0; n < 5; n++) await new Promise((resolve) => setImmediate(resolve))
    return pending
  }
  return (await Promise.race([promise.catch(() => undefined), turns()])) === pending
}
