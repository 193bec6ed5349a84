/**
 * The verified claims, in a handler behind an authorizer of API Gateway.
 */
import { type JwtClaims, TokenError } from '../verify/index.ts'
import { type ClaimsEncoding, decodeClaims } from './gateway-claims.ts'
import { isObject, toObject, type UnknownObject } from './unknown-object.ts'

/** What API Gateway itself adds to a context. */
const ADDED_NAMES = ['principalId', 'integrationLatency']

/**
 * The claims that an authorizer verified: this library's Lambda authorizer (REST, HTTP and WebSocket APIs), the JWT
 * authorizer of HTTP APIs, or the Cognito authorizer of REST APIs.
 *
 * From this library's authorizer they come as they were in the token. API Gateway's own authorizers make strings of
 * them, which is undone for the claims whose type is known: dates, `version`, `email_verified`, `phone_number_verified`,
 * `cognito:groups`, `cognito:roles`, `amr`, `identities`, and lists in `aud`. The rest stays as it came. A Cognito
 * authorizer joins lists with commas, so there a group whose own name has a comma becomes two. Where the authorizer's
 * `jwt` was left out or replaced, the answer is the context that there is.
 *
 * Security: the event is believed. That is right only where every route to this function has the authorizer, and where
 * nothing else may invoke the function: whoever can, writes the event. The type of the claims is the caller's word too.
 *
 * @example
 * ```ts
 * const { sub } = claimsFromEvent<CognitoAccessClaims>(event)
 * ```
 * @throws {@link TokenError} `ERR_TOKEN_MISSING` where the event carries no authorizer, an empty one, or a `jwt` that is
 * no JSON object
 */
export function claimsFromEvent<Claims = JwtClaims>(event: unknown): Claims {
  const fields = toObject(event)
  const authorizer = toObject(toObject(fields['requestContext'])['authorizer'])
  const { lambda, jwt, claims } = authorizer
  const found =
    fromContext(toObject(lambda)) ??
    fromClaims(toObject(jwt)['claims'], 'http-jwt') ??
    // HTTP APIs with payload format 1.0 have a version; REST APIs have not
    fromClaims(claims, fields['version'] === '1.0' ? 'http-jwt' : 'rest-cognito') ??
    fromContext(withoutObjects(authorizer))
  if (found === undefined) throw new TokenError('ERR_TOKEN_MISSING')
  return found as Claims
}

/** `undefined` where there are none. */
function fromClaims(claims: unknown, encoding: ClaimsEncoding): UnknownObject | undefined {
  const values = toObject(claims)
  return isEmpty(values) ? undefined : decodeClaims(values, encoding)
}

/** What a Lambda authorizer answered as its context; `undefined` where there is nothing in it. */
function fromContext(context: UnknownObject): UnknownObject | undefined {
  const { jwt } = context
  if (typeof jwt === 'string') return parseClaims(jwt)
  const given = Object.entries(context).filter(([name]) => !ADDED_NAMES.includes(name))
  return fromClaims(Object.fromEntries(given), 'context')
}

/** Whatever it is, it is not this library's: to fall back on less would be a guess. */
function parseClaims(jwt: string): UnknownObject {
  let claims: unknown
  try {
    claims = JSON.parse(jwt)
  } catch {
    // refused below; the parser's own message quotes the text
  }
  if (!isObject(claims)) throw new TokenError('ERR_TOKEN_MISSING')
  return claims
}

/** A context that stands here is made of scalars; the objects are what other kinds of authorizer answer. */
function withoutObjects(authorizer: UnknownObject): UnknownObject {
  const scalars = Object.entries(authorizer).filter(
    ([, value]) => typeof value !== 'object' || value === null,
  )
  return Object.fromEntries(scalars)
}

/** API Gateway has members that are null where a route has no authorizer. */
function isEmpty(values: UnknownObject): boolean {
  return Object.values(values).every((value) => value === null || value === undefined)
}
