/**
 * Detects by 32 bits of the signature whether a token was probably verified before. Only such tokens are cached, because a token
 * that was used twice is often used many times, and most others never again. A wrong result only costs time.
 */

/** Entries per bucket: enough that a flood of tokens that are used once does not evict the others. */
const WAYS = 8
/** The number of characters that are hashed. */
const HASHED_CHARACTERS = 8

export class Sightings {
  readonly #prints: Uint32Array
  readonly #buckets: number

  /** @param tokens - how many repeated tokens are expected at most */
  constructor(tokens: number) {
    // two to four times as many entries, so that few buckets overflow
    this.#buckets = 2 ** Math.max(0, Math.ceil(Math.log2(tokens)) - 2)
    this.#prints = new Uint32Array(this.#buckets * WAYS)
  }

  has(token: string): boolean {
    const print = toPrint(token)
    const start = this.#bucketOf(print)
    // Stryker disable next-line EqualityOperator: one more entry is compared, which only costs time
    for (let at = start; at < start + WAYS; at++) if (this.#prints[at] === print) return true
    return false
  }

  /** Evicts the oldest entry of the bucket. */
  add(token: string): void {
    const print = toPrint(token)
    const start = this.#bucketOf(print)
    this.#prints.copyWithin(start + 1, start, start + WAYS - 1)
    this.#prints[start] = print
  }

  clear(): void {
    this.#prints.fill(0)
  }

  #bucketOf(print: number): number {
    return (print & (this.#buckets - 1)) * WAYS
  }
}

/** Hashes the end of the signature (FNV-1a). The very last character is left out, because it may carry few bits. */
function toPrint(token: string): number {
  let print = 0x811c9dc5
  // Stryker disable next-line ArithmeticOperator,EqualityOperator: other characters only give wrong results more often
  for (let at = token.length - HASHED_CHARACTERS - 1; at < token.length - 1; at++) {
    print = Math.imul(print ^ token.charCodeAt(at), 0x01000193)
  }
  // 0 marks an empty entry
  return print >>> 0 || 1
}
