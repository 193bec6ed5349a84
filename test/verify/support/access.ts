/**
 * Shared by the tests of access rules.
 */
import {
  AccessError,
  type AccessRule,
  authorize,
  createVerifier,
  type VerifiedToken,
} from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { expect } from 'vitest'

type Claims = Readonly<Record<string, unknown>>

export interface Judge {
  /** A verified token with these claims. */
  readonly verify: (claims?: Claims) => Promise<VerifiedToken>
  /** The outcome of a rule for these claims: `'allowed'`, or the code. */
  readonly judge: (rule: AccessRule, claims?: Claims) => Promise<string>
}

export async function createJudge(): Promise<Judge> {
  const issuer = await createTestIssuer()
  const verifier = createVerifier({ issuer: issuer.issuer, audience: null, jwks: issuer.jwks })
  const verify = async (claims: Claims = {}): Promise<VerifiedToken> =>
    verifier.verify(await issuer.token({ iss: issuer.issuer, exp: 4_000_000_000, ...claims }))
  const judge = async (rule: AccessRule, claims: Claims = {}): Promise<string> => {
    const verified = await verify(claims)
    try {
      authorize(verified, rule)
      return 'allowed'
    } catch (error) {
      expect(error).toBeInstanceOf(AccessError)
      expect(error).toMatchObject({ status: 403 })
      return (error as AccessError).code
    }
  }
  return { verify, judge }
}
