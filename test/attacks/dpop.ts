/**
 * What the attacks on proofs share: every attack meets a verifier that has never seen the token, one that has cached it, and one
 * without a cache, in both ways. The control differs only in what is attacked, and passes.
 */
import type { DpopOptions, Presented, Verifier } from 'jwt-gate'
import { expect } from 'vitest'
import { type Bound, createBound, newStore } from '../verify/support/bound.ts'
import { ACCEPTED, sayOf } from './setup.ts'

/** What an attacker presents, made anew for each verifier. */
export type Attack = (bound: Bound) => Presented | undefined | Promise<Presented | undefined>

/** The outcome of an attack, which must be the same for each verifier and each way to call it. */
export async function judgeProof(
  attack: Attack,
  {
    control = ({ present }) => present(),
    dpop = {},
    token: tokenOf = ({ token }) => token,
    bound: given,
  }: {
    readonly control?: Attack
    readonly dpop?: Partial<DpopOptions>
    readonly token?: (bound: Bound) => string | Promise<string>
    readonly bound?: Bound
  } = {},
): Promise<string> {
  const bound = given ?? (await createBound(dpop))
  const token = await tokenOf(bound)
  const replay = newStore(bound.clock)
  const cold = bound.createOther({ replay })
  const warm = bound.createOther({ replay })
  const uncached = bound.createOther({ replay }, { tokenCache: false })
  const good = async (verifier: Verifier): Promise<string> =>
    sayOf(async () => verifier.verify(bound.token, await control(bound)))
  // a token is cached when it is verified for the second time
  for (const _time of [1, 2, 3]) expect(await good(warm)).toBe(ACCEPTED)
  const outcomes = new Set<string>()
  for (const verifier of [cold, warm, uncached]) {
    for (const call of [verifier.verify, verifier.verifySync]) {
      outcomes.add(await sayOf(async () => call(token, await attack(bound))))
    }
    expect(await good(verifier)).toBe(ACCEPTED)
  }
  expect(outcomes.size).toBe(1)
  const [outcome = ''] = outcomes
  return outcome
}
