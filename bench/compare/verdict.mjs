/**
 * What the ratios of all rounds say.
 */

/** A difference that is smaller matters to nobody, and may be that of two places in memory. */
const MIN_DIFFERENCE = 0.01
const MIN_ROUNDS = 6

/**
 * A build is faster or slower only if it was so in every round: of eight rounds of equal builds, one in 128 looks like that by
 * chance.
 */
export function toVerdict({ median, min, max }, rounds) {
  if (rounds < MIN_ROUNDS) return 'too few rounds'
  if (Math.abs(median - 1) < MIN_DIFFERENCE) return 'same'
  if (max < 1) return 'faster'
  return min > 1 ? 'slower' : 'same'
}
