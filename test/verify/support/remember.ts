/**
 * Tokens that are in the cache: one gets there when it is verified for the second time.
 */
import type { VerifiedToken, Verifier } from 'jwt-gate'

/** Verifies a token until it is remembered, and answers what is remembered. */
export async function remember<Claims>(
  verifier: Verifier<Claims>,
  token: string,
): Promise<VerifiedToken<Claims>> {
  await verifier.verify(token)
  return await verifier.verify(token)
}
