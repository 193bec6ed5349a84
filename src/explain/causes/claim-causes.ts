/**
 * A claim is absent, of the wrong type, or has another value than the configured one.
 */
import type { ClaimsRule, JsonObject } from '../../verify/explain-kit.ts'
import { isJwtGateError } from '../../verify/index.ts'
import type { Cause } from '../explanation.ts'
import type { Facts } from '../facts.ts'
import { list, quote } from '../show.ts'
import { notBound } from './binding-causes.ts'
import { cause, type Problem } from './cause.ts'
import { isPool } from './cognito-pool.ts'
import { wantedOf } from './custom-causes.ts'
import {
  accessToken,
  graphToken,
  idToken,
  isGraphToken,
  isIdToken,
  isMicrosoft,
  isPreset,
} from './kinds.ts'

/** Their presets take ID tokens. */
const ID_ISSUER = /^(?:https:\/\/)?(?:accounts|securetoken)\.google\.com(?:\/|$)/

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
  // issuers whose ID tokens are wanted
  const isWanted = isPreset(nearest) && ID_ISSUER.test(nearest?.issuer ?? '')
  if (isIdToken(payload) && rule?.tokenUse === undefined && !isWanted) {
    return [idToken(payload, nearest)]
  }
  const audience = [...(rule?.audience ?? [])]
  if (aud !== undefined) return [otherAudience(payload, audience)]
  return [noAudience(payload, audience, nearest !== undefined && isPool(nearest))]
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

function noAudience(payload: JsonObject, audience: readonly string[], ofPool: boolean): Cause {
  const client = payload['client_id'] ?? payload['azp']
  const hint =
    client === undefined
      ? ''
      : ` It has the client ${quote(client)}: to check that instead, set "clientId" to it and "audience" to null.`
  const cure = ofPool
    ? 'Access tokens of Cognito have no "aud" unless a resource is requested (RFC 8707): use cognito().'
    : 'Request the token for this API (an audience or a resource), or have the issuer add "aud".'
  return cause('The token has no audience', `"audience" is ${list(audience)}. ${cure}${hint}`)
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

export function findTokenUseCauses({ payload, nearest }: Facts, { claim }: Problem): Cause[] {
  const use = payload['token_use']
  if (isIdToken(payload)) return [idToken(payload, nearest)]
  if (use === 'access') return [accessToken()]
  if (nearest?.claims.tokenUse === undefined) return [noAccessToken(payload, claim)]
  return [
    cause(
      'The token does not say of which kind it is',
      `"token_use" is ${quote(use)}, and "tokenUse" is ${quote(nearest?.claims.tokenUse)}. Only Cognito has this claim: for another issuer, leave "tokenUse" out.`,
    ),
  ]
}

function noAccessToken(payload: JsonObject, claim = 'token_use'): Cause {
  const value = payload[claim]
  const fault =
    value === undefined
      ? `It has no "${claim}", which every access token of this issuer has.`
      : `Its "${claim}" is ${quote(value)}, which no access token of this issuer has.`
  return cause('The token is no access token', `${fault} Send the access token (access_token).`)
}

export function findMissingClaimCauses(facts: Facts, { claim = '', error }: Problem): Cause[] {
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
  if (claim === 'scp' && isMicrosoft(payload['iss']) && isPreset(nearest)) return [noPermission()]
  if (isJwtGateError(error) && error.cause !== undefined && isPreset(nearest)) {
    return [
      cause(
        'The token lacks a claim that the configuration asks for',
        `It has no "${claim}", and ${wantedOf(error)}. Send a token that has it, such as of an account of the organization, or leave the option out.`,
      ),
    ]
  }
  const rule = nearest?.claims
  if (rule?.accessTokenProfile) {
    return isIdToken(payload)
      ? [idToken(payload, nearest)]
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

/** Entra ID gives any application of the tenant a token for any API. */
function noPermission(): Cause {
  return cause(
    'The client has no permission for this API',
    'The token has neither "scp" nor "roles". Grant the client a scope or an app role of this API, and request "<API>/.default".',
  )
}

export function findInvalidClaimCauses(
  { payload, nearest }: Facts,
  { claim = '', reason }: Problem,
): Cause[] {
  const value = payload[claim]
  if (claim === 'tid' && isPreset(nearest)) {
    return [
      cause(
        'The token does not name its tenant (tid)',
        `"tid" is ${quote(value)}, and "iss" is ${quote(payload['iss'])}: ${reason === 'missing' ? 'every access token of Entra ID has "tid"' : 'both must name the same tenant'}. Send the access token as the issuer returned it.`,
      ),
    ]
  }
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
