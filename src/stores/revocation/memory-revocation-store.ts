/**
 * A store of revocations in the memory of one process.
 */
import { type OptionNames, readClock, readOptions } from '../../verify/adapter-kit.ts'
import type { RevocationRecord, RevocationStore } from './revocation-store.ts'

/** The options of {@link memoryRevocationStore}. */
export interface MemoryRevocationStoreOptions {
  /** The clock, in milliseconds since 1970. @defaultValue `Date.now` */
  readonly now?: (() => number) | undefined
}

const OPTIONS: OptionNames<MemoryRevocationStoreOptions> = { now: true }
const FIRST_CLEANING = 1_000

/**
 * Makes a store of revocations for tests and for one process. It ends with the process.
 *
 * @example
 * ```ts
 * const revocations = createRevocations({ store: memoryRevocationStore(), whenStale: 'refuse' })
 * ```
 * @throws {@link ConfigError} that names the invalid option
 */
export function memoryRevocationStore(options: MemoryRevocationStoreOptions = {}): RevocationStore {
  const now = readClock(readOptions('memoryRevocationStore()', options, OPTIONS).now)
  /** The records by their number, in the order of the numbers. */
  const records = new Map<number, RevocationRecord>()
  let last = 0
  let cleanAt = FIRST_CLEANING
  const clean = (): void => {
    for (const [number, { expiresAt }] of records) {
      if (expiresAt < now() / 1_000) records.delete(number)
    }
    cleanAt = Math.max(FIRST_CLEANING, records.size * 2)
  }
  return {
    append: async (added) => {
      for (const record of added) records.set(++last, record)
      if (records.size > cleanAt) clean()
    },
    read: async (cursor, onRecords) => {
      const texts: string[] = []
      const from = typeof cursor === 'number' ? cursor : 0
      for (const [number, { text }] of records) if (number > from) texts.push(text)
      onRecords(texts)
      return { cursor: last, isReset: false }
    },
  }
}
