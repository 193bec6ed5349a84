/**
 * The context of a token if the user wants no other: a few claims on their own, for mapping templates and access logs, and
 * in `jwt` the claims as one JSON string, which comes through every kind of API unharmed.
 */
import { claimsSetOf } from '../../verify/adapter-kit.ts'
import type { VerifiedToken } from '../../verify/index.ts'
import type { AuthorizerContext } from '../authorizer-result.ts'
import { MARKED } from '../util/context-mark.ts'
import { isObject, type UnknownObject } from '../util/unknown-object.ts'
import { byteLength, findTooLarge, memberLength, type Part } from './result-size.ts'

const FLAT_CLAIMS = ['sub', 'client_id', 'username', 'scope', 'token_use']

/** What rules are made of. These go last: a user may be able to make the others as large as they like. */
const REGISTERED: ReadonlySet<string> = new Set([
  ...['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'auth_time', 'acr', 'amr', 'sid'],
  ...['scope', 'scp', 'client_id', 'azp', 'token_use', 'origin_jti', 'event_id'],
  ...['groups', 'cognito:groups', 'roles', 'cognito:roles', 'permissions'],
  ...['username', 'cognito:username', 'email_verified', 'phone_number_verified'],
])

interface ClaimPart extends Part {
  readonly value: unknown
  /** Whether it stands on its own, and not in `jwt`. */
  readonly isFlat: boolean
}

/** What fits, and the names of what does not. */
export interface Reduced {
  readonly context: AuthorizerContext
  readonly dropped: readonly string[]
}

/** The claims of a token on their way into a context. */
export class ClaimsContext {
  readonly #flat: Readonly<Record<string, string>>
  readonly #json: string | undefined

  /** @param json - `undefined` if a schema made of the claims what is no JSON object */
  constructor(flat: Readonly<Record<string, string>>, json: string | undefined) {
    this.#flat = flat
    this.#json = json
  }

  /** All of it; `undefined` if there are no claims for `jwt`. */
  get whole(): AuthorizerContext | undefined {
    return this.#json === undefined ? undefined : { ...this.#flat, jwt: this.#json }
  }

  /** What fits beside the rest of an answer, with the mark, unless `jwt` still has all claims. */
  reduce(result: object): Reduced {
    const parts = [...toFlatParts(this.#flat), ...toClaimParts(parse(this.#json ?? '{}'))]
    const tooLarge = findTooLarge(parts, this.#baseLength(result))
    const kept = parts.filter((part) => !tooLarge.has(part))
    const flat = toValues(kept.filter(({ isFlat }) => isFlat)) as AuthorizerContext
    const claims = kept.filter(({ isFlat }) => !isFlat)
    const names = [...tooLarge].map(({ name }) => name)
    if (claims.length === 0) {
      const dropped = this.#json === undefined ? names : ['jwt', ...names]
      return { context: { ...flat, ...MARKED }, dropped: [...new Set(dropped)] }
    }
    const jwt = JSON.stringify(toValues(claims))
    const mark = jwt === this.#json ? undefined : MARKED
    return { context: { ...flat, ...mark, jwt }, dropped: [...new Set(names)] }
  }

  #baseLength(result: object): number {
    if (this.#json === undefined) return byteLength({ ...result, context: MARKED })
    // the last claim has no comma
    return byteLength({ ...result, context: { ...MARKED, jwt: '{}' } }) - 1
  }
}

/** The claims on their own are the token's, unless a schema made others of them: no name may have two values. */
export function toDefaultContext(verified: VerifiedToken<unknown>): ClaimsContext {
  const claimsSet = claimsSetOf(verified)
  const json = toJson(verified.claims)
  const isOther = json !== undefined && verified.claims !== claimsSet
  const claims: UnknownObject = isOther ? { ...claimsSet, ...parse(json) } : claimsSet
  const flat = FLAT_CLAIMS.map((name) => [name, claims[name]] as const)
  return new ClaimsContext(
    Object.fromEntries(flat.filter((one): one is [string, string] => typeof one[1] === 'string')),
    json,
  )
}

/** What a schema made of the claims may be no JSON object. */
function toJson(claims: unknown): string | undefined {
  if (!isObject(claims)) return undefined
  try {
    const json: unknown = JSON.stringify(claims)
    // an object may say itself what its JSON is
    return typeof json === 'string' && json.startsWith('{') ? json : undefined
  } catch {
    return undefined
  }
}

function parse(json: string): UnknownObject {
  return JSON.parse(json)
}

function toFlatParts(flat: Readonly<Record<string, string>>): ClaimPart[] {
  return Object.entries(flat).map(([name, value]) => ({
    ...{ name, value, rank: 1, isFlat: true },
    bytes: memberLength(name, value),
  }))
}

/** Each as it stands in the string: as JSON of JSON. */
function toClaimParts(claims: UnknownObject): ClaimPart[] {
  return Object.entries(claims).map(([name, value]) => ({
    ...{ name, value, rank: REGISTERED.has(name) ? 2 : 0, isFlat: false },
    // a comma in the place of two quotes, and no braces
    bytes: byteLength(JSON.stringify({ [name]: value }).slice(1, -1)) - 1,
  }))
}

function toValues(parts: readonly ClaimPart[]): object {
  return Object.fromEntries(parts.map(({ name, value }) => [name, value]))
}
