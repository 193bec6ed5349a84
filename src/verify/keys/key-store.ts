/**
 * Where the keys of one issuer are found: fetched ({@link JwksStore}) or given.
 */
import { TokenError } from '../errors.ts'
import type { JwtHeader } from '../types.ts'
import type { KeySet } from './key-set.ts'
import type { VerificationKey } from './verification-key.ts'

/** What of a header names a key. */
export type KeyHeader = Pick<JwtHeader, 'kid' | 'alg'>

/** The keys of one issuer. */
export interface KeyStore {
  /** Whether there are keys that may be used. */
  readonly isLoaded: boolean
  /** Whether a fetch is in flight. */
  readonly isRefreshing: boolean
  /** The key that a header asks for: at once where it can be, else after a fetch. */
  get(header: KeyHeader): VerificationKey | Promise<VerificationKey>
  /** The same without I/O: `undefined` where `get` would have to fetch. */
  peek(header: KeyHeader): VerificationKey | undefined
  /** Loads the keys, unless that was done just now. */
  hydrate(): Promise<void>
  /** Resolves when no fetch is in flight, and says whether there was none to wait for. */
  settled(): Promise<boolean>
  /** Forgets everything that was fetched. */
  close(): void
  /** Loads the keys, if there were none, for another form of this issuer: waits for nothing if this one waits for that. */
  loadForTwin(): Promise<void>
  /** Fetches nothing any more, but for what is in flight. */
  stop(): void
  /** Forgets everything, and fetches nothing any more: for whoever still holds it. */
  retire(): void
}

/** A store of keys that the configuration gives. */
export function createGivenKeys(keySet: KeySet): KeyStore {
  const peek = (header: KeyHeader): VerificationKey => {
    const key = keySet.find(header)
    if (key === undefined) throw new TokenError('ERR_KEY_NOT_FOUND', { claim: 'kid' })
    return key
  }
  // they are there from the start
  const hydrate = async (): Promise<void> => undefined
  const settled = async (): Promise<boolean> => true
  const close = (): void => undefined
  const state = { isLoaded: true, isRefreshing: false }
  return {
    ...state,
    ...{ get: peek, peek, hydrate, settled, loadForTwin: hydrate },
    ...{ close, stop: close, retire: close },
  }
}

/** Resolves when no fetch is in flight in any of them. */
export async function settleAll(stores: () => readonly KeyStore[]): Promise<void> {
  // while one is waited for, another may begin
  while ((await Promise.all(stores().map((store) => store.settled()))).includes(false));
}
