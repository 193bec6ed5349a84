/**
 * Which tokens were verified before, as far as 32 bits of a signature can tell. Most tokens that come again come many times
 * and others never do, so only those seen twice are worth a place in the cache. To be wrong here costs time and no more.
 */

/** Enough for a flood of tokens that never come again to leave those alone that do. */
const WAYS = 8
const LETTERS = 8

export class Sightings {
  readonly #prints: Uint32Array
  readonly #buckets: number

  /** @param tokens - how many tokens there may be that come again */
  constructor(tokens: number) {
    // room for two to four times as many, so that few have to share a bucket with more than it holds
    this.#buckets = 2 ** Math.max(0, Math.ceil(Math.log2(tokens)) - 2)
    this.#prints = new Uint32Array(this.#buckets * WAYS)
  }

  has(token: string): boolean {
    const print = toPrint(token)
    const start = this.#bucketOf(print)
    // Stryker disable next-line EqualityOperator: one place more is looked at, which costs time and no more
    for (let at = start; at < start + WAYS; at++) if (this.#prints[at] === print) return true
    return false
  }

  /** The one in its bucket that was added first has to go. */
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

/** The last letters of a token are as good as random, but for the very last, which may have few bits (FNV-1a). */
function toPrint(token: string): number {
  let print = 0x811c9dc5
  // Stryker disable next-line ArithmeticOperator,EqualityOperator: other letters are only wrong more often
  for (let at = token.length - LETTERS - 1; at < token.length - 1; at++) {
    print = Math.imul(print ^ token.charCodeAt(at), 0x01000193)
  }
  // 0 is nothing
  return print >>> 0 || 1
}
