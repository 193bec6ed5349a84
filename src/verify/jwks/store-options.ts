/**
 * What a key store needs, and what it shares with other stores.
 */
import type { VerifierEvent } from '../events.ts'
import type { KeySet } from '../keys/key-set.ts'
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

/** The dependencies and settings of a store. */
export interface JwksStoreOptions extends KeysWanted, StoreNeighbours {
  readonly maxStaleMs: number
  /** Keys from the configuration, which are used until the endpoint has answered. */
  readonly givenKeys: KeySet | undefined
  readonly now: () => number
  readonly emit: (event: VerifierEvent) => void
}
