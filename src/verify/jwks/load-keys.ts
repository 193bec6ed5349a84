/**
 * One refresh, as far as to keys that are ready for use, and for how long they are.
 */

import { KeysError } from '../errors.ts'
import { KeySet } from '../keys/key-set.ts'
import type { Cancellation } from './cancellation.ts'
import { fetchJwks, type JwksSource } from './fetch-jwks.ts'

const MIN_LIFETIME_MS = 60_000
const MAX_LIFETIME_MS = 3_600_000

/** What is wanted of the keys. */
export interface KeysWanted extends JwksSource {
  readonly algorithms: ReadonlySet<string>
  readonly maxAgeMs: number
}

/** Keys that have just come. */
export interface LoadedKeys {
  readonly keys: KeySet
  /** How many entries of the set cannot be used. */
  readonly unusable: number
  readonly lifetimeMs: number
}

/**
 * @param before - the keys until now, of which those that are still there stay the same objects
 * @throws {@link KeysError} `ERR_JWKS_UNAVAILABLE`, `ERR_JWKS_INVALID`
 */
export async function loadKeys(
  wanted: KeysWanted,
  before: KeySet | undefined,
  how: { cancellation: Cancellation; retry: boolean },
): Promise<LoadedKeys> {
  const fetched = await fetchJwks(wanted, how)
  // what was given up is not imported any further
  const pause = (): Promise<void> => how.cancellation.race(nextTurn())
  const keys = await KeySet.fromInTurns(fetched.keys, wanted.algorithms, before, pause)
  if (keys.usable === 0) throw new KeysError('ERR_JWKS_INVALID', { reason: 'no_usable_key' })
  const { maxAgeSeconds } = fetched
  const lifetimeMs = maxAgeSeconds === undefined ? wanted.maxAgeMs : clampLifetime(maxAgeSeconds)
  return { keys, unusable: fetched.keys.length - keys.usable, lifetimeMs }
}

function clampLifetime(maxAgeSeconds: number): number {
  return Math.min(MAX_LIFETIME_MS, Math.max(MIN_LIFETIME_MS, maxAgeSeconds * 1_000))
}

/** Resolves once the event loop has had a look at everything else. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
