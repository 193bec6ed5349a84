/**
 * The patterns in which tokens arrive: each loop verifies tokens until a time, and returns how many.
 */

const BETWEEN_LOOKS_AT_THE_CLOCK = 32
const IN_FLIGHT = 64

export const LOOPS = {
  /** One at a time, with a synchronous function. */
  plain: async (run, next, until) => {
    let count = 0
    do {
      for (let at = 0; at < BETWEEN_LOOKS_AT_THE_CLOCK; at++) run(next())
      count += BETWEEN_LOOKS_AT_THE_CLOCK
    } while (performance.now() < until)
    return count
  },

  /** One at a time, with a function that returns a promise. */
  awaited: async (run, next, until) => {
    let count = 0
    do {
      for (let at = 0; at < BETWEEN_LOOKS_AT_THE_CLOCK; at++) await run(next())
      count += BETWEEN_LOOKS_AT_THE_CLOCK
    } while (performance.now() < until)
    return count
  },

  /** 64 callers, each with one token at a time. */
  inFlight: async (run, next, until) => {
    const callers = Array.from({ length: IN_FLIGHT }, () => callInTurn(run, next, until))
    return (await Promise.all(callers)).reduce((sum, count) => sum + count, 0)
  },
}

async function callInTurn(run, next, until) {
  let count = 0
  do {
    await run(next())
    count++
  } while (performance.now() < until)
  return count
}
