/**
 * The signature, checked by `node:crypto` on a key that is ready.
 */
import { verify } from 'node:crypto'
import type { UnverifiedToken } from './token.ts'
import type { VerificationKey } from './verification-key.ts'

type Signed = Pick<UnverifiedToken, 'compact' | 'signedEnd' | 'signature'>

/**
 * Whether the signature is this key's, decided on the calling thread.
 * @param scratch - bytes to work in, as many as the token has
 */
export function isSignedBy(
  key: VerificationKey,
  { compact, signedEnd, signature }: Signed,
  scratch: Buffer,
): boolean {
  // a token has one spelling
  if (signature.length !== (key.signatureBytes ?? signature.length)) return false
  // Stryker disable next-line MethodExpression,StringLiteral: the rest is not looked at; ASCII is the same in UTF-8
  scratch.write(compact.slice(0, signedEnd), 'latin1')
  return verify(key.digest, scratch.subarray(0, signedEnd), key.input, signature)
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
