/**
 * A replay store in the memory of one process.
 */
import { type OptionNames, readClock, readCount, readOptions } from '../../verify/adapter-kit.ts'
import type { ReplayStore } from '../../verify/index.ts'
import { assertClaim } from './assert-claim.ts'

/** The options of {@link memoryReplayStore}. */
export interface MemoryReplayStoreOptions {
  /**
   * The largest number of ids that count at the same time: proofs a second, times the seconds that a proof is valid. An id takes
   * about 200 bytes. At most 10,000,000.
   */
  readonly max: number
  /** The clock, in milliseconds since 1970. @defaultValue `Date.now` */
  readonly now?: (() => number) | undefined
}

const OPTIONS: OptionNames<MemoryReplayStoreOptions> = { max: true, now: true }

/**
 * Makes a replay store for one process.
 *
 * Security: it knows nothing of other processes. Behind several, a proof passes once in each of them: use `redisReplayStore` or
 * `dynamoDbReplayStore`. If the store is full of ids that still count, claims fail with `ERR_STORE_UNAVAILABLE`: to drop an id
 * would let its proof pass again.
 *
 * @example
 * ```ts
 * const replay = memoryReplayStore({ max: 100_000 })
 * ```
 * @throws {@link ConfigError} that names the invalid option
 */
export function memoryReplayStore(options: MemoryReplayStoreOptions): ReplayStore {
  const { max, now } = readOptions('memoryReplayStore()', options, OPTIONS)
  const ids = new ExpiringIds(readCount('max', max, Number.NaN, 10_000_000), readClock(now))
  return {
    claim: (id, seconds) => {
      assertClaim(id, seconds)
      return ids.add(id, seconds)
    },
  }
}

/** Ids in the order of the second in which they expire: what has expired is found without a look at the others. */
class ExpiringIds {
  readonly #max: number
  readonly #now: () => number
  /** The second in which each id expires. */
  readonly #expiries = new Map<string, number>()
  readonly #bySecond = new Map<number, string[]>()
  /** The latest time that was seen: a clock that was set back must not make a proof new again. */
  #second = 0

  constructor(max: number, now: () => number) {
    this.#max = max
    this.#now = now
  }

  /** Returns whether the id is new. @throws an error if there is no room for it */
  add(id: string, seconds: number): boolean {
    this.#dropExpired()
    if (this.#expiries.has(id)) return false
    if (this.#expiries.size >= this.#max) {
      throw new Error('The replay store is full of ids that still count: raise its "max"')
    }
    const second = this.#second + Math.ceil(seconds) + 1
    this.#expiries.set(id, second)
    const others = this.#bySecond.get(second)
    if (others) others.push(id)
    else this.#bySecond.set(second, [id])
    return true
  }

  #dropExpired(): void {
    const second = Math.floor(this.#now() / 1_000)
    if (second <= this.#second) return
    this.#second = second
    for (const [expiry, ids] of this.#bySecond) {
      if (expiry > second) continue
      for (const id of ids) this.#expiries.delete(id)
      this.#bySecond.delete(expiry)
    }
  }
}
