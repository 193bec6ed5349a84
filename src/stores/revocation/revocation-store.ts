/**
 * What a store of revocations must do. A store knows nothing of tokens: it keeps records, and every process reads them all.
 *
 * The records commute. An entry has an id of its own, and `restore` adds a record that takes back the ids that it has seen. So
 * the result does not depend on the order in which records arrive, on how often, or on any clock, and an entry that nobody has
 * seen yet is never taken back. A store has only one thing to guarantee: a process that reads on from its cursor misses nothing,
 * or `isReset` says that it might.
 */

/** One record of a store. */
export interface RevocationRecord {
  /** The record itself. Equal texts are the same record. */
  readonly text: string
  /** When the record may be deleted, in seconds since 1970. */
  readonly expiresAt: number
}

/** Where a process has read to. */
export interface RevocationProgress {
  /** What the next `read` begins with. */
  readonly cursor: unknown
  /** Whether the store no longer has what `cursor` stands for: it has lost records, or deleted expired ones. Then nothing was read. */
  readonly isReset: boolean
}

/** A store of revocations. `redisRevocationStore`, `dynamoDbRevocationStore` and `memoryRevocationStore` return one. */
export interface RevocationStore {
  /** Adds records. Resolves when the store has them all. A record that the store has already may be added again. */
  append(records: readonly RevocationRecord[]): Promise<void>
  /**
   * Reads the records that were added since an earlier call, page by page. It may return a record again.
   * @param cursor - of an earlier call; `undefined` to read everything
   * @param onRecords - called with the texts of each page; what it throws ends the call
   */
  read(cursor: unknown, onRecords: (texts: readonly string[]) => void): Promise<RevocationProgress>
}
