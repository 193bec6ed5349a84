/**
 * Claims the identifier of a proof, so that it is accepted once (RFC 9449 s11.1).
 */
import type { ReplayStore } from '../binding-types.ts'
import { cannotWait } from '../claims/custom-rules.ts'
import { ConfigError, StoreError, TokenError } from '../errors.ts'
import { ignoreRejection, isPromise, settle } from '../util/promises.ts'

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
  if (!isSync) return settle(OPTION, claimed).then(assertClaimed, rethrow)
  ignoreRejection(claimed)
  throw cannotWait(OPTION)
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
