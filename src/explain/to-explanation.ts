/**
 * The explanation: the verdict by the error, the checks, and the causes.
 */
import { isVerdict, readMember } from '../verify/explain-kit.ts'
import { isJwtGateError, type JwtGateErrorCode } from '../verify/index.ts'
import { findCauses } from './causes/causes.ts'
import type { Explanation } from './explanation.ts'
import type { Facts } from './facts.ts'

/** @param error - what `verify` or `authorize` has thrown; `undefined` if the token is accepted */
export function toExplanation(facts: Facts, error: unknown): Explanation {
  const checks = facts.checks.map(({ check }) => check)
  if (error === undefined) return { verdict: 'accepted', checks, causes: [] }
  const code = codeOf(error)
  return {
    verdict: isRefusal(error) ? 'refused' : 'undecided',
    ...(code !== undefined && { code }),
    checks,
    causes: findCauses(facts, error),
  }
}

/** The code of an error of this library. */
export function codeOf(error: unknown): JwtGateErrorCode | undefined {
  const code = isJwtGateError(error) ? readMember(error, 'code') : undefined
  return typeof code === 'string' ? (code as JwtGateErrorCode) : undefined
}

/** Whether an error is a verdict on the token, and not a fault of the issuer or the configuration. */
function isRefusal(error: unknown): boolean {
  if (!isJwtGateError(error)) return false
  const status = readMember(error, 'status')
  return typeof status === 'number' && status < 500 && isVerdict(readMember(error, 'reason'))
}
