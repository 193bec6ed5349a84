/**
 * Kinds of tokens that are mistaken for each other.
 */
import type { JsonObject, Profile } from '../../verify/explain-kit.ts'
import type { Cause } from '../explanation.ts'
import { list, quote } from '../show.ts'
import { cause } from './cause.ts'

/** OpenID Connect Core s2, s3.1.3.6, s3.3.2.11 */
const ID_CLAIMS = ['nonce', 'at_hash', 'c_hash', 's_hash']
/** Microsoft Graph, by its two names. Its tokens have a header that only it can verify. */
const GRAPH = ['00000003-0000-0000-c000-000000000000', 'https://graph.microsoft.com']

/** By what Cognito, OpenID Connect or the profile says. */
export function isIdToken(payload: JsonObject): boolean {
  if (payload['token_use'] !== undefined) return payload['token_use'] === 'id'
  // Keycloak
  if (payload['typ'] === 'ID') return true
  const hasScope = payload['scope'] !== undefined || payload['scp'] !== undefined
  return !hasScope && ID_CLAIMS.some((name) => payload[name] !== undefined)
}

const FIREBASE = 'https://securetoken.google.com/'

/** Whether the schema has the rule of a function of `jwt-gate/issuers`. */
export function hasPresetRule(profile: Profile | undefined): boolean {
  return profile?.schema?.['~standard'].vendor === 'jwt-gate'
}

/** Whether the issuer is described by a function of `jwt-gate/issuers`. `firebase()` has no rule. */
export function isPreset(profile: Profile | undefined): boolean {
  return hasPresetRule(profile) || (profile?.issuer.startsWith(FIREBASE) ?? false)
}

/** @param profile - the conditions that reject the token */
export function idToken(payload: JsonObject, profile?: Profile): Cause {
  const isOfCognito = payload['token_use'] === 'id'
  const members = ID_CLAIMS.filter((name) => payload[name] !== undefined)
  const evidence = isOfCognito
    ? 'its token_use is "id"'
    : payload['typ'] === 'ID'
      ? 'its claim typ is "ID"'
      : `it has ${list(members)}`
  const cure = isOfCognito
    ? 'set "tokenUse" to "id"'
    : isPreset(profile)
      ? 'see "ID tokens" in docs/issuers.md'
      : 'set "audience" to the client ID'
  return cause(
    'An ID token was sent where an access token is wanted',
    `This is an ID token (${evidence}), which tells an app who has signed in. Send the access token (access_token) to APIs. If this API really takes ID tokens, ${cure}.`,
  )
}

export function accessToken(): Cause {
  return cause(
    'An access token was sent where an ID token is wanted',
    'Its token_use is "access". Send the ID token (id_token), or set "tokenUse" to "access", which is right for APIs.',
  )
}

export function isGraphToken(header: JsonObject, payload: JsonObject): boolean {
  const audiences = [payload['aud']].flat()
  const isForGraph = audiences.some(
    (one) => typeof one === 'string' && GRAPH.includes(one.replace(/\/$/, '')),
  )
  return isForGraph || (header['nonce'] !== undefined && isMicrosoft(payload['iss']))
}

export function isMicrosoft(iss: unknown): boolean {
  return (
    typeof iss === 'string' &&
    /^https:\/\/(?:sts\.windows\.net|login\.microsoftonline\.com)\//.test(iss)
  )
}

export function graphToken(payload: JsonObject): Cause {
  return cause(
    'The token is for Microsoft Graph',
    `Its audience is ${quote(payload['aud'])}, and nobody else can verify it. Request the token with a scope of your own API, such as "api://<client ID>/access", instead of User.Read.`,
  )
}
