/**
 * The signature checks that wait for the thread pool. Issuers take turns, so that none of them can lock out another. The newest
 * check of an issuer is its next: in a flood, new callers need not wait for the tokens before theirs, whose callers are the first to
 * give up.
 */

/** Of all weights: 10 MB, or ten seconds of one thread. About 2,300 ES512 tokens of a kilobyte, or 8,000 ES256 tokens. */
const MAX_WEIGHT = 10_000_000

interface Waiting {
  readonly issuer: string
  /** Its CPU time in microseconds, plus the bytes of memory that its token occupies. */
  readonly weight: number
}

/** The checks of one issuer. */
interface Queue<Check> {
  readonly issuer: string
  /** Keyed by rank, oldest first. A check that becomes the newest again leaves a gap. */
  readonly checks: Map<number, Check>
  /** No check has a higher rank. */
  top: number
  weight: number
}

export class WaitingChecks<Check extends Waiting> {
  /** Keyed by issuer, in the order of their turns. No queue is empty. */
  readonly #queues = new Map<string, Queue<Check>>()
  readonly #ranks = new Map<Check, number>()
  #weight = 0

  /**
   * Adds a check. If too much waits, its issuer loses its oldest checks, until it has its share. So no issuer can lock out another,
   * and what n issuers have waiting is at most 1 + 1/2 + … + 1/n times the limit, plus one check each.
   * @returns the lost checks
   */
  add(check: Check): Check[] {
    const { issuer, weight } = check
    const queue = this.#queues.get(issuer) ?? { issuer, checks: new Map(), top: 0, weight: 0 }
    // an issuer that is already in the map keeps its turn
    this.#queues.set(issuer, queue)
    this.#putLast(queue, check)
    this.#count(queue, weight)
    const lost: Check[] = []
    while (this.#hasTooMuch(queue)) lost.push(this.#take(queue, oldestOf(queue)))
    return lost
  }

  /** Makes a check the newest of its issuer, because it has a new caller. Does nothing if it does not wait any more. */
  renew(check: Check): void {
    const rank = this.#ranks.get(check)
    const queue = this.#queues.get(check.issuer)
    // Stryker disable next-line ConditionalExpression: only for the types, a check with a rank has a queue
    if (rank === undefined || queue === undefined) return
    queue.checks.delete(rank)
    this.#putLast(queue, check)
  }

  /** Removes the newest check of the issuer whose turn it is, unless there is no room for it. */
  takeNext(hasRoomFor: (check: Check) => boolean): Check | undefined {
    const [queue] = this.#queues.values()
    if (queue === undefined) return undefined
    const newest = newestOf(queue)
    if (!hasRoomFor(newest)) return undefined
    this.#queues.delete(queue.issuer)
    const check = this.#take(queue, newest)
    // at the end of the map
    if (queue.checks.size > 0) this.#queues.set(queue.issuer, queue)
    return check
  }

  #hasTooMuch({ checks, weight }: Queue<Check>): boolean {
    return this.#weight > MAX_WEIGHT && weight > MAX_WEIGHT / this.#queues.size && checks.size > 1
  }

  #putLast(queue: Queue<Check>, check: Check): void {
    queue.top++
    queue.checks.set(queue.top, check)
    this.#ranks.set(check, queue.top)
  }

  #take(queue: Queue<Check>, check: Check): Check {
    queue.checks.delete(this.#ranks.get(check) as number)
    this.#ranks.delete(check)
    this.#count(queue, -check.weight)
    return check
  }

  #count(queue: Queue<Check>, weight: number): void {
    queue.weight += weight
    this.#weight += weight
  }
}

function oldestOf<Check>({ checks }: Queue<Check>): Check {
  const [oldest] = checks.values()
  return oldest as Check
}

/** Passes each gap once. */
function newestOf<Check>(queue: Queue<Check>): Check {
  while (!queue.checks.has(queue.top)) queue.top--
  return queue.checks.get(queue.top) as Check
}
