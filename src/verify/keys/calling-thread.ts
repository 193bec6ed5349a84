/**
 * Decides when a cheap signature check runs on the calling thread instead of in the thread pool. For one caller alone this is
 * faster, because the trip to the pool takes as long as the check. Beside other callers it would only make them wait.
 *
 * Calls that arrive in one turn of the event loop, such as requests on different connections, are in flight at the same time: only
 * the first of them may use the calling thread. A caller that awaits one result before it asks for the next one is alone. Its next
 * call comes within a few microtasks of the previous one.
 */

/** In microseconds. RSA keys up to 4096 bits, which are always verified on the calling thread, take as long. */
const MAX_CHEAP_COST = 400
/** In microseconds: how long a caller that awaits one result after the other may hold up the event loop. */
const MAX_WORK_IN_A_TURN = 10_000
/** The microtasks between the calls of one caller: a few for each function that awaits the result and passes it on. */
const MAX_MICROTASKS_BETWEEN = 16

/** @param cost - in microseconds */
export function isCheap(cost: number): boolean {
  return cost <= MAX_CHEAP_COST
}

export class CallingThread {
  readonly #soon = Promise.resolve()
  /** Whether this turn of the event loop had no check yet. */
  #isNewTurn = true
  /** How many more microtasks the next call may take. At its maximum, the caller of the last check cannot have the result yet. */
  #microtasksLeft = 0
  #workInTurn = 0

  /**
   * Whether a check may run on the calling thread now. If so, the caller must run it.
   * @param cost - in microseconds
   */
  take(cost: number): boolean {
    if (!isCheap(cost) || !(this.#isNewTurn || this.#isNextCall(cost))) return false
    // Stryker disable next-line ConditionalExpression: to end the turn several times only takes time
    if (this.#isNewTurn) setImmediate(this.#endTurn)
    if (this.#microtasksLeft === 0) this.#countDown()
    this.#isNewTurn = false
    this.#microtasksLeft = MAX_MICROTASKS_BETWEEN
    this.#workInTurn += cost
    return true
  }

  #isNextCall(cost: number): boolean {
    const left = this.#microtasksLeft
    return (
      left > 0 && left < MAX_MICROTASKS_BETWEEN && this.#workInTurn + cost <= MAX_WORK_IN_A_TURN
    )
  }

  #countDown(): void {
    void this.#soon.then(this.#endMicrotask)
  }

  readonly #endMicrotask = (): void => {
    this.#microtasksLeft--
    if (this.#microtasksLeft > 0) this.#countDown()
  }

  readonly #endTurn = (): void => {
    this.#isNewTurn = true
    this.#workInTurn = 0
  }
}
