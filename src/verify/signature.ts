/**
 * The signature, checked by `node:crypto` on a key that is ready.
 */
import { verify } from 'node:crypto'
import type { UnverifiedToken } from './token.ts'
import type { VerificationKey } from './verification-key.ts'

type Signed = Pick<UnverifiedToken, 'signingInput' | 'signature'>

/** Whether the signature is this key's, decided on the calling thread. */
export function isSignedBy(key: VerificationKey, { signingInput, signature }: Signed): boolean {
  return verify(key.digest, signingInput, key.input, signature)
}

/** The same in the thread pool, for the algorithms that would block the calling thread for long. */
export function isSignedByInPool(
  key: VerificationKey,
  { signingInput, signature }: Signed,
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    verify(key.digest, signingInput, key.input, signature, (error, isGood) => {
      if (error) reject(error)
      else resolve(isGood)
    })
  })
}
