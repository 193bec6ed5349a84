/**
 * The header is not as the configuration wants it.
 */
import { toMediaType } from '../../verify/explain-kit.ts'
import type { Cause } from '../explanation.ts'
import type { Facts } from '../facts.ts'
import { list, quote } from '../show.ts'
import { boundToKey } from './binding-causes.ts'
import { cause, type Problem } from './cause.ts'
import { idToken, isIdToken } from './kinds.ts'
import { encrypted } from './text-causes.ts'

export function findAlgorithmCauses({ header, nearest }: Facts, { reason }: Problem): Cause[] {
  const { alg } = header
  if (reason === 'encrypted') return [encrypted(header)]
  if (alg === undefined) {
    return [
      cause(
        'The header names no algorithm',
        'A signed token has "alg" in its header: is it a token of an issuer?',
      ),
    ]
  }
  if (typeof alg === 'string' && alg.toLowerCase() === 'none') {
    return [
      cause(
        'The token is not signed',
        'Its algorithm is "none": anybody can write such a token. Send a token that the issuer has signed. Some emulators and mock servers sign nothing.',
      ),
    ]
  }
  if (typeof alg === 'string' && alg.startsWith('HS')) {
    return [
      cause(
        'The token is signed with a shared secret',
        `Its algorithm is ${quote(alg)}, which needs the issuer's secret. Choose RS256 or ES256 for this API at the issuer: everybody who could verify such a token could also make one.`,
      ),
    ]
  }
  return [
    cause(
      'The algorithm is not in the list of allowed algorithms',
      `The token has ${quote(alg)}. If the issuer really signs with it, add it to "algorithms" (now: ${list(nearest?.header.algorithms ?? [])}).`,
    ),
  ]
}

/** Other kinds of JWT, whose `typ` says so. */
const KINDS: Readonly<Record<string, string>> = {
  'logout+jwt': 'a logout token (OpenID Connect Back-Channel Logout)',
  'dpop+jwt': 'a DPoP proof: it goes into the DPoP header, and the access token into Authorization',
  'secevent+jwt': 'a security event token',
  'token-introspection+jwt': 'an introspection response',
}

export function findTypeCauses(facts: Facts): Cause[] {
  const { header, payload, nearest } = facts
  const { typ } = header
  const wanted = nearest?.header.tokenType
  if (wanted === 'at+jwt' && isIdToken(payload)) return [idToken(payload, nearest)]
  const kind = typeof typ === 'string' ? KINDS[toMediaType(typ)] : undefined
  if (kind) {
    return [cause('A JWT of another kind was sent', `It is ${kind}. Send the access token.`)]
  }
  if (wanted === 'at+jwt') {
    return [
      cause(
        'The issuer does not mark its access tokens as at+jwt',
        `"typ" is ${quote(typ)}, and "tokenType" is "at+jwt" (RFC 9068). Cognito, Entra ID and Keycloak do not follow it by default: leave "tokenType" out, or switch the profile on at the issuer.`,
      ),
    ]
  }
  if (typeof typ === 'string' && toMediaType(typ) === 'at+jwt') {
    return [
      cause(
        'An access token was sent where another kind is wanted',
        `"typ" is ${quote(typ)}, and "tokenType" is ${quote(wanted)}. For access tokens, leave "tokenType" out, or set it to "at+jwt".`,
      ),
    ]
  }
  return [
    cause(
      'The type of the token (typ) is not the expected one',
      `"typ" is ${quote(typ)}. If this issuer's access tokens have it, set "tokenType" to this value.`,
    ),
  ]
}

export function findFeatureCauses(facts: Facts, problem: Problem): Cause[] {
  if (problem.claim === 'cnf') return [boundToKey(facts)]
  return [
    cause(
      'The token uses a feature that is never supported',
      `Its header has ${quote(problem.claim)}: critical extensions, unencoded payloads and compression are rejected. Ask the issuer for a plain JWT.`,
    ),
  ]
}
