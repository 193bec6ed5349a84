/**
 * One complete refresh: fetches a key set, imports the keys, and determines their lifetime.
 */
import { KeysError } from '../errors.ts'
import type { Cancellation } from '../http/cancellation.ts'
import { describeUnusable, KeySet } from '../keys/key-set.ts'
import { fetchJwks, type JwksSource } from './fetch-jwks.ts'

const MIN_LIFETIME_MS = 60_000
const MAX_LIFETIME_MS = 3_600_000

/** The source of the keys, and the requirements on them. */
export interface KeysWanted extends JwksSource {
  readonly algorithms: ReadonlySet<string>
  readonly maxAgeMs: number
}

/** Newly loaded keys. */
export interface LoadedKeys {
  readonly keys: KeySet
  readonly lifetimeMs: number
}

/**
 * Fetches the key set of an issuer and imports its keys.
 * @param before - the previous keys; keys that are still in the set stay the same objects
 * @throws {@link KeysError} `ERR_JWKS_UNAVAILABLE`, `ERR_JWKS_INVALID`
 */
export async function loadKeys(
  wanted: KeysWanted,
  before: KeySet | undefined,
  how: { cancellation: Cancellation; retry: boolean },
): Promise<LoadedKeys> {
  const fetched = await fetchJwks(wanted, how)
  // after a cancellation, the import stops
  const pause = (): Promise<void> => how.cancellation.race(nextTurn())
  const keys = await KeySet.fromInTurns(fetched.keys, wanted.algorithms, before, pause)
  if (keys.usable === 0) {
    const cause = new Error(`Unusable keys: ${describeUnusable(keys.unusableKeys) || 'none'}`)
    throw new KeysError('ERR_JWKS_INVALID', { reason: 'no_usable_key', cause })
  }
  const { maxAgeSeconds } = fetched
  const lifetimeMs = maxAgeSeconds === undefined ? wanted.maxAgeMs : clampLifetime(maxAgeSeconds)
  return { keys, lifetimeMs }
}

function clampLifetime(maxAgeSeconds: number): number {
  return Math.min(MAX_LIFETIME_MS, Math.max(MIN_LIFETIME_MS, maxAgeSeconds * 1_000))
}

/** Resolves in the next turn of the event loop. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
