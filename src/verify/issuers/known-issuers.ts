/**
 * Issuers that a function found, in two lists of bounded length: those of which a token was verified, and all others.
 * Anybody can make up names that get into the second list. Only a verified token moves an issuer into the first one, or ahead
 * in it, so that made-up issuers never push out one that matters.
 */

import type { KeyStore } from '../keys/key-store.ts'
import { type BoundedMap, createBoundedMap } from '../util/bounded-map.ts'
import type { Profiles } from './profile.ts'

/** What has to be known of an issuer here. */
export interface WithProfiles {
  readonly profiles: Profiles
}

/** An issuer in its list. What is known of it can change without counting as a use. */
interface Place<Known> {
  known: Known
}

export class KnownIssuers<Known extends WithProfiles> {
  readonly #proven: BoundedMap<Place<Known>>
  readonly #others: BoundedMap<Place<Known>>
  /** Stores of issuers that had to make room while their keys were on the way: somebody waits for them. */
  readonly #leaving = new Set<KeyStore>()

  /** @param max - how many issuers are kept in each list */
  constructor(max: number) {
    const leave = ({ known }: Place<Known>): void => this.#leave(known.profiles[0].keys)
    this.#proven = createBoundedMap(max, leave)
    this.#others = createBoundedMap(max, leave)
  }

  get(issuer: string): Known | undefined {
    return this.#placeOf(issuer)?.known
  }

  isProven(issuer: string): boolean {
    return this.#proven.peek(issuer) !== undefined
  }

  /** Puts an issuer into the list of others, or another entry in its place. */
  set(issuer: string, known: Known): void {
    const place = this.#placeOf(issuer)
    if (place === undefined) {
      this.#others.set(issuer, { known })
      return
    }
    const before = place.known.profiles[0].keys
    place.known = known
    if (before !== known.profiles[0].keys) before.retire()
  }

  /** A token of this issuer was verified. */
  prove(issuer: string): void {
    // a use of it
    if (this.#proven.get(issuer) !== undefined) return
    const place = this.#others.peek(issuer)
    // it had to make room meanwhile
    if (place === undefined) return
    this.#others.delete(issuer)
    this.#proven.set(issuer, place)
  }

  delete(issuer: string): void {
    this.get(issuer)?.profiles[0].keys.retire()
    this.#proven.delete(issuer)
    this.#others.delete(issuer)
  }

  /** The stores of all issuers, and those that are on their way out. */
  stores(): readonly KeyStore[] {
    this.#forgetGone()
    const places = [...this.#proven.values(), ...this.#others.values()]
    return [...places.map(({ known }) => known.profiles[0].keys), ...this.#leaving]
  }

  clear(): void {
    for (const keys of this.stores()) keys.retire()
    this.#proven.clear()
    this.#others.clear()
  }

  #placeOf(issuer: string): Place<Known> | undefined {
    return this.#proven.peek(issuer) ?? this.#others.peek(issuer)
  }

  #forgetGone(): void {
    for (const keys of this.#leaving) if (!keys.isRefreshing) this.#leaving.delete(keys)
  }

  /** Nothing that makes room cancels a fetch that somebody waits for. How many fetches there are at once is bounded. */
  #leave(keys: KeyStore): void {
    if (!keys.isRefreshing) {
      keys.retire()
      return
    }
    this.#forgetGone()
    keys.stop()
    this.#leaving.add(keys)
  }
}
