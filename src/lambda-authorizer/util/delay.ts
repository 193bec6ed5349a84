/**
 * What a call was waiting for when its time was over.
 */
import { partsOf } from '../../verify/adapter-kit.ts'
import { KeysError, StoreError, type Verifier } from '../../verify/index.ts'

/** What took too long: the list of revoked tokens, the keys, or something of the user's, such as `check`. */
export async function findDelay(verifier: Verifier<unknown>): Promise<Error> {
  // the list is asked once the keys are there, so if both are busy, the call waits for the list
  const list = partsOf(verifier)?.settings.revocations
  if (list && (await isBusy(list))) {
    return new StoreError('ERR_REVOCATIONS_UNAVAILABLE', { reason: 'timeout' })
  }
  if (await isBusy(verifier)) return new KeysError('ERR_JWKS_UNAVAILABLE', { reason: 'timeout' })
  return new Error('The token was not verified before the time limit of the function')
}

/** Whether a request of its is in flight. */
function isBusy(one: Pick<Verifier<unknown>, 'settled'>): Promise<boolean> {
  const later = new Promise<boolean>((resolve) => setImmediate(resolve, true))
  // Stryker disable next-line ArrowFunction: undefined is as good
  return Promise.race([one.settled().then(() => false), later])
}
