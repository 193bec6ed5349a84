/**
 * The size of a result, and the parts that must be dropped if it is too large.
 */

/** The quota of WebSocket APIs for the result of an authorizer. The other kinds of API publish none. */
const MAX_RESULT_BYTES = 8_192

/** A part of a result that can be dropped. */
export interface Part {
  readonly name: string
  readonly bytes: number
  /** Parts of a lower rank are dropped first. */
  readonly rank: number
}

/** Whether API Gateway accepts a result of this size. */
export function doesFit(result: object): boolean {
  return byteLength(result) <= MAX_RESULT_BYTES
}

/**
 * The parts to drop so that the rest fits: those with the lowest rank first, and among these the largest.
 * @param base - the size in bytes of everything that cannot be dropped
 */
export function findTooLarge<P extends Part>(parts: readonly P[], base: number): ReadonlySet<P> {
  const ordered = parts.toSorted((a, b) => a.rank - b.rank || b.bytes - a.bytes)
  let total = parts.reduce((sum, { bytes }) => sum + bytes, base)
  const tooLarge = new Set<P>()
  for (const part of ordered) {
    if (total <= MAX_RESULT_BYTES) break
    tooLarge.add(part)
    total -= part.bytes
  }
  // dropping a large part of a higher rank may leave room for parts that were dropped before it
  for (const part of [...tooLarge].reverse()) {
    if (total + part.bytes > MAX_RESULT_BYTES) continue
    tooLarge.delete(part)
    total += part.bytes
  }
  return tooLarge
}

/** The size in bytes, as the Lambda runtime sends it. */
export function byteLength(value: object | string): number {
  return Buffer.byteLength(JSON.stringify(value))
}

/** The size in bytes of a member of an object, with the comma before the next. */
export function memberLength(name: string, value: unknown): number {
  // a comma instead of two braces
  return byteLength({ [name]: value }) - 1
}
