/**
 * Uses only the core, without the types of Express and Lambda.
 */
import { createVerifier, type JwtClaims } from 'jwt-gate'

const verifier = createVerifier({ issuer: 'https://idp.example', audience: null })

export async function subjectOf(token: string): Promise<string | undefined> {
  const claims: JwtClaims = (await verifier.verify(token)).claims
  return claims.sub
}
