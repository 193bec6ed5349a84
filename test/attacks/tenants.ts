/**
 * A verifier with a function that finds every tenant under a pattern, so that anybody can make tenants up, and tokens for them.
 */
import { createVerifier, type TrustedResolver, type Verifier, type VerifierOptions } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { createClock } from '../verify/support/clock.ts'
import { isPending } from '../verify/support/key-endpoint.ts'
import { claimsOf, NOW, sayOf } from './setup.ts'
import { createWorld } from './world.ts'

export const idp = await createTestIssuer()
export const claims = { ...claimsOf(idp), exp: NOW + 86_400 }
export const kid = idp.keys[0]?.kid as string

export const nameOf = (at: number | string) => `https://t${at}.idp.example`
export const mint = (at: number | string) => idp.token({ ...claims, iss: nameOf(at) })
/** A token with an invalid signature. */
export const forge = (at: number | string, header = {}) =>
  idp.token({ ...claims, iss: nameOf(at) }, { header: { kid, ...header }, sign: () => 'AAAA' })

export const everyTenant: TrustedResolver = (issuer) =>
  /^https:\/\/[^/]+\.idp\.example$/.test(issuer)
    ? { issuer, audience: 'api', jwksUri: `${issuer}/jwks` }
    : undefined

/** @param keysOf - returns the issuer whose keys a host serves */
export function setUp(options: VerifierOptions = {}, resolve = everyTenant, keysOf = () => idp) {
  const clock = createClock(NOW * 1_000)
  const world = createWorld(keysOf)
  const found: string[] = []
  const trusted: TrustedResolver = (issuer) => {
    found.push(issuer)
    return resolve(issuer)
  }
  const common = { now: clock.now, fetch: world.fetch }
  const verifier = createVerifier(trusted, { ...common, ...options })
  return { clock, world, found, verifier, asked: world.asked }
}

/** Resolves after everything has happened that needs no timer and no network. */
export const turn = () => isPending(new Promise(() => undefined))
export const say = (verifier: Verifier, token: string) => sayOf(() => verifier.verify(token))
