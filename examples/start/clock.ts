/**
 * The demo's clock: real time, and how far somebody has moved it. The issuer and the verifier both use it.
 */
const MAX_OFFSET_MS = 30 * 24 * 3_600_000

export class DemoClock {
  #offsetMs = 0

  get offsetMs(): number {
    return this.#offsetMs
  }

  /** Milliseconds since 1970. */
  readonly now = (): number => Date.now() + this.#offsetMs

  /** Moves the clock, by thirty days in all at most. */
  move(seconds: number): void {
    const moved = this.#offsetMs + seconds * 1_000
    this.#offsetMs = Math.max(-MAX_OFFSET_MS, Math.min(MAX_OFFSET_MS, moved))
  }

  reset(): void {
    this.#offsetMs = 0
  }
}
