/**
 * What a key store needs, and what it shares with other stores.
 */
import type { VerifierEvent } from '../events.ts'
import type { Backoff } from './backoff.ts'
import type { KeysWanted } from './load-keys.ts'
import type { RefreshBudget } from './refresh-budget.ts'
import type { Traffic } from './traffic.ts'
import type { Twins } from './twins.ts'

/** Limits the requests to an endpoint. It outlives the store, so that a new store for the same issuer continues with it. */
export interface Pace {
  readonly backoff: Backoff
  readonly budget: RefreshBudget
}

/** The state that a store shares with other stores. */
export interface StoreNeighbours {
  readonly pace: Pace
  readonly traffic: Traffic
  readonly twins: Twins
}

/** The options of a verifier that affect its stores. All of them share this object. */
interface StoreSettings extends Pick<KeysWanted, 'get' | 'insecureHosts'> {
  readonly jwks: Pick<KeysWanted, 'timeoutMs' | 'maxBytes' | 'maxKeys' | 'maxAgeMs'> & {
    readonly maxStaleMs: number
  }
  readonly now: () => number
  readonly emit: (event: VerifierEvent) => void
}

/** The dependencies of a store. */
export interface JwksStoreOptions extends Pick<KeysWanted, 'issuer' | 'jwksUris' | 'algorithms'> {
  readonly settings: StoreSettings
  readonly neighbours: StoreNeighbours
}
