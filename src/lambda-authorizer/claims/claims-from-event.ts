/**
 * The verified claims, in a handler behind an authorizer of API Gateway.
 */
import { readChoice, readOptions } from '../../verify/adapter-kit.ts'
import { AccessError, type JwtClaims, TokenError } from '../../verify/index.ts'
import { isMark, isMarked } from '../util/context-mark.ts'
import { isObject, toObject, type UnknownObject } from '../util/unknown-object.ts'
import { type ClaimsEncoding, decodeClaims } from './gateway-claims.ts'

/** What `claimsFromEvent` may be told. */
export interface ClaimsFromEventOptions {
  /**
   * Whether claims may be missing that the token has, because the authorizer's answer had no room for them.
   * Security: whoever can make a claim of theirs large decides which ones are missing. Do not rely on the absence of a claim,
   * such as one that says that a user is blocked.
   * @defaultValue false
   */
  readonly partial?: boolean | undefined
}

/** What API Gateway itself adds to a context. */
const ADDED_NAMES = ['principalId', 'integrationLatency']

/**
 * The claims that an authorizer verified: this library's Lambda authorizer (REST, HTTP and WebSocket APIs), the JWT
 * authorizer of HTTP APIs, or the Cognito authorizer of REST APIs.
 *
 * From this library's authorizer they come as they were in the token. API Gateway's own authorizers make strings of
 * them, which is undone for the claims whose type is known: dates, `version`, `email_verified`, `phone_number_verified`,
 * `cognito:groups`, `cognito:roles`, `amr`, `identities`, and lists in `aud`. The rest stays as it came. A Cognito
 * authorizer joins lists with commas, so there a group whose own name has a comma becomes two. If a `context` function took
 * the place of the default, the answer is what that function returned.
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
 * @throws {@link AccessError} `ERR_CLAIMS_PARTIAL` if claims were dropped for their size or type, unless `partial` is true
 */
export function claimsFromEvent<Claims = JwtClaims>(
  event: unknown,
  options?: { readonly partial?: false | undefined },
): Claims
export function claimsFromEvent<Claims = JwtClaims>(
  event: unknown,
  options: ClaimsFromEventOptions,
): Partial<Claims>
export function claimsFromEvent(event: unknown, options: ClaimsFromEventOptions = {}): unknown {
  const { partial } = readOptions('options', options, ['partial'])
  const mayLack = readChoice('partial', partial, [true, false] as const) ?? false
  const fields = toObject(event)
  const authorizer = toObject(toObject(fields['requestContext'])['authorizer'])
  const { lambda } = authorizer
  if (!mayLack && (isMarked(authorizer) || isMarked(toObject(lambda)))) {
    throw new AccessError('ERR_CLAIMS_PARTIAL')
  }
  const found = isObject(lambda)
    ? fromContext(lambda)
    : // HTTP APIs with payload format 1.0 have a version; REST APIs have not
      fromAuthorizer(authorizer, fields['version'] === '1.0' ? 'http-jwt' : 'rest-cognito')
  if (found === undefined) throw new TokenError('ERR_TOKEN_MISSING')
  return found
}

/** The first that is there counts, also if it is empty: what another authorizer wrote beside it would be a guess. */
function fromAuthorizer(
  authorizer: UnknownObject,
  encoding: ClaimsEncoding,
): UnknownObject | undefined {
  const { jwt, claims } = authorizer
  if (isObject(jwt) && isObject(jwt['claims'])) return fromClaims(jwt['claims'], 'http-jwt')
  if (isObject(claims)) return fromClaims(claims, encoding)
  return fromContext(withoutObjects(authorizer))
}

/** `undefined` where there are none. */
function fromClaims(claims: UnknownObject, encoding: ClaimsEncoding): UnknownObject | undefined {
  return isEmpty(claims) ? undefined : decodeClaims(claims, encoding)
}

/** What a Lambda authorizer answered as its context; `undefined` where there is nothing in it. */
function fromContext(context: UnknownObject): UnknownObject | undefined {
  const { jwt } = context
  if (typeof jwt === 'string') return parseClaims(jwt)
  const given = Object.entries(context).filter(
    ([name]) => !ADDED_NAMES.includes(name) && !isMark(name),
  )
  return fromClaims(Object.fromEntries(given), 'context')
}

/** Whatever it is, it is not this library's: to fall back on less would be a guess. */
function parseClaims(jwt: string): UnknownObject {
  let claims: unknown
  try {
    claims = JSON.parse(jwt, dropPrototype)
  } catch {
    // refused below; the parser's own message quotes the text
  }
  if (!isObject(claims)) throw new TokenError('ERR_TOKEN_MISSING')
  return claims
}

/** Harmless here, and poison to whoever copies it. */
function dropPrototype(name: string, value: unknown): unknown {
  return name === '__proto__' ? undefined : value
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
