/**
 * How large an authorizer's answer may be, and which parts of it have to go.
 */

/** The quota of WebSocket APIs for an authorizer's result. The other kinds publish none. */
const MAX_RESULT_BYTES = 8_192

/** A part of an answer that can be left out. */
export interface Part {
  readonly name: string
  readonly bytes: number
  /** Parts of a lower rank go first. @defaultValue 0 */
  readonly rank?: number
}

/** Whether API Gateway takes an answer of this size. */
export function doesFit(answer: object): boolean {
  return byteLength(answer) <= MAX_RESULT_BYTES
}

/** What has to go, the lowest rank and the largest first, until the rest fits. @param base - the bytes of all that has to stay */
export function findTooLarge<P extends Part>(parts: readonly P[], base: number): ReadonlySet<P> {
  const ordered = parts.toSorted((a, b) => (a.rank ?? 0) - (b.rank ?? 0) || b.bytes - a.bytes)
  let total = parts.reduce((sum, { bytes }) => sum + bytes, base)
  const tooLarge = new Set<P>()
  for (const part of ordered) {
    if (total <= MAX_RESULT_BYTES) break
    tooLarge.add(part)
    total -= part.bytes
  }
  // where a large part of a higher rank had to go, there is room again
  for (const part of [...tooLarge].reverse()) {
    if (total + part.bytes > MAX_RESULT_BYTES) continue
    tooLarge.delete(part)
    total += part.bytes
  }
  return tooLarge
}

/** As the Lambda runtime sends it. */
export function byteLength(value: object | string): number {
  return Buffer.byteLength(JSON.stringify(value))
}

/** A member of an object, with the comma that parts it from the next. */
export function memberLength(name: string, value: unknown): number {
  // a comma in the place of two braces
  return byteLength({ [name]: value }) - 1
}
