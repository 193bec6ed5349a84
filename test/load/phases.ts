/**
 * The phases of the load test, and the responses that are right in each.
 */

export const SECONDS = Math.max(Number(process.env['JWT_GATE_LOAD_SECONDS'] ?? 60), 15)

/** When the issuer rotates its keys. */
export const ROTATION_MS = SECONDS * 250
/** When the issuer goes down, and when it comes back. */
export const OUTAGE_MS = SECONDS * 500
export const OUTAGE_END_MS = OUTAGE_MS + Math.min(10_000, SECONDS * 167)

/** Until a rotated key is known: the server refreshes its keys every two seconds. */
const SETTLE_MS = 4_000
/** Until a restored issuer gets a request: after 1, 2, 4 and 8 seconds, and some jitter. */
const BACKOFF_MS = 20_000

/** The tokens that are sent: signed with the keys from before the rotation, or from after it. */
type Kind = 'good' | 'expired' | 'forged' | 'made-up kid' | 'missing'
export interface Sample {
  readonly kind: Kind
  readonly age: 'old' | 'new'
  readonly token: string | undefined
}

/** The statuses that are right for a request that was sent and received in this phase. */
export function rightStatuses({ kind, age }: Sample, sentMs: number, answeredMs: number): number[] {
  const isDuring = (from: number, to: number): boolean => sentMs < to && answeredMs > from
  const isUnknown = kind === 'made-up kid' || (age === 'old' && answeredMs > ROTATION_MS)
  const mayBeGood = isDuring(ROTATION_MS, ROTATION_MS + SETTLE_MS)
  if (kind === 'missing') return [401]
  if (kind === 'good' && mayBeGood) return [200, 401]
  // while the keys are stale, nobody can know whether such a key exists
  if (isUnknown) return isDuring(OUTAGE_MS, OUTAGE_END_MS + BACKOFF_MS) ? [401, 503] : [401]
  return kind === 'good' ? [200] : [401]
}
