/**
 * Patterns for requests such as `GET/orders/7`, segment by segment. They describe routes, and resources of an IAM policy. IAM's
 * `*` also matches slashes. Here a `*` always replaces a whole segment, so it matches one segment or more.
 */

/** One segment that is not empty. */
export const SEGMENT: unique symbol = Symbol('segment')
/** One segment, which may be empty. */
export const ANY_SEGMENT: unique symbol = Symbol('any segment')
/** One segment or more, which may be empty: IAM's `*`. */
export const SEGMENTS: unique symbol = Symbol('segments')

/** A part of a pattern. A string matches the same segment. */
export type Token = string | typeof SEGMENT | typeof ANY_SEGMENT | typeof SEGMENTS
export type Pattern = readonly Token[]

/**
 * The positions in a pattern that are reached after some segments, as a set of bits. A pattern matches if the position after its
 * last token is reached.
 */
export type Progress = number

/** The progress before the first segment. */
export const START: Progress = 1
/** The maximum number of tokens: each needs a bit, and so does the end. */
export const MAX_TOKENS = 29

/** The progress after one more segment. */
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

/** Whether a pattern matches the segments so far. */
export function isComplete(pattern: Pattern, progress: Progress): boolean {
  return (progress & (1 << pattern.length)) !== 0
}

/** Whether a pattern matches a request. */
export function isMatch(pattern: Pattern, segments: readonly string[]): boolean {
  let progress = START
  for (const segment of segments) {
    progress = advance(pattern, progress, segment)
    // Stryker disable next-line ConditionalExpression: nothing is reached from no position, and to look on takes time
    if (progress === 0) return false
  }
  return isComplete(pattern, progress)
}
