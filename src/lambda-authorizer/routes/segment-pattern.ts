/**
 * Patterns over the segments of a request, `GET/orders/7`: of routes, and of the resources in an IAM policy, whose `*`
 * crosses slashes. Where whole segments are stars, as here, it stands for one segment or more.
 */

/** One segment with something in it. */
export const SEGMENT: unique symbol = Symbol('segment')
/** One segment, which may be empty. */
export const ANY_SEGMENT: unique symbol = Symbol('any segment')
/** One segment or more, which may be empty: IAM's `*`. */
export const SEGMENTS: unique symbol = Symbol('segments')

/** What a pattern consists of; a string is itself. */
export type Token = string | typeof SEGMENT | typeof ANY_SEGMENT | typeof SEGMENTS
export type Pattern = readonly Token[]

/**
 * How far a pattern has got in a request: a set of its positions, as bits. The position behind its last token is the
 * one that counts in the end.
 */
export type Progress = number

/** Nothing was read yet. */
export const START: Progress = 1
/** The greatest number of tokens: a bit for each, and one for the end. */
export const MAX_TOKENS = 29

/** Reads one segment. */
export function advance(pattern: Pattern, progress: Progress, segment: string): Progress {
  let next = 0
  // Stryker disable next-line EqualityOperator: there is no token behind the last one
  for (let at = 0; at < pattern.length; at++) {
    if ((progress & (1 << at)) === 0) continue
    const token = pattern[at]
    if (token === SEGMENTS) next |= (1 << at) | (1 << (at + 1))
    else if (token === ANY_SEGMENT || token === segment) next |= 1 << (at + 1)
    else if (token === SEGMENT && segment !== '') next |= 1 << (at + 1)
  }
  return next
}

/** Whether all of a pattern was found in what was read. */
export function isComplete(pattern: Pattern, progress: Progress): boolean {
  return (progress & (1 << pattern.length)) !== 0
}

/** Whether a pattern stands for a request. */
export function isMatch(pattern: Pattern, segments: readonly string[]): boolean {
  let progress = START
  for (const segment of segments) progress = advance(pattern, progress, segment)
  return isComplete(pattern, progress)
}
