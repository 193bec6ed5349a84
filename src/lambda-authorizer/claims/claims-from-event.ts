/**
 * Reads the verified claims in a handler behind an authorizer of API Gateway.
 */
import {
  isObject,
  isObjectOrList,
  isString,
  toObject,
  type UnknownObject,
} from '../../http-request/unknown-object.ts'
import { readChoice, readOptional, readOptions, readStrings } from '../../verify/adapter-kit.ts'
import { AccessError, type JwtClaims, TokenError } from '../../verify/index.ts'
import { decodeClaimsText } from '../util/context-jwt.ts'
import { isMark, isMarked } from '../util/context-mark.ts'
import { type ClaimsEncoding, decodeClaims } from './gateway-claims.ts'

/** The options of {@link claimsFromEvent}. */
export interface ClaimsFromEventOptions {
  /**
   * `true`: accept an event from which the authorizer dropped claims, because its result had no room for them.
   * Security: a user who can make a claim large decides which claims are missing. Do not rely on the absence of a claim, such as
   * one that says that a user is blocked.
   * @defaultValue false
   */
  readonly partial?: boolean | undefined
  /**
   * Claims that are lists, such as `roles`. Each of them is returned as a list, whatever the authorizer made of it; a single
   * value becomes a list of one.
   * Security: behind the JWT authorizer of an HTTP API, a value with a space becomes several values, and behind a Cognito
   * authorizer one with a comma. So name only claims whose values contain neither, or that no user can choose.
   * @defaultValue only `cognito:groups`, `cognito:roles`, `amr` and `identities` become lists
   */
  readonly lists?: readonly string[] | undefined
}

/** Claims as they are in the event. */
interface Found {
  readonly claims: UnknownObject
  readonly encoding: ClaimsEncoding
}

/** The members that API Gateway itself adds to a context. */
const ADDED_NAMES = ['principalId', 'integrationLatency']

/**
 * Reads the claims that an authorizer verified: this library's Lambda authorizers (REST, HTTP and WebSocket APIs, AppSync), the JWT
 * authorizers of REST and HTTP APIs, or the Cognito authorizer of REST APIs.
 *
 * Claims from this library's authorizer and from the JWT authorizer of REST APIs are the same as in the token. API Gateway's
 * other authorizers turn claims into strings. This is reversed for claims of a known type: dates, `version`, `email_verified`,
 * `phone_number_verified`, `cognito:groups`, `cognito:roles`, `amr`, `identities`, and lists in `aud`. Other claims stay strings.
 * A Cognito authorizer joins lists with commas, so a group whose name contains a comma becomes two groups. Behind the JWT
 * authorizer of an HTTP API, objects such as `identities` stay text. If the authorizer has a `context` function, this returns
 * the values that the function returned.
 *
 * Security: the event is trusted. That is safe only if every route to this function has the authorizer, and if nothing else may
 * invoke the function: such a caller could write any event. The type of the claims is not checked either.
 *
 * @param event - the event of the handler
 * @returns the claims; with `partial: true`, some may be missing
 * @example
 * ```ts
 * const { sub } = claimsFromEvent<CognitoAccessClaims>(event)
 * ```
 * @throws {@link TokenError} `ERR_TOKEN_MISSING` if the event has no authorizer, an empty one, or a `jwt` that is neither a
 * JSON object nor one in base64url
 * @throws {@link AccessError} `ERR_CLAIMS_PARTIAL` if claims were dropped for their size or type, unless `partial` is true
 * @throws `ConfigError` if an option is wrong
 */
export function claimsFromEvent<Claims = JwtClaims>(
  event: unknown,
  options?: ClaimsFromEventOptions & { readonly partial?: false | undefined },
): Claims
export function claimsFromEvent<Claims = JwtClaims>(
  event: unknown,
  options: ClaimsFromEventOptions,
): Partial<Claims>
export function claimsFromEvent(event: unknown, options: ClaimsFromEventOptions = {}): unknown {
  const { partial, lists } = readOptions('claimsFromEvent()', options, {
    partial: true,
    lists: true,
  })
  const listed = readOptional(readStrings, 'lists', lists) ?? []
  const isPartialAllowed = readChoice('partial', partial, [true, false] as const) ?? false
  const fields = toObject(event)
  const authorizer = findAuthorizer(fields)
  const { lambda } = authorizer
  if (!isPartialAllowed && (isMarked(authorizer) || isMarked(toObject(lambda)))) {
    throw new AccessError('ERR_CLAIMS_PARTIAL')
  }
  const found = isObject(lambda)
    ? findInContext(lambda)
    : // events of HTTP APIs with payload format 1.0 have a version, those of REST APIs do not
      findClaims(authorizer, fields['version'] === '1.0' ? 'http-jwt' : 'rest-cognito')
  if (found === undefined) throw new TokenError('ERR_TOKEN_MISSING')
  return decodeClaims(found.claims, found.encoding, listed)
}

/** The context of the authorizer. AppSync has one place for GraphQL, and another one for Event APIs. */
function findAuthorizer({ requestContext, identity }: UnknownObject): UnknownObject {
  const { authorizer } = toObject(requestContext)
  const { resolverContext, handlerContext } = toObject(identity)
  return toObject(authorizer ?? resolverContext ?? handlerContext)
}

/** Finds the first claims, even if they are empty. Claims of another authorizer in the same event would be a guess. */
function findClaims(authorizer: UnknownObject, encoding: ClaimsEncoding): Found | undefined {
  const { jwt, claims } = authorizer
  if (isObject(jwt) && isObject(jwt['claims'])) return toFound(jwt['claims'], 'http-jwt')
  if (isObject(claims)) return toFound(claims, hasTypes(claims) ? 'typed' : encoding)
  return findInContext(withoutObjects(authorizer))
}

/**
 * Whether the JWT authorizer of a REST API passed on these claims, with their JSON types: `exp` is a number. API Gateway's other
 * authorizers turn every claim into a string, so that nothing in a token can look like this.
 */
function hasTypes(claims: UnknownObject): boolean {
  return Object.values(claims).some(
    (value) => value !== null && value !== undefined && !isString(value),
  )
}

/** Returns `undefined` if there are none. */
function toFound(claims: UnknownObject, encoding: ClaimsEncoding): Found | undefined {
  return isEmpty(claims) ? undefined : { claims, encoding }
}

/** Finds the claims in the context of a Lambda authorizer. Returns `undefined` if it is empty. */
function findInContext(context: UnknownObject): Found | undefined {
  const { jwt } = context
  if (isString(jwt)) return { claims: parseClaims(jwt), encoding: 'typed' }
  const given = Object.entries(context).filter(
    ([name]) => !ADDED_NAMES.includes(name) && !isMark(name),
  )
  return toFound(Object.fromEntries(given), 'context')
}

/** @throws {@link TokenError} for anything but a JSON object: this library did not write it, so other claims would be a guess */
function parseClaims(jwt: string): UnknownObject {
  let claims: unknown
  try {
    claims = JSON.parse(decodeClaimsText(jwt) ?? '', dropPrototype)
  } catch {
    // rejected below; the message of the parser quotes the text
  }
  if (!isObject(claims)) throw new TokenError('ERR_TOKEN_MISSING')
  return claims
}

/** A `__proto__` member is harmless here, but dangerous for code that copies the claims. */
function dropPrototype(name: string, value: unknown): unknown {
  return name === '__proto__' ? undefined : value
}

/** The context of a Lambda authorizer has only scalars. Objects come from other kinds of authorizer. */
function withoutObjects(authorizer: UnknownObject): UnknownObject {
  const scalars = Object.entries(authorizer).filter(([, value]) => !isObjectOrList(value))
  return Object.fromEntries(scalars)
}

/** For a route without an authorizer, API Gateway sets some members to null. */
function isEmpty(values: UnknownObject): boolean {
  return Object.values(values).every((value) => value === null || value === undefined)
}
