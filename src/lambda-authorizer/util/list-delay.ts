/**
 * Whether a call was waiting for the list of revoked tokens.
 */
import { partsOf } from '../../verify/adapter-kit.ts'
import { type RevocationList, StoreError, type Verifier } from '../../verify/index.ts'

/** The error if the store of the list takes too long. */
export async function findListDelay(
  verifier: Verifier<unknown>,
  isBusy: (list: RevocationList) => Promise<boolean>,
): Promise<StoreError | undefined> {
  const list = partsOf(verifier)?.settings.revocations
  // it is asked once the keys are there, so if both are busy, the call waits for the list
  if (list === undefined || !(await isBusy(list))) return undefined
  return new StoreError('ERR_REVOCATIONS_UNAVAILABLE', { reason: 'timeout' })
}
