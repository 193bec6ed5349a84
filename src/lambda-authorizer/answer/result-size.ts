/**
 * The size of a result, and the parts that must be dropped if it is too large.
 */

/** The quota of WebSocket APIs for the result of an authorizer. The other kinds of API publish none. */
const MAX_RESULT_BYTES = 8_192

/** A part of a result that can be dropped. */
export interface Part {
  readonly name: string
  /** In the unit of the room that is to be filled. */
  readonly size: number
  /** Parts of a lower rank are dropped first. */
  readonly rank: number
}

/** The bytes that are left beside the members of a result that cannot be dropped. Negative if these do not fit. */
export function roomBeside(result: object): number {
  return MAX_RESULT_BYTES - byteLength(result)
}

/**
 * The parts to drop so that the rest fits: those with the lowest rank first, and among these the largest.
 * @param room - for all parts
 */
export function findTooLarge<P extends Part>(parts: readonly P[], room: number): ReadonlySet<P> {
  const neededFirst = parts.toSorted((a, b) => b.rank - a.rank || a.size - b.size)
  let left = room
  const tooLarge = neededFirst.filter(({ size }) => {
    if (size > left) return true
    left -= size
    return false
  })
  return new Set(tooLarge.reverse())
}

/** The size in bytes, as the Lambda runtime sends it. */
function byteLength(value: object | string): number {
  return Buffer.byteLength(JSON.stringify(value))
}

/** The size in bytes of a member of an object that has others, with the comma between them. */
export function memberLength(name: string, value: unknown): number {
  // a comma instead of two braces
  return byteLength({ [name]: value }) - 1
}
