/**
 * Caches the issuers that a function found, in two bounded lists: proven issuers, of which a token was verified, and all others.
 * Anybody can make up issuers that get into the second list. Only a verified token moves an issuer into the first list, or marks
 * it there as recently used, so that made-up issuers never evict a proven one.
 */

import type { KeyStore } from '../keys/key-store.ts'
import { type BoundedMap, createBoundedMap } from '../util/bounded-map.ts'
import type { Profiles } from './profile.ts'

/** The part of a cached issuer that this class uses. */
export interface WithProfiles {
  readonly profiles: Profiles
}

/** A list entry. Its content can be replaced without counting as a use. */
interface Entry<Known> {
  known: Known
}

export class KnownIssuers<Known extends WithProfiles> {
  readonly #proven: BoundedMap<Entry<Known>>
  readonly #others: BoundedMap<Entry<Known>>
  /** Key stores of issuers that were evicted during a fetch, for which callers are waiting. */
  readonly #evicted = new Set<KeyStore>()

  /** @param max - the maximum length of each list */
  constructor(max: number) {
    const evict = ({ known }: Entry<Known>): void => this.#evict(known.profiles[0].keys)
    this.#proven = createBoundedMap(max, evict)
    this.#others = createBoundedMap(max, evict)
  }

  get(issuer: string): Known | undefined {
    return this.#entryOf(issuer)?.known
  }

  isProven(issuer: string): boolean {
    return this.#proven.peek(issuer) !== undefined
  }

  /** Replaces the content of an issuer's entry, or adds the issuer to the list of others. */
  set(issuer: string, known: Known): void {
    const entry = this.#entryOf(issuer)
    if (entry === undefined) {
      this.#others.set(issuer, { known })
      return
    }
    const before = entry.known.profiles[0].keys
    entry.known = known
    if (before !== known.profiles[0].keys) before.retire()
  }

  /** Records that a token of this issuer was verified. */
  prove(issuer: string): void {
    // counts as a use
    if (this.#proven.get(issuer) !== undefined) return
    const entry = this.#others.peek(issuer)
    // it was evicted during the verification
    if (entry === undefined) return
    this.#others.delete(issuer)
    this.#proven.set(issuer, entry)
  }

  delete(issuer: string): void {
    this.get(issuer)?.profiles[0].keys.retire()
    this.#proven.delete(issuer)
    this.#others.delete(issuer)
  }

  /** The key stores of all issuers, including evicted ones with a fetch in flight. */
  stores(): readonly KeyStore[] {
    this.#dropSettled()
    const entries = [...this.#proven.values(), ...this.#others.values()]
    return [...entries.map(({ known }) => known.profiles[0].keys), ...this.#evicted]
  }

  clear(): void {
    for (const keys of this.stores()) keys.retire()
    this.#proven.clear()
    this.#others.clear()
  }

  #entryOf(issuer: string): Entry<Known> | undefined {
    return this.#proven.peek(issuer) ?? this.#others.peek(issuer)
  }

  #dropSettled(): void {
    for (const keys of this.#evicted) if (!keys.isRefreshing) this.#evicted.delete(keys)
  }

  /** An eviction cancels no fetch that a caller waits for. The number of concurrent fetches is limited. */
  #evict(keys: KeyStore): void {
    if (!keys.isRefreshing) {
      keys.retire()
      return
    }
    this.#dropSettled()
    keys.stop()
    this.#evicted.add(keys)
  }
}
