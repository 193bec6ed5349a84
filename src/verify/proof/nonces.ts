/**
 * Stateless nonces (RFC 9449 s8, s9): an HMAC over the number of a time slot. Every server with the same secret accepts them.
 */
import { createHmac } from 'node:crypto'
import { isSameDigest } from './thumbprint.ts'

/** So that a secret which is used for something else too signs nothing there. */
const PURPOSE = 'jwt-gate DPoP nonce'
/** The current slot, the one before, and the next one for the servers whose clocks are ahead. */
const MAX_SLOTS = 8

export class Nonces {
  readonly #secrets: readonly Uint8Array[]
  readonly #slotSeconds: number
  readonly #toleranceSeconds: number
  /** The nonces of a slot, by each secret. */
  readonly #bySlot = new Map<number, readonly string[]>()

  constructor(secrets: readonly Uint8Array[], lifetimeSeconds: number, toleranceSeconds: number) {
    this.#secrets = secrets
    // a nonce of the end of a slot must be good for a while
    this.#slotSeconds = lifetimeSeconds / 2
    this.#toleranceSeconds = toleranceSeconds
  }

  /** The nonce for the next proof. */
  next(nowSeconds: number): string {
    return this.#of(this.#slotAt(nowSeconds))[0] as string
  }

  /** Whether a server with one of the secrets made this nonce, in this slot or the one before. */
  has(nonce: unknown, nowSeconds: number): boolean {
    const slot = this.#slotAt(nowSeconds)
    const ahead = this.#slotAt(nowSeconds + this.#toleranceSeconds)
    const slots = ahead > slot ? [slot, slot - 1, slot + 1] : [slot, slot - 1]
    return slots.some((one) => this.#of(one).some((known) => isSameDigest(known, nonce)))
  }

  #slotAt(seconds: number): number {
    return Math.floor(seconds / this.#slotSeconds)
  }

  #of(slot: number): readonly string[] {
    const known = this.#bySlot.get(slot)
    // Stryker disable next-line ConditionalExpression: it is made again
    if (known) return known
    // Stryker disable next-line ConditionalExpression,EqualityOperator: they are made again
    if (this.#bySlot.size >= MAX_SLOTS) this.#bySlot.clear()
    const made = this.#secrets.map((secret) =>
      createHmac('sha256', secret).update(`${PURPOSE} ${slot}`).digest('base64url'),
    )
    this.#bySlot.set(slot, made)
    return made
  }
}
