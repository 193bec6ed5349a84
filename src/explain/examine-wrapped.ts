/**
 * Examines the outcome of a verifier that was wrapped, or made by hand: its `verify` is all that is known of it.
 */
import {
  assertVerifiedToken,
  type CheckedAccessRule,
  checkTimeOf,
  settle,
} from '../verify/explain-kit.ts'
import type { VerifiedToken, Verifier } from '../verify/index.ts'
import { refusalOf } from './checks/access-checks.ts'
import { checkForm } from './checks/form-checks.ts'
import { failed, type Judged, passed } from './checks/judge.ts'
import { type Examined, factsOfText } from './facts.ts'

/** The limit belongs to the verifier. */
const MAX_TOKEN_BYTES = 1_048_576

export async function examineWrapped(
  verifier: Verifier<unknown>,
  token: unknown,
  access: CheckedAccessRule | undefined,
): Promise<Examined> {
  const form = checkForm(token, MAX_TOKEN_BYTES)
  const { error, verified } = await outcomeOf(verifier, token)
  const refusal = verified && access && refusalOf(verified, access)
  const detail = 'the verifier is wrapped, so only its outcome is known'
  const checks: Judged[] = [
    ...form.checks,
    verified ? passed('verify', { detail }) : failed('verify', {}, error),
    ...(refusal === undefined ? [] : [failed('access', {}, refusal)]),
  ]
  // the time by the default clock
  const { seconds } = checkTimeOf({} as VerifiedToken)
  const { header = {}, payload = {} } = form.parts ?? {}
  const facts = { ...factsOfText(token, seconds), header, payload, checks }
  return { facts, error: verified ? refusal : error }
}

/** A wrapper may return or throw anything. */
async function outcomeOf(
  verifier: Verifier<unknown>,
  token: unknown,
): Promise<{ verified?: VerifiedToken<unknown>; error?: unknown }> {
  try {
    const verified = await settle('verifier', verifier.verify(token as string))
    assertVerifiedToken(verified)
    return { verified }
  } catch (error) {
    return { error: error ?? new Error('The wrapper has thrown nothing') }
  }
}
