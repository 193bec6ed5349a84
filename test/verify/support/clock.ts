/**
 * A clock that stands still until a test moves it.
 */

/** Milliseconds since 1970, as a round number of seconds. */
const START_MS = 1_800_000_000_000

/** A clock for the `now` options. */
export interface TestClock {
  readonly now: () => number
  /** Moves it forward, or back with a negative number. */
  readonly advance: (ms: number) => void
  /** The time in whole seconds, as in `exp`. */
  readonly seconds: () => number
  readonly set: (ms: number) => void
}

export function createClock(startMs: number = START_MS): TestClock {
  let ms = startMs
  return {
    now: () => ms,
    advance: (by) => {
      ms += by
    },
    seconds: () => ms / 1_000,
    set: (to) => {
      ms = to
    },
  }
}
