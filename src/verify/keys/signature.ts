/**
 * Verifies a signature with `node:crypto` and an imported key.
 */
import { createVerify, verify } from 'node:crypto'
import { TokenError } from '../errors.ts'
import type { UnverifiedToken } from '../token/token.ts'
import { toDer } from './ecdsa-der.ts'
import type { VerificationKey } from './verification-key.ts'

/** The parts of a token that signature verification needs. */
export type Signed = Pick<UnverifiedToken, 'compact' | 'signedEnd' | 'signatureBytes'>

/** Whether the signature is valid for this key. Runs on the calling thread. */
export function isSignedBy(key: VerificationKey, token: Signed): boolean {
  if (!hasLength(key, token)) return false
  const { digest, input, signature } = key
  // Stryker disable next-line ConditionalExpression,EqualityOperator: an RSA key has both, and the other way is only slower
  if (digest === null || signature === undefined) {
    return verify(digest, toSigningInput(token), input, toSignature(key, token))
  }
  signature.write(signatureOf(token), 'base64url')
  const signingInput = token.compact.slice(0, token.signedEnd)
  // half a microsecond faster than verify(); with other keys, it throws if the length of a signature is wrong
  // Stryker disable next-line StringLiteral: ASCII is the same in UTF-8
  return createVerify(digest).update(signingInput, 'latin1').verify(input, signature)
}

/** Like {@link isSignedBy}, in the thread pool: for keys that would block the calling thread too long. */
export function isSignedByInPool(key: VerificationKey, token: Signed): Promise<boolean> {
  if (!hasLength(key, token)) return Promise.resolve(false)
  // own buffers, because other tokens are verified at the same time
  return new Promise((resolve, reject) => {
    const signature = toSignature(key, token)
    verify(key.digest, toSigningInput(token), key.input, signature, (error, isGood) => {
      // Stryker disable next-line ConditionalExpression: no imported key causes an error; no result is no valid signature
      if (error) reject(error)
      else resolve(isGood)
    })
  })
}

/** The third segment of a token. */
export function signatureOf({ compact, signedEnd }: Signed): string {
  return compact.slice(signedEnd + 1)
}

/**
 * Whether the signature has the length that its key requires. OpenSSL also accepts PSS signatures without leading zeros, so a
 * token would have more than one valid form.
 */
export function hasLength(key: VerificationKey, token: Signed): boolean {
  return token.signatureBytes === key.signatureBytes
}

/** Whether the signature could be valid for another key of this algorithm: only RSA keys differ in length. */
export function mayBeSigned(key: VerificationKey, token: Signed): boolean {
  return key.signature !== undefined || hasLength(key, token)
}

export function wrongSignature(key: VerificationKey, token: Signed): TokenError {
  // some libraries omit leading zeros of an ECDSA signature, so that most tokens fail and some do not
  const isOfWrongLength = key.isEcdsa && !hasLength(key, token)
  return new TokenError('ERR_TOKEN_SIGNATURE', { reason: isOfWrongLength ? 'length' : undefined })
}

function toSigningInput({ compact, signedEnd }: Signed): Buffer {
  // Stryker disable next-line StringLiteral: ASCII is the same in UTF-8
  return Buffer.from(compact.slice(0, signedEnd), 'latin1')
}

function toSignature(key: VerificationKey, token: Signed): Buffer {
  const signature = Buffer.from(signatureOf(token), 'base64url')
  return key.isEcdsa ? toDer(signature) : signature
}
