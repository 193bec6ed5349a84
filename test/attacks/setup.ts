/**
 * What the attacks share: a target, tokens for it, and a function that verifies each attack with a fresh verifier and with one
 * that has just accepted the control.
 */
import {
  createVerifier,
  type Trusted,
  type TrustedIssuer,
  type VerifiedToken,
  type Verifier,
  type VerifierOptions,
} from 'jwt-gate'
import type { TestIssuer } from 'jwt-gate/testing'
import { expect } from 'vitest'
import { encode } from '../verify/support/raw-token.ts'
import { remember } from '../verify/support/remember.ts'

/** The time of all attacks, in seconds since 1970. */
export const NOW = 1_800_000_000
export const now = (): number => NOW * 1_000

export const ACCEPTED = 'accepted'
export const MALFORMED = 'ERR_TOKEN_MALFORMED'
export const ALGORITHM = 'ERR_TOKEN_ALGORITHM alg'
export const SIGNATURE = 'ERR_TOKEN_SIGNATURE'
export const NOT_FOUND = 'ERR_KEY_NOT_FOUND kid'
export const MISMATCH = 'ERR_KEY_UNUSABLE kid mismatch'

/** Claims that pass every check. */
export function claimsOf({ issuer }: TestIssuer): Readonly<Record<string, unknown>> {
  return {
    ...{ iss: issuer, aud: 'api', sub: 'alice', client_id: 'app', jti: '1' },
    ...{ iat: NOW, exp: NOW + 60 },
  }
}

/** The issuer as the attacked verifiers trust it: with its keys, so that nothing is fetched. */
export function trust(issuer: TestIssuer, change: Partial<TrustedIssuer> = {}): TrustedIssuer {
  return { issuer: issuer.issuer, audience: 'api', jwks: issuer.jwks, ...change }
}

/** The same issuer with these keys instead. */
export function trustKeys(issuer: TestIssuer, ...keys: unknown[]): TrustedIssuer {
  return trust(issuer, { jwks: { keys } as never })
}

/** The base64url text of a segment. */
export const segment = (value: unknown): string => encode(JSON.stringify(value))

export interface Case {
  readonly trusted: Trusted
  readonly attack: string
  /** A good token that differs from the attack only in the attacked property. */
  readonly control: string
  readonly options?: VerifierOptions
}

/**
 * The outcome of an attack: `'accepted'`, or the code, the claim and the reason. It must be the same with and without a cache,
 * before and after the control was accepted, and for verify and verifySync.
 */
export async function judge({ trusted, attack, control, options }: Case): Promise<string> {
  const warm = createVerifier(trusted, { now, clockToleranceSeconds: 0, ...options })
  const cold = await sayOf(() => warm.verify(attack))
  // a token is cached when it is verified for the second time
  for (const _time of [1, 2]) {
    await haveRemembered(warm, control)
  }
  const uncached = createVerifier(trusted, {
    ...{ now, clockToleranceSeconds: 0, tokenCache: false },
    ...options,
  })
  for (const call of [warm.verify, warm.verifySync, uncached.verify, uncached.verifySync]) {
    expect(await sayOf(() => call(attack))).toBe(cold)
  }
  return cold
}

/** Has a token accepted and cached. A cached token is the same object each time. */
export async function haveRemembered(
  verifier: Verifier<unknown>,
  token: string,
): Promise<VerifiedToken<unknown>> {
  const kept = await remember(verifier, token)
  expect(await verifier.verify(token)).toBe(kept)
  return kept
}

/** The outcome of a call: `'accepted'`, or its error in short. */
export async function sayOf(call: () => unknown): Promise<string> {
  try {
    await call()
    return ACCEPTED
  } catch (error) {
    const { code, claim, reason } = error as Record<string, unknown>
    return [code ?? error, claim, reason].filter((part) => part !== undefined).join(' ')
  }
}
