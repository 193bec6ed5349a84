/**
 * All entries that still count, in memory. A lookup costs a few map lookups, however many entries there are.
 */
import { type Change, KEPT_SECONDS, MEMBERS, type Member, type Place } from './entry.ts'

type Claims = Readonly<Record<string, unknown>>

/** An entry. Those for the same claim form a linked list: almost always, there is only one. */
interface Entry {
  readonly id: string
  readonly until: number
  readonly issuedBefore: number | undefined
  /** A removed entry stays until it expires: its record may arrive after that of the removal. */
  isRemoved: boolean
  /** The last complete read of the store that had this entry. */
  seenIn: number
  readonly next: Entry | undefined
}

/** The entries of an issuer, for one claim, by its value. */
interface Values {
  readonly member: Member
  readonly entries: Map<string, Entry>
}

/** Thrown if there is no room for an entry: dropping one would let a revoked token pass. */
export class ListFullError extends Error {
  constructor() {
    super('The list of revoked tokens is full of entries that still count: raise its "max"')
  }
}

export class RevokedList {
  readonly #max: number
  readonly #issuers = new Map<string, Values[]>()
  /** All entries by their ids: a user who signs out a thousand times has a long list. */
  readonly #byId = new Map<string, Entry>()
  #sweeper: Iterator<undefined> | undefined
  #sweptAt = 0

  constructor(max: number) {
    this.#max = max
  }

  get size(): number {
    return this.#byId.size
  }

  /** Whether a token is revoked. */
  has(issuer: string, claims: Claims, seconds: number): boolean {
    const lists = this.#issuers.get(issuer)
    if (lists === undefined) return false
    for (const { member, entries } of lists) {
      const isMet = member === 'client_id' ? hasClient : hasValue
      if (isMet(entries, member, claims, seconds)) return true
    }
    return false
  }

  /**
   * Applies a change. The order in which changes are applied has no effect, nor has applying one again.
   * @param seenIn - the number of the read of the store
   * @throws {@link ListFullError}
   */
  apply(change: Change, seenIn: number, seconds: number): void {
    if (change.until + KEPT_SECONDS < seconds) return
    const known = this.#byId.get(change.id)
    if (known) {
      known.isRemoved ||= change.isRemoved
      known.seenIn = Math.max(known.seenIn, seenIn)
      return
    }
    this.assertRoom(seconds)
    const { id, until, issuedBefore, isRemoved } = change
    // `entries` may have been dropped with its last entry to make room
    const current = this.#entriesOf(change)
    const next = current.get(change.value)
    const entry = { id, until, issuedBefore, isRemoved, seenIn, next }
    current.set(change.value, entry)
    this.#byId.set(id, entry)
  }

  /** The entries that `restore` removes: all of a place, or those with this `issuedBefore`. */
  find({ issuer, member, value, issuedBefore }: Place & Pick<Change, 'issuedBefore'>): Change[] {
    const entries = this.#valuesOf(issuer, member)?.entries
    return [...chain(entries?.get(value))]
      .filter((entry) => !entry.isRemoved)
      .filter((entry) => issuedBefore === undefined || entry.issuedBefore === issuedBefore)
      .map((entry) => toChange(entry, { issuer, member, value }))
  }

  /** All changes that a complete read of the store did not have, although they still count. */
  *missing(seenIn: number, seconds: number): Generator<Change> {
    for (const [place, first] of this.#places()) {
      for (const entry of chain(first)) {
        const counts = entry.until + KEPT_SECONDS >= seconds
        if (counts && entry.seenIn < seenIn) yield toChange(entry, place)
      }
    }
  }

  /** Drops expired entries, a part of the list with each call, so that no call takes long. */
  sweep(seconds: number, steps = 10_000): void {
    this.#sweeper ??= this.#sweepAll(seconds)
    for (let step = 0; step < steps; step++) {
      if (this.#sweeper.next().done === true) {
        this.#sweeper = undefined
        return
      }
    }
  }

  /** @throws {@link ListFullError} if the list is full of entries that still count */
  assertRoom(seconds: number): void {
    if (this.size < this.#max) return
    // once a second at most: a full list must not cost every record a look at all of it
    if (Math.abs(seconds - this.#sweptAt) >= 1) {
      this.#sweptAt = seconds
      this.#sweeper = undefined
      this.sweep(seconds, Number.POSITIVE_INFINITY)
    }
    if (this.size >= this.#max) throw new ListFullError()
  }

  *#sweepAll(seconds: number): Generator<undefined> {
    for (const [issuer, lists] of this.#issuers) {
      for (const { entries } of lists) {
        for (const [value, first] of entries) {
          this.#dropExpired(entries, value, first, seconds)
          yield
        }
      }
      this.#dropEmpty(issuer)
    }
  }

  /** Reads the lists again: others may have been added since the sweep began. */
  #dropEmpty(issuer: string): void {
    const used = (this.#issuers.get(issuer) ?? []).filter(({ entries }) => entries.size > 0)
    if (used.length === 0) this.#issuers.delete(issuer)
    else this.#issuers.set(issuer, used)
  }

  #dropExpired(entries: Values['entries'], value: string, first: Entry, seconds: number): void {
    if (first.next === undefined && first.until + KEPT_SECONDS >= seconds) return
    const all = [...chain(first)]
    const kept = all.filter((entry) => entry.until + KEPT_SECONDS >= seconds)
    if (kept.length === all.length) return
    for (const { id } of all) this.#byId.delete(id)
    const rest = kept.reduceRight<Entry | undefined>((next, entry) => {
      const copy = { ...entry, next }
      this.#byId.set(copy.id, copy)
      return copy
    }, undefined)
    if (rest) entries.set(value, rest)
    else entries.delete(value)
  }

  *#places(): Generator<readonly [Place, Entry]> {
    for (const [issuer, lists] of this.#issuers) {
      for (const { member, entries } of lists) {
        for (const [value, first] of entries) yield [{ issuer, member, value }, first]
      }
    }
  }

  #valuesOf(issuer: string, member: Member): Values | undefined {
    return this.#issuers.get(issuer)?.find((list) => list.member === member)
  }

  #entriesOf({ issuer, member }: Place): Values['entries'] {
    const found = this.#valuesOf(issuer, member)
    if (found) return found.entries
    const entries = new Map<string, Entry>()
    const lists = [...(this.#issuers.get(issuer) ?? []), { member, entries }]
    lists.sort((one, other) => MEMBERS.indexOf(one.member) - MEMBERS.indexOf(other.member))
    this.#issuers.set(issuer, lists)
    return entries
  }
}

/** Whether an entry for this value revokes the token. Almost no value has one. */
function isListed(entries: Entries, value: unknown, claims: Claims, seconds: number): boolean {
  const first = entries.get(toText(value))
  return first !== undefined && meets(first, claims, seconds)
}

function meets(first: Entry, { exp, iat }: Claims, seconds: number): boolean {
  for (let entry: Entry | undefined = first; entry !== undefined; entry = entry.next) {
    // a token that the tolerance lets pass after its time is still the token that was revoked
    const counts = seconds < entry.until || !((exp as number) > entry.until)
    const { issuedBefore } = entry
    // without a time of issue, nothing shows that the token is newer
    const isOld = issuedBefore === undefined || !(typeof iat === 'number' && iat > issuedBefore)
    if (counts && isOld && !entry.isRemoved) return true
  }
  return false
}

// Entra and Okta have names of their own for it; Cognito's ID tokens have it in `aud`
const CLIENT_CLAIMS = ['client_id', 'azp', 'cid', 'appid'] as const

type Entries = Values['entries']

function hasValue(entries: Entries, member: string, claims: Claims, seconds: number): boolean {
  return isListed(entries, claims[member], claims, seconds)
}

function hasClient(entries: Entries, _member: string, claims: Claims, seconds: number): boolean {
  if (CLIENT_CLAIMS.some((name) => hasValue(entries, name, claims, seconds))) return true
  if (claims['token_use'] !== 'id') return false
  const { aud } = claims
  if (!Array.isArray(aud)) return hasValue(entries, 'aud', claims, seconds)
  return aud.some((one) => isListed(entries, one, claims, seconds))
}

/** Issuers exist that write numbers. No entry is for the empty text. */
function toText(value: unknown): string {
  if (typeof value === 'string') return value
  return typeof value === 'number' ? String(value) : ''
}

function* chain(first: Entry | undefined): Generator<Entry> {
  for (let entry = first; entry !== undefined; entry = entry.next) yield entry
}

function toChange({ id, until, issuedBefore, isRemoved }: Entry, place: Place): Change {
  return { ...place, id, until, issuedBefore, isRemoved }
}
