/**
 * Claims the identifier of a proof, so that it is accepted once (RFC 9449 s11.1).
 */
import type { ReplayStore } from '../binding-types.ts'
import { waitUnless } from '../claims/custom-rules.ts'
import { ConfigError, StoreError, TokenError } from '../errors.ts'
import { isPromise, settle } from '../util/promises.ts'

const OPTION = 'dpop.replay'

/**
 * @param seconds - how long the proof could be used again
 * @throws `TokenError` `ERR_PROOF_REPLAYED`; `StoreError` `ERR_STORE_UNAVAILABLE` if the store fails
 */
export function claimOnce(
  store: ReplayStore,
  id: string,
  seconds: number,
  isSync: boolean,
): void | Promise<void> {
  let claimed: boolean | Promise<boolean>
  try {
    claimed = store.claim(id, seconds)
  } catch (error) {
    throw unavailable(error)
  }
  if (!isPromise(claimed)) return assertClaimed(claimed)
  const pending = waitUnless(isSync, OPTION, claimed)
  return settle(OPTION, pending).then(assertClaimed, rethrow)
}

function assertClaimed(claimed: unknown): void {
  if (claimed === true) return
  if (claimed === false) throw new TokenError('ERR_PROOF_REPLAYED')
  throw new ConfigError(`"${OPTION}" must return true or false`)
}

function rethrow(error: unknown): never {
  throw unavailable(error)
}

/** An outage is no verdict on the proof. */
function unavailable(cause: unknown): StoreError {
  return new StoreError('ERR_STORE_UNAVAILABLE', { cause })
}
