/**
 * The keys of one issuer: fetched ({@link JwksStore}) or configured.
 */
import { TokenError } from '../errors.ts'
import type { KeyHeader, KeySet } from './key-set.ts'
import type { VerificationKey } from './verification-key.ts'

/** The keys of one issuer, or of several that share them. */
export interface KeyStore {
  /** Whether there are keys that may be used. */
  readonly isLoaded: boolean
  /** The keys as they are, for explanations only: they may be too old to be used. */
  readonly keySet: KeySet | undefined
  /** Where the keys are fetched from, for explanations only: none if they are given, or found by discovery. */
  readonly jwksUris: readonly string[]
  /** Whether a fetch is in flight. */
  readonly isRefreshing: boolean
  /** The key for a header: a value if possible, otherwise a promise that waits for a fetch. */
  get(header: KeyHeader, issuer: string): VerificationKey | Promise<VerificationKey>
  /** Like `get`, without I/O: `undefined` if `get` would have to fetch. */
  peek(header: KeyHeader, issuer: string): VerificationKey | undefined
  /**
   * The key that has replaced one under which a signature is wrong: it may cost one refresh, out of the budget for unknown keys.
   * `undefined` without I/O for keys that are not fetched, and later if there is no other key.
   */
  renew(
    header: KeyHeader,
    issuer: string,
    wrong: VerificationKey,
  ): Promise<VerificationKey | undefined> | undefined
  /** Loads the keys, if they are due. */
  hydrate(): Promise<void>
  /** Resolves when no fetch is in flight, with `true` if there was none to wait for. */
  settled(): Promise<boolean>
  /** Clears the fetched keys. */
  close(): void
  /** Loads the keys if there are none, for the issuer's twin (its other form). Does not wait if this store waits for its twin. */
  loadForTwin(): Promise<void>
  /** Ends all fetching, except the fetch in flight. */
  stop(): void
  /** Clears the keys and ends all fetching, for a store that is replaced but still referenced. */
  retire(): void
}

/** Creates a store for keys from the configuration. */
export function createGivenKeys(keySet: KeySet): KeyStore {
  const peek = (header: KeyHeader, issuer: string): VerificationKey => {
    const key = keySet.find(header, issuer)
    if (key === undefined) throw new TokenError('ERR_KEY_NOT_FOUND', { claim: 'kid' })
    return key
  }
  // the keys are always loaded
  const hydrate = async (): Promise<void> => undefined
  const settled = async (): Promise<boolean> => true
  const close = (): undefined => undefined
  const state = { isLoaded: true, isRefreshing: false, keySet, jwksUris: [] }
  return {
    ...state,
    ...{ get: peek, peek, renew: close, hydrate, settled, loadForTwin: hydrate },
    ...{ close, stop: close, retire: close },
  }
}

/** Resolves when none of the stores has a fetch in flight. */
export async function settleAll(stores: () => readonly KeyStore[]): Promise<void> {
  // a new fetch may begin in one store while another is awaited
  while ((await Promise.all(stores().map((store) => store.settled()))).includes(false));
}
