/**
 * Verifiers whose issuers are found by a function.
 */
import { createVerifier, type TrustedResolver, type VerifierOptions } from 'jwt-gate'
import type { TestIssuer } from 'jwt-gate/testing'
import { createClock } from './clock.ts'

/** The issuer that a function returns in the tests. */
export function tenant(issuer: TestIssuer, more: object = {}) {
  return { issuer: issuer.issuer, audience: null, jwks: issuer.jwks, ...more }
}

/** A verifier whose issuers are found by `resolve`, and the issuers that it was called with. */
export function setUp(resolve: TrustedResolver, options: VerifierOptions = {}) {
  const clock = createClock(Date.now())
  const asked: string[] = []
  const trusted: TrustedResolver = (issuer) => {
    asked.push(issuer)
    return resolve(issuer)
  }
  return { verifier: createVerifier(trusted, { now: clock.now, ...options }), asked, clock }
}
