/**
 * Stands in for the npm package `lru-cache` in the zip, where its 18 KB would be a quarter of what a cold start has to
 * read: the part of it that the core uses. A `Map` keeps its entries in the order in which they were set.
 */

/** The entries that were used last, `max` of them. */
export class LRUCache<Key, Value extends object> {
  readonly #max: number
  readonly #entries = new Map<Key, Value>()

  constructor({ max }: { readonly max: number }) {
    this.#max = max
  }

  get(key: Key): Value | undefined {
    const value = this.#entries.get(key)
    if (value !== undefined) this.#putLast(key, value)
    return value
  }

  set(key: Key, value: Value): void {
    this.#putLast(key, value)
    const [oldest] = this.#entries.keys()
    if (this.#entries.size > this.#max) this.#entries.delete(oldest as Key)
  }

  delete(key: Key): boolean {
    return this.#entries.delete(key)
  }

  /** The newest first. */
  values(): readonly Value[] {
    return [...this.#entries.values()].reverse()
  }

  clear(): void {
    this.#entries.clear()
  }

  #putLast(key: Key, value: Value): void {
    this.#entries.delete(key)
    this.#entries.set(key, value)
  }
}
