/**
 * Cached tokens: a token is cached when it is verified for the second time.
 */
import type { VerifiedToken, Verifier } from 'jwt-gate'

/** Verifies a token until it is cached, and returns the cached object. */
export async function remember<Claims>(
  verifier: Verifier<Claims>,
  token: string,
): Promise<VerifiedToken<Claims>> {
  await verifier.verify(token)
  return await verifier.verify(token)
}
