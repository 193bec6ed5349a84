/**
 * A claim is absent, of the wrong type, or has another value than the configured one.
 */
import type { ClaimsRule, JsonObject } from '../../verify/explain-kit.ts'
import type { Cause } from '../explanation.ts'
import type { Facts } from '../facts.ts'
import { list, quote } from '../show.ts'
import { notBound } from './binding-causes.ts'
import { cause, type Problem } from './cause.ts'
import { accessToken, graphToken, idToken, isGraphToken, isIdToken } from './kinds.ts'

export function findAudienceCauses(facts: Facts, { reason }: Problem): Cause[] {
  const { header, payload, nearest } = facts
  const { aud } = payload
  const rule = nearest?.claims
  if (isGraphToken(header, payload)) return [graphToken(payload)]
  if (reason === 'invalid') {
    return [
      cause(
        'The audience of the token is no text',
        `"aud" must be a string or a list of strings, and is ${quote(aud)}.`,
      ),
    ]
  }
  if (rule?.tokenUse === 'id') {
    const isAccess = payload['token_use'] === 'access'
    return [isAccess ? accessToken() : otherClient(payload, rule, 'aud')]
  }
  if (isIdToken(payload) && rule?.tokenUse === undefined) return [idToken(payload)]
  const audience = [...(rule?.audience ?? [])]
  return [aud === undefined ? noAudience(payload, audience) : otherAudience(payload, audience)]
}

function otherAudience({ aud, azp }: JsonObject, audience: readonly string[]): Cause {
  const values = [aud].flat().map(String)
  const slash = audience.find((one) =>
    values.some((value) => `${value}/` === one || value === `${one}/`),
  )
  if (slash !== undefined) {
    return cause(
      'Only a slash at the end of the audience differs',
      `The token has ${quote(aud)}: set "audience" to exactly that, or request the token with ${quote(slash)}.`,
    )
  }
  if (values.includes('account') || values.every((one) => one === azp)) {
    return cause(
      'The issuer does not put the API into the audience',
      `"aud" is ${quote(aud)}, and "audience" is ${list(audience)}. In Keycloak, add an audience mapper to the client scope; elsewhere, request the token with this audience or resource.`,
    )
  }
  return cause(
    'The token is for another audience',
    `"aud" is ${quote(aud)}, and "audience" is ${list(audience)}. Request the token for this API (audience, resource or scope of the sign-in), or set "audience" to a value of the token if that is this API.`,
  )
}

function noAudience(payload: JsonObject, audience: readonly string[]): Cause {
  const client = payload['client_id'] ?? payload['azp']
  const hint =
    client === undefined
      ? ''
      : ` It has the client ${quote(client)}: to check that instead, set "clientId" to it and "audience" to null.`
  return cause(
    'The token has no audience',
    `"audience" is ${list(audience)}. Cognito's access tokens have no "aud" unless a resource is requested (RFC 8707): use cognito().${hint}`,
  )
}

export function findClientCauses({ payload, nearest }: Facts, { claim, reason }: Problem): Cause[] {
  if (nearest === undefined) return []
  if (reason !== 'missing') return [otherClient(payload, nearest.claims, claim ?? 'client_id')]
  const [place] = ['azp', 'cid', 'appid', 'client_id', 'aud'].filter((name) =>
    [payload[name]].flat().some((one) => nearest.claims.clientId?.has(one as string)),
  )
  if (place !== undefined) {
    return [
      cause(
        'The client is in another claim',
        `"${claim}" is absent, and the client ${quote(payload[place])} is in "${place}". Set "clientIdClaim" to "${place}".`,
      ),
    ]
  }
  return [
    cause(
      'The token does not name its client',
      `"${claim}" is absent, and "clientId" is ${list(nearest.claims.clientId ?? [])}. Set "clientIdClaim" to the claim that has the client, or leave "clientId" out.`,
    ),
  ]
}

function otherClient(
  payload: JsonObject,
  { clientId, audience }: ClaimsRule,
  claim: string,
): Cause {
  return cause(
    'The token was issued to another client',
    `"${claim}" is ${quote(payload[claim])}, and accepted is ${list(clientId ?? audience ?? [])}. Add the client to "clientId" (a list), or sign in with an accepted one.`,
  )
}

export function findTokenUseCauses({ payload, nearest }: Facts): Cause[] {
  const use = payload['token_use']
  if (use === 'id') return [idToken(payload)]
  if (use === 'access') return [accessToken()]
  return [
    cause(
      'The token does not say of which kind it is',
      `"token_use" is ${quote(use)}, and "tokenUse" is ${quote(nearest?.claims.tokenUse)}. Only Cognito has this claim: for another issuer, leave "tokenUse" out.`,
    ),
  ]
}

export function findMissingClaimCauses(facts: Facts, { claim = '' }: Problem): Cause[] {
  const { payload, nearest } = facts
  if (claim === 'cnf') return [notBound()]
  if (claim === 'exp') {
    return [
      cause(
        'The token never expires',
        'It has no "exp", which every token must have. Have the issuer set it.',
      ),
    ]
  }
  const rule = nearest?.claims
  if (rule?.accessTokenProfile) {
    return isIdToken(payload)
      ? [idToken(payload)]
      : [
          cause(
            'The token lacks a claim that RFC 9068 requires',
            `It has no "${claim}". If this issuer never sets it, list the claims that you need with "requiredClaims", which replaces the list of the profile, or leave "tokenType" out.`,
          ),
        ]
  }
  return [
    cause(
      'The token lacks a required claim',
      `It has no "${claim}", and has ${list(Object.keys(payload))}. Have the issuer add it, or remove it from ${claim === 'iat' ? 'the checks by leaving "maxTokenAgeSeconds" out' : '"requiredClaims"'}.`,
    ),
  ]
}

export function findInvalidClaimCauses({ payload }: Facts, { claim = '' }: Problem): Cause[] {
  const value = payload[claim]
  if (['exp', 'nbf', 'iat'].includes(claim)) {
    return [
      cause(
        'A time of the token is no number',
        `"${claim}" must be a number of seconds since 1970 (RFC 7519 s2), and is ${quote(value)}. Have the issuer write it without quotes.`,
      ),
    ]
  }
  return [
    cause(
      'A claim of the token has the wrong type',
      `"${claim}" must be a non-empty string, and is ${quote(value)}. Have the issuer write it as text, or leave it out.`,
    ),
  ]
}
