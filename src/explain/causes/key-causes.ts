/**
 * The key of the token is not there, or may not be used.
 */
import type { UnusableKeyReason } from '../../verify/index.ts'
import type { Cause } from '../explanation.ts'
import type { Facts } from '../facts.ts'
import { list, quote } from '../show.ts'
import { cause, type Problem } from './cause.ts'

/** Why a key of the set is left out. */
const LEFT_OUT: Readonly<Record<UnusableKeyReason, string>> = {
  not_an_object: 'it is no JSON object',
  kty: 'its "kty" is not supported',
  crv: 'its "crv" is not supported',
  private: 'it is a private or symmetric key, which must never be published',
  use: 'its "use" is not "sig"',
  key_ops: 'its "key_ops" lack "verify"',
  alg: 'its "alg" is not in "algorithms"',
  malformed: 'its members are broken',
  too_short: 'it has fewer than 2,048 bits',
  too_long: 'it has more than 8,192 bits',
  exponent: 'its exponent is unsafe',
  small_order: 'it is of small order',
}

export function findMissingKeyCauses(facts: Facts, { reason }: Problem): Cause[] {
  const { header, profile } = facts
  const { kid } = header
  if (reason === 'limited') {
    return [
      cause(
        'Too many tokens with unknown keys were sent, so the keys were not fetched again',
        'Wait for "jwks.cooldownMs" and try again. If it stays so, somebody sends made-up tokens, and this key is one of them.',
      ),
    ]
  }
  if (kid === undefined) {
    return [
      cause(
        'The token does not name its key, and no key fits it',
        `It has no "kid". ${describeKeys(facts)} Check that "jwks" or "jwksUri" belongs to the issuer.`,
      ),
    ]
  }
  const given = profile?.hasGivenKeys
  return [
    given
      ? cause(
          'The key of the token is not among the configured keys',
          `The token names "kid" ${quote(kid)}. ${describeKeys(facts)} The keys in "jwks" are old or of another issuer: copy the issuer's key set again, or leave "jwks" out so that it is fetched.`,
        )
      : cause(
          "The key of the token is not in the issuer's key set",
          `The token names "kid" ${quote(kid)}. ${describeKeys(facts)} The token is older than the last rotation, was forged, or "jwksUri" belongs to another issuer (an emulator that was restarted has new keys).`,
        ),
  ]
}

export function findUnusableKeyCauses(facts: Facts, { reason }: Problem): Cause[] {
  const { kid, alg } = facts.header
  if (reason === 'ambiguous') {
    return [
      cause(
        'More than one key fits the token',
        `${kid === undefined ? 'The token has no "kid"' : `Several keys have "kid" ${quote(kid)}`}. ${describeKeys(facts)} Have the issuer name each key, or configure the one key with "jwks".`,
      ),
    ]
  }
  return [
    cause(
      'The key of the token may not be used for it',
      `The token names "kid" ${quote(kid)} and "alg" ${quote(alg)}, and this key does not fit. ${describeKeys(facts)}`,
    ),
  ]
}

/** The keys of the issuer, and those that were left out with the reason. */
function describeKeys({ profile }: Facts): string {
  const keySet = profile?.keys.keySet
  if (keySet === undefined) return 'No keys are loaded.'
  const kids = keySet.kids.map((kid) => kid ?? null)
  const unusable = keySet.unusableKeys.map(
    ({ kid, reason }) => `${kid ? quote(kid) : 'a key without a name'} (${LEFT_OUT[reason]})`,
  )
  const leftOut = unusable.length > 0 ? ` Left out: ${unusable.slice(0, 5).join(', ')}.` : ''
  return `The usable keys are ${list(kids) || 'none'}.${leftOut}`
}
