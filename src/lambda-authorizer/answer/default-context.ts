/**
 * The default context of a token: a few single claims, for mapping templates and access logs, and in `jwt` all claims as JSON in
 * base64url, which every kind of API passes on unchanged.
 */
import type { UnknownObject } from '../../http-request/unknown-object.ts'
import { claimsSetOf } from '../../verify/adapter-kit.ts'
import type { VerifiedToken } from '../../verify/index.ts'
import type { AuthorizerContext } from '../authorizer-result.ts'
import { encodeClaims } from '../util/context-jwt.ts'
import { MARKED } from '../util/context-mark.ts'
import { findTooLarge, memberLength, type Part } from './result-size.ts'

const FLAT_CLAIMS = ['sub', 'client_id', 'username', 'scope', 'token_use']

/** Claims that access rules use. They are dropped last, because a user may be able to make the others as large as they like. */
const REGISTERED: ReadonlySet<string> = new Set([
  ...['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'auth_time', 'acr', 'amr', 'sid'],
  ...['scope', 'scp', 'client_id', 'azp', 'token_use', 'origin_jti', 'event_id'],
  ...['groups', 'cognito:groups', 'roles', 'cognito:roles', 'permissions'],
  ...['username', 'cognito:username', 'email_verified', 'phone_number_verified'],
])

/** Sizes are in thirds of a byte, because base64url makes four characters of three bytes: so they can be added up exactly. */
const THIRDS = 3
const BASE64_THIRDS = 4

interface ClaimPart extends Part {
  readonly value: unknown
  /** Whether this is a single claim, and not a part of `jwt`. */
  readonly isFlat: boolean
}

/** A context that fits, and the names of the dropped claims. */
export interface Reduced {
  readonly context: AuthorizerContext
  readonly dropped: readonly string[]
}

/** The claims of a token, to be made into a context. */
export class ClaimsContext {
  readonly #flat: Readonly<Record<string, string>>
  readonly #json: string | undefined
  #whole: AuthorizerContext | undefined
  #wholeLength: number | undefined

  /** @param json - `undefined` if a schema turned the claims into something other than a JSON object */
  constructor(flat: Readonly<Record<string, string>>, json: string | undefined) {
    this.#flat = flat
    this.#json = json
  }

  /** The context with all claims; `undefined` if there are none for `jwt`. */
  get whole(): AuthorizerContext | undefined {
    if (this.#json === undefined) return undefined
    this.#whole ??= { ...this.#flat, jwt: encodeClaims(this.#json) }
    return this.#whole
  }

  /** The size of {@link whole} as a member of a result, in bytes. */
  get wholeLength(): number {
    this.#wholeLength ??= memberLength('context', this.whole)
    return this.#wholeLength
  }

  /**
   * A context that fits into the result. It has the mark, unless `jwt` still has all claims.
   * @param room - the bytes that the other members of the result leave
   */
  reduce(room: number): Reduced {
    const parts = [...toFlatParts(this.#flat), ...toClaimParts(parse(this.#json ?? '{}'))]
    const tooLarge = findTooLarge(parts, this.#thirdsIn(room))
    const kept = parts.filter((part) => !tooLarge.has(part))
    const flat = toValues(kept.filter(({ isFlat }) => isFlat)) as AuthorizerContext
    const claims = kept.filter(({ isFlat }) => !isFlat)
    const names = [...tooLarge].map(({ name }) => name)
    if (claims.length === 0) {
      const dropped = this.#json === undefined ? names : ['jwt', ...names]
      return { context: { ...flat, ...MARKED }, dropped: [...new Set(dropped)] }
    }
    const json = JSON.stringify(toValues(claims))
    const mark = json === this.#json ? undefined : MARKED
    return { context: { ...flat, ...mark, jwt: encodeClaims(json) }, dropped: [...new Set(names)] }
  }

  #thirdsIn(room: number): number {
    if (this.#json === undefined) return THIRDS * (room - memberLength('context', MARKED))
    // two braces, and no comma after the last claim
    return THIRDS * (room - memberLength('context', { ...MARKED, jwt: '' })) - BASE64_THIRDS
  }
}

/** If a schema changed a claim, the single claim has the changed value too, so that no name has two values. */
export function toDefaultContext(verified: VerifiedToken<unknown>): ClaimsContext {
  const claimsSet = claimsSetOf(verified)
  const json = toJson(verified.claims)
  // Stryker disable next-line ConditionalExpression: to read the same claims again only takes longer
  const isOther = json !== undefined && verified.claims !== claimsSet
  const claims: UnknownObject = isOther ? { ...claimsSet, ...parse(json) } : claimsSet
  const flat = FLAT_CLAIMS.map((name) => [name, claims[name]] as const)
  return new ClaimsContext(
    Object.fromEntries(flat.filter((one): one is [string, string] => typeof one[1] === 'string')),
    json,
  )
}

/** Returns `undefined` if the claims are not a JSON object, which is possible after a schema. */
function toJson(claims: unknown): string | undefined {
  try {
    const json = JSON.stringify(claims)
    if (json.startsWith('{')) return json
  } catch {
    // there is no JSON of a function or a BigInt
  }
  return undefined
}

function parse(json: string): UnknownObject {
  return JSON.parse(json)
}

function toFlatParts(flat: Readonly<Record<string, string>>): ClaimPart[] {
  return Object.entries(flat).map(([name, value]) => ({
    name,
    value,
    rank: 1,
    isFlat: true,
    size: THIRDS * memberLength(name, value),
  }))
}

/** The share of a claim in `jwt`. */
function toClaimParts(claims: UnknownObject): ClaimPart[] {
  return Object.entries(claims).map(([name, value]) => ({
    name,
    value,
    rank: REGISTERED.has(name) ? 2 : 0,
    isFlat: false,
    size: BASE64_THIRDS * memberLength(name, value),
  }))
}

function toValues(parts: readonly ClaimPart[]): object {
  return Object.fromEntries(parts.map(({ name, value }) => [name, value]))
}
