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

/** The checks of one issuer, oldest first. */
interface Queue<Check> {
  readonly issuer: string
  readonly checks: Check[]
  weight: number
}

export class WaitingChecks<Check extends Waiting> {
  /** Keyed by issuer, in the order of their turns. No queue is empty. */
  readonly #queues = new Map<string, Queue<Check>>()
  #weight = 0

  /**
   * Adds a check. If too much waits, its issuer loses its oldest checks, until it has its share. So no issuer can lock out another,
   * and what n issuers have waiting is at most 1 + 1/2 + … + 1/n times the limit, plus one check each.
   * @returns the lost checks
   */
  add(check: Check): Check[] {
    const { issuer, weight } = check
    const queue = this.#queues.get(issuer) ?? { issuer, checks: [], weight: 0 }
    // an issuer that is already in the map keeps its turn
    this.#queues.set(issuer, queue)
    queue.checks.push(check)
    this.#count(queue, weight)
    const lost: Check[] = []
    while (this.#hasTooMuch(queue)) lost.push(this.#take(queue, 'shift'))
    return lost
  }

  /** Removes the newest check of the issuer whose turn it is, unless there is no room for it. */
  takeNext(hasRoomFor: (check: Check) => boolean): Check | undefined {
    const [queue] = this.#queues.values()
    if (queue === undefined || !hasRoomFor(queue.checks.at(-1) as Check)) return undefined
    this.#queues.delete(queue.issuer)
    const check = this.#take(queue, 'pop')
    // at the end of the map
    if (queue.checks.length > 0) this.#queues.set(queue.issuer, queue)
    return check
  }

  #hasTooMuch({ checks, weight }: Queue<Check>): boolean {
    return this.#weight > MAX_WEIGHT && weight > MAX_WEIGHT / this.#queues.size && checks.length > 1
  }

  #take(queue: Queue<Check>, end: 'shift' | 'pop'): Check {
    const check = queue.checks[end]() as Check
    this.#count(queue, -check.weight)
    return check
  }

  #count(queue: Queue<Check>, weight: number): void {
    queue.weight += weight
    this.#weight += weight
  }
}
