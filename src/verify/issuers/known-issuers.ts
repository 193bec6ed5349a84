/**
 * Caches the issuers that a function found, in three bounded lists:
 *
 * - regular issuers: proven ones that came back, as long as there is room also all other proven ones
 * - proven issuers, of which a token was verified
 * - all others, which anybody can make up
 *
 * Only a verified token moves an issuer to another list, or counts as a use. So made-up issuers never evict a proven one, and
 * thousands of issuers that come once, such as in a job for all tenants, never evict a regular one.
 */
import { type BoundedMap, createBoundedMap } from '../util/bounded-map.ts'

/** A list entry. Its content can be replaced without counting as a use. */
interface Entry<Known> {
  known: Known
  /** Whether the function was asked again after a token was verified, which is a minute later. */
  isRenewed: boolean
}

/** What is stored of an issuer that was evicted. */
const EVICTED = {}

export class KnownIssuers<Known> {
  readonly #regular: BoundedMap<Entry<Known>>
  readonly #proven: BoundedMap<Entry<Known>>
  readonly #others: BoundedMap<Entry<Known>>
  /** Proven issuers that were evicted. One that comes back soon is a regular one, for which there was no room. */
  readonly #evicted: BoundedMap<object>
  readonly #max: number

  /**
   * @param max - the maximum length of each list
   * @param onEvict - called with each issuer that is evicted to make room
   */
  constructor(max: number, onEvict: (known: Known) => void) {
    this.#max = max
    this.#evicted = createBoundedMap(max)
    // a regular issuer gets a second chance
    this.#regular = createBoundedMap(max, (entry, issuer) => this.#proven.set(issuer, entry))
    this.#proven = createBoundedMap(max, ({ known }, issuer) => {
      this.#evicted.set(issuer, EVICTED)
      onEvict(known)
    })
    this.#others = createBoundedMap(max, ({ known }) => onEvict(known))
  }

  get(issuer: string): Known | undefined {
    return this.#entryOf(issuer)?.known
  }

  isProven(issuer: string): boolean {
    return this.#provenEntryOf(issuer) !== undefined
  }

  /** Replaces the content of an issuer's entry, or adds the issuer to the list of others. */
  set(issuer: string, known: Known): void {
    const entry = this.#entryOf(issuer)
    if (entry === undefined) {
      this.#others.set(issuer, { known, isRenewed: false })
      return
    }
    entry.known = known
    entry.isRenewed = this.isProven(issuer)
  }

  /** Records that a token of this issuer was verified. Returns what is cached; `undefined` if it was evicted meanwhile. */
  prove(issuer: string): Known | undefined {
    // counts as a use
    const regular = this.#regular.get(issuer)
    // Stryker disable next-line ConditionalExpression: to add it to its list again only takes longer
    if (regular !== undefined) return regular.known
    const entry = this.#entryOf(issuer)
    if (entry === undefined) return undefined
    const list = this.#isRegular(issuer, entry) ? this.#regular : this.#proven
    this.delete(issuer)
    list.set(issuer, entry)
    return entry.known
  }

  delete(issuer: string): void {
    for (const list of this.#lists()) list.delete(issuer)
  }

  clear(): void {
    for (const list of [...this.#lists(), this.#evicted]) list.clear()
  }

  #lists(): readonly BoundedMap<Entry<Known>>[] {
    return [this.#regular, this.#proven, this.#others]
  }

  #isRegular(issuer: string, { isRenewed }: Entry<Known>): boolean {
    return isRenewed || this.#regular.size < this.#max || this.#evicted.delete(issuer)
  }

  #entryOf(issuer: string): Entry<Known> | undefined {
    return this.#provenEntryOf(issuer) ?? this.#others.peek(issuer)
  }

  #provenEntryOf(issuer: string): Entry<Known> | undefined {
    return this.#regular.peek(issuer) ?? this.#proven.peek(issuer)
  }
}
