/**
 * The signature, checked by `node:crypto` on a key that is ready.
 */
import { createVerify, verify } from 'node:crypto'
import type { UnverifiedToken } from './token.ts'
import type { VerificationKey } from './verification-key.ts'

type Signed = Pick<UnverifiedToken, 'compact' | 'signedEnd' | 'signature'>

/** Whether the signature is this key's, decided on the calling thread. */
export function isSignedBy(
  { digest, input, signatureBytes }: VerificationKey,
  { compact, signedEnd, signature }: Signed,
): boolean {
  const signingInput = compact.slice(0, signedEnd)
  // Stryker disable next-line ConditionalExpression: only to say it in types, an RSA key has both
  if (digest === null || signatureBytes === undefined) {
    // Stryker disable next-line StringLiteral: ASCII is the same in UTF-8
    return verify(digest, Buffer.from(signingInput, 'latin1'), input, signature)
  }
  // a token has one spelling
  if (signature.length !== signatureBytes) return false
  // half a microsecond faster than verify(); of other keys, it throws where a signature is too long or too short
  // Stryker disable next-line StringLiteral: ASCII is the same in UTF-8
  return createVerify(digest).update(signingInput, 'latin1').verify(input, signature)
}

/** The same in the thread pool, for the algorithms that would block the calling thread for long. */
export function isSignedByInPool(
  key: VerificationKey,
  { compact, signedEnd, signature }: Signed,
): Promise<boolean> {
  // bytes of its own: other tokens are worked on meanwhile
  // Stryker disable next-line StringLiteral: ASCII is the same in UTF-8
  const signingInput = Buffer.from(compact.slice(0, signedEnd), 'latin1')
  return new Promise((resolve, reject) => {
    verify(key.digest, signingInput, key.input, signature, (error, isGood) => {
      // Stryker disable next-line ConditionalExpression: no key that was imported leads here; no answer is no signature
      if (error) reject(error)
      else resolve(isGood)
    })
  })
}
