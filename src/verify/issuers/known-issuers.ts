/**
 * Issuers that a function found, in two lists of bounded length: those of which a token was verified, and all others.
 * Anybody can make up names that get into the second list. Only a verified token moves an issuer into the first one, or ahead
 * in it, so that made-up issuers never push out one that matters.
 */
import { type BoundedMap, createBoundedMap } from '../util/bounded-map.ts'
import type { Profiles } from './profile.ts'

/** What has to be known of an issuer here. */
export interface WithProfiles {
  readonly profiles: Profiles
}

export class KnownIssuers<Known extends WithProfiles> {
  readonly #proven: BoundedMap<Known>
  readonly #others: BoundedMap<Known>

  /** @param max - how many issuers are kept in each list */
  constructor(max: number) {
    const retire = ({ profiles: [{ keys }] }: Known): void => keys.retire()
    this.#proven = createBoundedMap(max, retire)
    this.#others = createBoundedMap(max, retire)
  }

  get(issuer: string): Known | undefined {
    return this.#proven.peek(issuer) ?? this.#others.peek(issuer)
  }

  isProven(issuer: string): boolean {
    return this.#proven.peek(issuer) !== undefined
  }

  /** Puts an issuer into its list, or another entry in its place. */
  set(issuer: string, known: Known): void {
    const before = this.get(issuer)?.profiles[0].keys
    const list = this.isProven(issuer) ? this.#proven : this.#others
    list.set(issuer, known)
    if (before !== known.profiles[0].keys) before?.retire()
  }

  /** A token of this issuer was verified. */
  prove(issuer: string): void {
    // a use of it
    if (this.#proven.get(issuer) !== undefined) return
    const known = this.#others.peek(issuer)
    // it had to make room meanwhile
    if (known === undefined) return
    this.#others.delete(issuer)
    this.#proven.set(issuer, known)
  }

  delete(issuer: string): void {
    this.get(issuer)?.profiles[0].keys.retire()
    this.#proven.delete(issuer)
    this.#others.delete(issuer)
  }

  values(): readonly Known[] {
    return [...this.#proven.values(), ...this.#others.values()]
  }

  clear(): void {
    for (const { profiles } of this.values()) profiles[0].keys.retire()
    this.#proven.clear()
    this.#others.clear()
  }
}
