/** Limits the events about a function that finds issuers: anybody can make up any number of issuers for which it fails. */
import { isJwtGateError } from '../errors.ts'
import type { IssuersFailedEvent, IssuersMismatchEvent } from '../events.ts'
import type { VerifierSettings } from '../verifier-options.ts'

type IssuersEvent = IssuersFailedEvent | IssuersMismatchEvent

/** The time between two events of one kind. */
const INTERVAL_MS = 10_000

export class IssuerEvents {
  readonly #settings: Pick<VerifierSettings, 'now' | 'emit'>
  /** When an event of each kind was last sent. */
  readonly #emittedAt = new Map<string, number>()

  constructor(settings: Pick<VerifierSettings, 'now' | 'emit'>) {
    this.#settings = settings
  }

  emit(event: IssuersEvent): void {
    const now = this.#settings.now()
    const kind = toKind(event)
    const elapsed = now - (this.#emittedAt.get(kind) ?? Number.NEGATIVE_INFINITY)
    if (elapsed >= 0 && elapsed < INTERVAL_MS) return
    this.#emittedAt.set(kind, now)
    this.#settings.emit(event)
  }
}

/** An option that is invalid for a made-up issuer must not hide that the database is down. */
function toKind(event: IssuersEvent): string {
  const isInvalid =
    event.type === 'issuers.failed' && isJwtGateError(event.error) && event.error.status === 500
  // Stryker disable next-line StringLiteral: any name that is no type of an event would do
  return isInvalid ? 'invalid' : event.type
}
