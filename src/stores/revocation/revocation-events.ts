/**
 * The events of `createRevocations`. No event contains data from a token or an entry.
 */

/** The list was read for the first time. */
export interface RevocationsLoadedEvent {
  readonly type: 'revocations.loaded'
  /** The number of entries in memory. */
  readonly entries: number
}

/** The store could not be read. */
export interface RevocationsFailedEvent {
  readonly type: 'revocations.failed'
  /** The error of the store or its client. */
  readonly error: unknown
  /** The age of the list that is in use, in milliseconds; `undefined` if there is none. */
  readonly ageMs: number | undefined
  /** What this means for tokens: `none` while the list is young enough, then what `whenStale` says. */
  readonly effect: 'none' | 'refuse' | 'accept'
}

/** The store had lost entries that this process knows, and has them again. */
export interface RevocationsRewrittenEvent {
  readonly type: 'revocations.rewritten'
  /** The number of entries that were written. */
  readonly entries: number
}

/** Any event of `createRevocations`. */
export type RevocationEvent =
  | RevocationsLoadedEvent
  | RevocationsFailedEvent
  | RevocationsRewrittenEvent
