/**
 * What a call was waiting for when its time was over.
 */
import { KeysError, type Verifier } from '../../verify/index.ts'
import { findListDelay } from './list-delay.ts'

/** What took too long: the list of revoked tokens, the keys, or something of the user's, such as `check`. */
export async function findDelay(verifier: Verifier<unknown>): Promise<Error> {
  if (await isBusy(verifier)) {
    const ofList = await findListDelay(verifier, isBusy)
    return ofList ?? new KeysError('ERR_JWKS_UNAVAILABLE', { reason: 'timeout' })
  }
  return new Error('The token was not verified before the time limit of the function')
}

/** Whether a request of its is in flight. */
function isBusy(one: Pick<Verifier<unknown>, 'settled'>): Promise<boolean> {
  const later = new Promise<boolean>((resolve) => setImmediate(resolve, true))
  return Promise.race([one.settled().then(() => false), later])
}
