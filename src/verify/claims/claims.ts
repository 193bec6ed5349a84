/**
 * Checks the claims of a token whose signature is good: one flat sequence of checks, in the order of SECURITY.md.
 */
import type { ErrorReason } from '../error-reasons.ts'
import { TokenError } from '../errors.ts'
import type { JsonObject } from '../token/json.ts'
import { slashAtEnd } from '../util/slash.ts'

/** The conditions that the claims must meet. */
export interface ClaimsRule {
  readonly audience: ReadonlySet<string> | null
  readonly clientId: ReadonlySet<string> | undefined
  /** The one claim that has the client; `undefined`: `client_id`, else `azp`. */
  readonly clientIdClaim: string | undefined
  readonly tokenUse: string | undefined
  /** Whether the claims must follow RFC 9068. */
  readonly accessTokenProfile: boolean
  readonly requiredClaims: readonly string[]
  readonly maxTokenAgeSeconds: number | undefined
  readonly clockToleranceSeconds: number
  /** The members of `cnf` that are checked later, with what the request presents. */
  readonly confirmations: ReadonlySet<string>
}

/** A rule without conditions, except those of the verifier. */
export function emptyRule({
  clockToleranceSeconds,
  confirmations,
}: Pick<ClaimsRule, 'clockToleranceSeconds' | 'confirmations'>): ClaimsRule {
  return {
    audience: null,
    clientId: undefined,
    clientIdClaim: undefined,
    tokenUse: undefined,
    accessTokenProfile: false,
    requiredClaims: [],
    maxTokenAgeSeconds: undefined,
    clockToleranceSeconds,
    confirmations,
  }
}

// RFC 9068 s2.2
export const ACCESS_TOKEN_CLAIMS = ['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti']

/**
 * Checks all claims except the issuer.
 * @throws {@link TokenError} the `ERR_CLAIM_…` codes, `ERR_TOKEN_EXPIRED`, `ERR_TOKEN_NOT_ACTIVE`, `ERR_TOKEN_TOO_OLD`,
 * and `ERR_TOKEN_UNSUPPORTED` for a token that is bound to a key
 */
export function checkClaims(payload: JsonObject, rule: ClaimsRule, nowSeconds: number): void {
  checkValidityPeriod(payload, rule, nowSeconds)
  checkAudience(payload, rule)
  checkClientId(payload, rule)
  checkTokenUse(payload, rule)
  if (rule.accessTokenProfile) checkRequired(payload, ACCESS_TOKEN_CLAIMS)
  checkIdentifiers(payload)
  checkConfirmation(payload, rule)
  checkRequired(payload, rule.requiredClaims)
  checkAge(payload, rule, nowSeconds)
}

/** The checks whose result depends only on the clock: `exp`, `nbf` and age. Repeated for each use of a cached token. */
export function checkTimes(payload: JsonObject, rule: ClaimsRule, nowSeconds: number): void {
  checkValidityPeriod(payload, rule, nowSeconds)
  checkAge(payload, rule, nowSeconds)
}

export function checkValidityPeriod(
  payload: JsonObject,
  rule: ClaimsRule,
  nowSeconds: number,
): void {
  const { clockToleranceSeconds: tolerance } = rule
  const exp = readNumericDate('exp', payload['exp'])
  if (exp === undefined) throw new TokenError('ERR_CLAIM_MISSING', missing('exp'))
  // RFC 7519 s4.1.4: the time must be before exp
  if (nowSeconds >= exp + tolerance) throw new TokenError('ERR_TOKEN_EXPIRED', { claim: 'exp' })
  const nbf = readNumericDate('nbf', payload['nbf'])
  if (nbf !== undefined && nowSeconds < nbf - tolerance) {
    throw new TokenError('ERR_TOKEN_NOT_ACTIVE', { claim: 'nbf' })
  }
  readNumericDate('iat', payload['iat'])
}

export function checkAudience(payload: JsonObject, rule: ClaimsRule): void {
  const { aud } = payload as { aud?: unknown }
  if (aud !== undefined && typeof aud !== 'string' && !isStringArray(aud)) {
    throw wrongAudience('invalid', rule)
  }
  if (rule.audience === null) return
  // ID and access tokens have the client in different claims; a wrong kind is rejected by checkTokenUse, with a clearer error
  if (aud === undefined && isOfOtherKind(payload, rule)) return
  if (aud === undefined) throw wrongAudience('missing', rule)
  const { audience } = rule
  const isMeant = typeof aud === 'string' ? audience.has(aud) : aud.some((one) => audience.has(one))
  if (!isMeant) throw wrongAudience('mismatch', rule, slashAtEnd(aud, audience))
}

function wrongAudience(reason: ErrorReason, { audience }: ClaimsRule, slash?: boolean): TokenError {
  const expected = { audience: audience ?? undefined, slashAtEnd: slash }
  return new TokenError('ERR_CLAIM_AUDIENCE', { claim: 'aud', reason, expected })
}

export function checkClientId(payload: JsonObject, rule: ClaimsRule): void {
  if (rule.clientId === undefined) return
  const { clientIdClaim } = rule
  const claim = clientIdClaim ?? (payload['client_id'] === undefined ? 'azp' : 'client_id')
  const clientId = payload[claim]
  if (clientId === undefined && isOfOtherKind(payload, rule)) return
  if (clientId === undefined) throw wrongClient(clientIdClaim ?? 'client_id', 'missing', rule)
  if (typeof clientId !== 'string') throw wrongClient(claim, 'invalid', rule)
  if (!rule.clientId.has(clientId)) throw wrongClient(claim, 'mismatch', rule)
}

function wrongClient(claim: string, reason: ErrorReason, { clientId }: ClaimsRule): TokenError {
  return new TokenError('ERR_CLAIM_CLIENT_ID', { claim, reason, expected: { clientId } })
}

export function checkTokenUse(payload: JsonObject, rule: ClaimsRule): void {
  if (!isOfOtherKind(payload, rule)) return
  const reason = payload['token_use'] === undefined ? 'missing' : 'mismatch'
  const { tokenUse } = rule
  throw new TokenError('ERR_CLAIM_TOKEN_USE', {
    claim: 'token_use',
    reason,
    expected: { tokenUse },
  })
}

function isOfOtherKind(payload: JsonObject, { tokenUse }: ClaimsRule): boolean {
  return tokenUse !== undefined && payload['token_use'] !== tokenUse
}

/**
 * RFC 7800 s3.1. If something in `cnf` were not checked, the bound token would be a bearer token (RFC 9449 s7.2, RFC 8705 s3).
 */
function checkConfirmation({ cnf }: JsonObject, { confirmations }: ClaimsRule): void {
  if (cnf === undefined) return
  const members = Object.entries(Object(cnf))
  const isChecked =
    members.length > 0 &&
    members.every(([name, value]) => confirmations.has(name) && typeof value === 'string')
  if (!isChecked) throw new TokenError('ERR_TOKEN_UNSUPPORTED', { claim: 'cnf' })
}

/** RFC 7519 s4.1.2, s4.1.7, RFC 8693 s4.3 */
export function checkIdentifiers(payload: JsonObject): void {
  // an empty subject names nobody: it counts as absent
  if (payload['sub'] !== '') checkIdentifier('sub', payload['sub'])
  checkIdentifier('client_id', payload['client_id'])
  checkIdentifier('jti', payload['jti'])
}

/** The value must be a non-empty string, if present. */
function checkIdentifier(claim: string, value: unknown): void {
  if (value === undefined || (typeof value === 'string' && value !== '')) return
  throw new TokenError('ERR_CLAIM_INVALID', { claim, reason: 'invalid' })
}

export function checkRequired(payload: JsonObject, names: readonly string[]): void {
  for (const claim of names) {
    if (!isPresent(payload, claim)) {
      throw new TokenError('ERR_CLAIM_MISSING', {
        ...missing(claim),
        expected: { requiredClaims: names },
      })
    }
  }
}

function isPresent(payload: JsonObject, claim: string): boolean {
  if (!Object.hasOwn(payload, claim) || payload[claim] === null) return false
  return claim !== 'sub' || payload[claim] !== ''
}

export function checkAge(payload: JsonObject, rule: ClaimsRule, nowSeconds: number): void {
  const { maxTokenAgeSeconds, clockToleranceSeconds: tolerance } = rule
  if (maxTokenAgeSeconds === undefined) return
  // checkValidityPeriod has validated it
  const { iat } = payload as { iat?: number }
  if (iat === undefined) throw new TokenError('ERR_CLAIM_MISSING', missing('iat'))
  if (nowSeconds < iat - tolerance) {
    throw new TokenError('ERR_TOKEN_NOT_ACTIVE', { claim: 'iat', reason: 'future' })
  }
  if (nowSeconds > iat + maxTokenAgeSeconds + tolerance) {
    throw new TokenError('ERR_TOKEN_TOO_OLD', { claim: 'iat', expected: { maxTokenAgeSeconds } })
  }
}

/** RFC 7519 s2: a JSON number. `JSON.parse` turns 1e999 into `Infinity`. */
function readNumericDate(claim: string, value: unknown): number | undefined {
  if (value === undefined) return undefined
  // false for all other types
  if (!Number.isFinite(value)) {
    throw new TokenError('ERR_CLAIM_INVALID', { claim, reason: 'invalid' })
  }
  return value as number
}

function isStringArray(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}

function missing(claim: string): { claim: string; reason: 'missing' } {
  return { claim, reason: 'missing' }
}
