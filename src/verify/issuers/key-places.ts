/**
 * The key stores of issuers that a function found, one for each place where keys come from. Tenants whose keys are in one place
 * share its requests, its backoff and its budget. A store is kept as long as a cached issuer uses it.
 */
import type { KeyStore } from '../keys/key-store.ts'

/** A place of keys. */
export interface KeyPlace {
  /** A digest of its name. */
  readonly id: string
  readonly keys: KeyStore
  /** Whether a token of any of its issuers was verified. */
  isProven: boolean
  /** The number of cached issuers that use it. */
  users: number
}

export class KeyPlaces {
  readonly #places = new Map<string, KeyPlace>()
  /** Stores that nobody uses any more, but that callers are waiting for. */
  readonly #evicted = new Set<KeyStore>()

  /**
   * Returns the place for one more issuer, which has to release it.
   * @param id - identifies the place
   * @param create - creates its store. The store may ask later whether the place is proven
   */
  take(id: string, create: (isProven: () => boolean) => KeyStore): KeyPlace {
    const known = this.#places.get(id)
    if (known) {
      known.users++
      return known
    }
    const keys = create(() => place.isProven)
    const place: KeyPlace = { id, keys, isProven: false, users: 1 }
    this.#places.set(id, place)
    return place
  }

  /** Releases the place of an issuer that was evicted. This cancels no fetch that a caller waits for. */
  release(place: KeyPlace): void {
    if (!this.#drop(place)) return
    const { keys } = place
    if (!keys.isRefreshing) {
      keys.retire()
      return
    }
    this.#dropSettled()
    keys.stop()
    this.#evicted.add(keys)
  }

  /** Releases the place of an issuer that must not use it any more. */
  retire(place: KeyPlace): void {
    if (this.#drop(place)) place.keys.retire()
  }

  /** All stores, including those with a fetch in flight that nobody uses any more. */
  stores(): readonly KeyStore[] {
    this.#dropSettled()
    return [...[...this.#places.values()].map(({ keys }) => keys), ...this.#evicted]
  }

  clear(): void {
    for (const keys of this.stores()) keys.retire()
    this.#places.clear()
    this.#evicted.clear()
  }

  /** Returns whether no issuer uses the place any more. */
  #drop(place: KeyPlace): boolean {
    place.users--
    if (place.users > 0) return false
    // after clear(), another place may have its name
    if (this.#places.get(place.id) === place) this.#places.delete(place.id)
    return true
  }

  #dropSettled(): void {
    for (const keys of this.#evicted) if (!keys.isRefreshing) this.#evicted.delete(keys)
  }
}
