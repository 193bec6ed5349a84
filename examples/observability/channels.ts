/**
 * Typed access to the three channels, for the other examples in this folder.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { VerifierEvent, VerifyEvent } from 'jwt-gate'
import type { RequestEvent } from 'jwt-gate/express'
import type { AppSyncEvent, AuthorizerEvent } from 'jwt-gate/lambda-authorizer'

export interface Listeners {
  /** Each call of a verifier. */
  readonly onVerify?: (event: VerifyEvent) => void
  /** The keys of the issuers. */
  readonly onKeys?: (event: VerifierEvent) => void
  /** Requests that were rejected. */
  readonly onRequest?: (event: RequestEvent | AuthorizerEvent | AppSyncEvent) => void
}

/** Listens to all verifiers of the process, until the returned function is called. */
export function listen({ onVerify, onKeys, onRequest }: Listeners): () => void {
  const listeners = [
    ['jwt-gate:verify', onVerify],
    ['jwt-gate:jwks', onKeys],
    ['jwt-gate:request', onRequest],
  ] as const
  const stops = listeners.map(([name, listener]) => {
    if (listener === undefined) return () => false
    const take = (event: unknown): void => {
      try {
        listener(event as never)
      } catch (error) {
        // Node would end the process
        console.error(error)
      }
    }
    subscribe(name, take)
    return () => unsubscribe(name, take)
  })
  return () => {
    for (const stop of stops) stop()
  }
}
