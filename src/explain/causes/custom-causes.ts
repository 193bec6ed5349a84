/**
 * Code of the user rejects the token, or fails.
 */
import { shorten } from '../../terminal/escape.ts'
import { readMember, toCauseJson } from '../../verify/explain-kit.ts'
import { isJwtGateError } from '../../verify/index.ts'
import type { Cause } from '../explanation.ts'
import type { Facts } from '../facts.ts'
import { quote } from '../show.ts'
import { cause, type Problem } from './cause.ts'
import { isPreset } from './kinds.ts'

export function findRuleCauses(
  { payload, nearest }: Facts,
  { claim, reason, error }: Problem,
): Cause[] {
  const because = describeCause(error)
  if (reason === 'schema') {
    return [
      cause(
        'The schema rejects the claims',
        claim === undefined
          ? 'The "claims" schema reports an issue about the claims as a whole, or about a claim with an unusual name.'
          : `The "claims" schema reports an issue about "${claim}", which is ${quote(payload[claim])}. Is the claim optional for some tokens?`,
      ),
    ]
  }
  if (claim !== undefined && reason === 'mismatch' && isPreset(nearest)) {
    return [
      cause(
        'A claim has another value than the configured one',
        `"${claim}" is ${quote(payload[claim])}, and ${wantedOf(error)}. Send a token with that value, or add this one to the option.`,
      ),
    ]
  }
  if (because !== undefined) {
    return [cause('The schema has thrown an error', `${because}. A schema should report issues.`)]
  }
  return [
    cause(
      'The check of the verifier rejects the token',
      'Your "check" has returned false, or has thrown a TokenError. Look at what it compares.',
    ),
  ]
}

export function findConfigCauses(_facts: Facts, { error }: Problem): Cause[] {
  const message = isJwtGateError(error) ? shorten(String(readMember(error, 'message')), 500) : ''
  const [, guarded] = /^"(\w+)" needs requireJwt\(\)/.exec(message) ?? []
  if (guarded !== undefined) {
    return [
      cause(
        `requireJwt() does not run before ${guarded}() on this route`,
        'Put app.use(requireJwt(verifier)) before the route.',
      ),
    ]
  }
  const because = describeCause(error)
  const [, failed] = /^"(\w+)" failed/.exec(message) ?? []
  if (failed !== undefined && because !== undefined) {
    return [
      cause(
        `Your function "${failed}" has failed`,
        `It has thrown ${because}. That says nothing about the token, so the request fails with 500.${failed === 'check' ? ' To reject a token, return false, or throw a TokenError or an AccessError.' : ''}`,
      ),
    ]
  }
  return [
    cause(
      'The configuration is wrong, or a function in it fails',
      `${message}${because === undefined ? '' : `: ${because}`}`,
    ),
  ]
}

/** What a preset wants: its option and the accepted values, which its error has as the cause. */
export function wantedOf(error: unknown): string {
  const thrown = isJwtGateError(error) ? readMember(error, 'cause') : undefined
  return thrown === undefined
    ? 'another value is configured'
    : (toCauseJson(thrown).message ?? 'another value is configured')
}

/** What the user's code, or a store, has thrown. */
export function describeCause(error: unknown): string | undefined {
  const thrown = isJwtGateError(error) ? readMember(error, 'cause') : undefined
  return thrown === undefined ? undefined : describe(thrown)
}

/** The name and the message of anything that was thrown. */
export function describe(thrown: unknown): string {
  const { name, message } = toCauseJson(thrown)
  return shorten(message === undefined ? name : `${name}: ${message}`)
}
