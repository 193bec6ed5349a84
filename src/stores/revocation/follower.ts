/**
 * Keeps the list in memory up to date with the store. There are no timers: a call of the verifier starts a read if one is due, and
 * does not wait for it, unless there is no list that is young enough.
 */
import { StoreError } from '../../verify/index.ts'
import { type Change, parseRecord, toRecord } from './entry.ts'
import type { RevocationEvent } from './revocation-events.ts'
import type { RevocationProgress, RevocationRecord, RevocationStore } from './revocation-store.ts'
import { RevokedList } from './revoked-list.ts'
import { waitWhileBusy } from './wait-while-busy.ts'
import { WrittenRecords } from './written-records.ts'

/** Validated options. */
export interface FollowerSettings {
  readonly store: RevocationStore
  readonly refreshMs: number
  readonly maxStaleMs: number
  readonly whenStale: 'refuse' | 'accept'
  readonly max: number
  readonly now: () => number
  readonly emit: (event: RevocationEvent) => void
}

/** A read of the store that is in flight. */
interface Read {
  readonly number: number
  readonly list: RevokedList
  readonly startedMs: number
  /** When it last made progress. */
  progressMs: number
  pages: number
}

// the time after which a failed read is tried again by calls that cannot go on without it
const RETRY_MS = 1_000
// a read without progress for so long is lost: the process was frozen, or a client never gives up
const LOST_MS = 10_000
const PAGE_OF_MISSING = 500

export class Follower {
  readonly #settings: FollowerSettings
  #list: RevokedList
  #cursor: unknown
  #read: Read | undefined
  #done: Promise<void> = Promise.resolve()
  /** When the last read began. */
  #triedMs = Number.NEGATIVE_INFINITY
  /** When the read began that the list is from. */
  #listMs = Number.NEGATIVE_INFINITY
  /** Why the last read failed. */
  #error: unknown
  /** Whether somebody has waited in vain for the read in flight. */
  #isHanging = false
  /** The number of complete reads of the store that were begun. */
  #round = 1
  /** The number of reads that were begun. */
  #reads = 0
  readonly #written = new WrittenRecords()

  constructor(settings: FollowerSettings) {
    this.#settings = settings
    this.#list = new RevokedList(settings.max)
  }

  get list(): RevokedList {
    return this.#list
  }

  /** Writes changes to the store, and then applies them here. */
  async write(changes: readonly Change[]): Promise<void> {
    const { store, now, refreshMs } = this.#settings
    const seconds = now() / 1_000
    this.#list.assertRoom(seconds)
    const records = changes.map(toRecord)
    this.#written.begin(records)
    try {
      await store.append(records)
    } catch (error) {
      for (const { text } of records) this.#written.forget(text)
      throw error
    }
    this.#written.end(records, this.#reads + 1)
    // as of an earlier round: no read has confirmed them yet
    for (const change of changes) this.#list.apply(change, this.#round - 1, seconds)
    // a process that only writes has to read too, to learn what the store has lost
    this.#startIfDue(now(), refreshMs)
  }

  /**
   * Returns if the list can be used, or a promise if the caller has to wait for it.
   * @throws {@link StoreError}
   */
  use(nowMs: number, isSync: boolean): void | Promise<void> {
    const { refreshMs, maxStaleMs, whenStale } = this.#settings
    const wasSetBack = nowMs < this.#listMs
    // the age is not known any more, and begins again, as that of keys does
    if (wasSetBack) this.#listMs = nowMs
    const age = nowMs - this.#listMs
    if (!wasSetBack && age < refreshMs) return
    const isStale = age > maxStaleMs
    const didFail = this.#error !== undefined || this.#isHanging
    this.#startIfDue(nowMs, isStale ? Math.min(refreshMs, RETRY_MS) : refreshMs)
    if (!isStale) return
    // whoever accepts tokens without the list does not want to wait for it with each of them
    if (didFail && whenStale === 'accept') return
    if (isSync || this.#isHanging) throw this.#unavailable()
    return this.#waitForList(nowMs)
  }

  /** Loads the list, if due. @throws {@link StoreError} if there is none that is young enough */
  async hydrate(): Promise<void> {
    await this.use(this.#settings.now(), false)
    await this.settled()
  }

  /** Reads what is new now, even if a read is in flight: it may have begun too early. @throws {@link StoreError} */
  async readNow(): Promise<void> {
    await this.settled()
    const startedMs = this.#settings.now()
    this.#start(startedMs)
    await this.settled()
    if (this.#error !== undefined || this.#isHanging) throw this.#unavailable()
  }

  async settled(): Promise<void> {
    const read = this.#read
    if (read === undefined) return
    const isOver = await waitWhileBusy(this.#done, () => read.pages)
    if (!isOver && this.#read === read) this.#isHanging = true
  }

  close(): void {
    this.#list = new RevokedList(this.#settings.max)
    this.#cursor = undefined
    this.#read = undefined
    this.#triedMs = Number.NEGATIVE_INFINITY
    this.#listMs = Number.NEGATIVE_INFINITY
    this.#error = undefined
    this.#isHanging = false
  }

  #startIfDue(nowMs: number, intervalMs: number): void {
    const idleMs = this.#read ? nowMs - this.#read.progressMs : LOST_MS
    // a clock that was set back shows nothing of the read in flight
    if (idleMs >= 0 && idleMs < LOST_MS) return
    const sinceTried = nowMs - this.#triedMs
    if (sinceTried < 0 || sinceTried >= intervalMs) this.#start(nowMs)
  }

  async #waitForList(nowMs: number): Promise<void> {
    await this.settled()
    const isStale = nowMs - this.#listMs > this.#settings.maxStaleMs
    if (isStale && this.#settings.whenStale === 'refuse') throw this.#unavailable()
  }

  #unavailable(): StoreError {
    const wasTried = this.#error !== undefined || this.#isHanging
    return new StoreError('ERR_REVOCATIONS_UNAVAILABLE', {
      reason: wasTried ? undefined : 'not_loaded',
      ...(this.#error !== undefined && { cause: this.#error }),
    })
  }

  #start(startedMs: number): void {
    const read = {
      number: ++this.#reads,
      list: this.#list,
      startedMs,
      progressMs: startedMs,
      pages: 0,
    }
    this.#triedMs = startedMs
    this.#read = read
    this.#done = this.#readOn(read).then(
      (cursor) => this.#succeed(read, cursor),
      (error: unknown) => this.#fail(read, error),
    )
  }

  #succeed(read: Read, cursor: unknown): void {
    // a later read, or close(), has taken its place
    if (this.#read !== read) return
    const isFirst = this.#listMs === Number.NEGATIVE_INFINITY
    this.#read = undefined
    this.#cursor = cursor
    this.#listMs = read.startedMs
    this.#error = undefined
    this.#isHanging = false
    if (isFirst) this.#settings.emit({ type: 'revocations.loaded', entries: this.#list.size })
  }

  #fail(read: Read, error: unknown): void {
    if (this.#read !== read) return
    const { emit, maxStaleMs, whenStale } = this.#settings
    this.#read = undefined
    this.#error = error ?? new Error('The store of revocations failed')
    this.#isHanging = false
    const age = read.startedMs - this.#listMs
    const effect = age > maxStaleMs ? whenStale : 'none'
    const ageMs = Number.isFinite(age) ? age : undefined
    emit({ type: 'revocations.failed', error: this.#error, ageMs, effect })
  }

  /** Applies what is new. Returns the cursor for the next read. */
  async #readOn(read: Read): Promise<unknown> {
    const seconds = read.startedMs / 1_000
    read.list.sweep(seconds)
    const progress = await this.#readPages(read, this.#cursor, this.#round)
    if (!progress.isReset) {
      await this.#writeAgain(this.#written.findLost(read.number, seconds))
      return progress.cursor
    }
    const round = ++this.#round
    const all = await this.#readPages(read, undefined, round)
    if (all.isReset) throw new Error('The store of revocations changed while it was read')
    await this.#writeAgain([...read.list.missing(round, seconds)].map(toRecord))
    return all.cursor
  }

  #readPages(read: Read, cursor: unknown, round: number): Promise<RevocationProgress> {
    const { store, now } = this.#settings
    return store.read(cursor, (texts) => {
      read.pages++
      read.progressMs = now()
      const seconds = read.startedMs / 1_000
      for (const text of texts) {
        read.list.apply(parseRecord(text), round, seconds)
        this.#written.forget(text)
      }
    })
  }

  /** A store that was restored from a backup, or taken over by a replica, may lack what this process has read or written. */
  async #writeAgain(records: readonly RevocationRecord[]): Promise<void> {
    const { store, emit } = this.#settings
    for (let from = 0; from < records.length; from += PAGE_OF_MISSING) {
      await store.append(records.slice(from, from + PAGE_OF_MISSING))
    }
    if (records.length === 0) return
    this.#written.end(records, this.#reads + 1)
    emit({ type: 'revocations.rewritten', entries: records.length })
  }
}
