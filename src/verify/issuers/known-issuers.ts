/**
 * Caches the issuers that a function found, in two bounded lists: proven issuers, of which a token was verified, and all others.
 * Anybody can make up issuers that get into the second list. Only a verified token moves an issuer into the first list, or marks
 * it there as recently used, so that made-up issuers never evict a proven one.
 */
import { type BoundedMap, createBoundedMap } from '../util/bounded-map.ts'

/** A list entry. Its content can be replaced without counting as a use. */
interface Entry<Known> {
  known: Known
}

export class KnownIssuers<Known> {
  readonly #proven: BoundedMap<Entry<Known>>
  readonly #others: BoundedMap<Entry<Known>>

  /**
   * @param max - the maximum length of each list
   * @param onEvict - called with each issuer that is evicted to make room
   */
  constructor(max: number, onEvict: (known: Known) => void) {
    this.#proven = createBoundedMap(max, ({ known }) => onEvict(known))
    this.#others = createBoundedMap(max, ({ known }) => onEvict(known))
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
    if (entry === undefined) this.#others.set(issuer, { known })
    else entry.known = known
  }

  /** Records that a token of this issuer was verified. Returns what is cached; `undefined` if it was evicted meanwhile. */
  prove(issuer: string): Known | undefined {
    // counts as a use
    const proven = this.#proven.get(issuer)
    if (proven !== undefined) return proven.known
    const entry = this.#others.peek(issuer)
    if (entry === undefined) return undefined
    this.#others.delete(issuer)
    this.#proven.set(issuer, entry)
    return entry.known
  }

  delete(issuer: string): void {
    this.#proven.delete(issuer)
    this.#others.delete(issuer)
  }

  clear(): void {
    this.#proven.clear()
    this.#others.clear()
  }

  #entryOf(issuer: string): Entry<Known> | undefined {
    return this.#proven.peek(issuer) ?? this.#others.peek(issuer)
  }
}
