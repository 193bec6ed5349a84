/**
 * Every error that the library throws: one class for each party who has to act, one code for each cause.
 * Messages are fixed text without quotes or backslashes, so that they are safe in logs and in headers.
 */

const TOKEN_MESSAGES = {
  ERR_TOKEN_MISSING: 'No token was sent',
  ERR_TOKEN_REQUEST: 'The credentials in the request are malformed or repeated',
  ERR_TOKEN_TOO_LARGE: 'The token is too large',
  ERR_TOKEN_MALFORMED: 'The token is not a well-formed JWT',
  ERR_TOKEN_UNSUPPORTED: 'The token uses a feature that is not supported here',
  ERR_TOKEN_ALGORITHM: 'The token is signed with an algorithm that is not allowed',
  ERR_TOKEN_TYPE: 'The token is of another type than the one wanted here',
  ERR_TOKEN_SIGNATURE: 'The signature of the token is wrong',
  ERR_TOKEN_EXPIRED: 'The token has expired',
  ERR_TOKEN_NOT_ACTIVE: 'The token is not active yet',
  ERR_TOKEN_TOO_OLD: 'The token was issued too long ago',
  ERR_TOKEN_CHECK: 'The token was refused by a rule of this service',
  ERR_CLAIM_ISSUER: 'The token is from an issuer that is not trusted here',
  ERR_CLAIM_AUDIENCE: 'The token is for another audience',
  ERR_CLAIM_CLIENT_ID: 'The token was issued to another client',
  ERR_CLAIM_TOKEN_USE:
    'The token is of the wrong kind: an ID token where an access token is wanted, or the reverse',
  ERR_CLAIM_MISSING: 'The token lacks a required claim',
  ERR_CLAIM_INVALID: 'The token has a claim of the wrong type',
  ERR_KEY_NOT_FOUND: 'The issuer has no such key as the one that the token names',
  ERR_KEY_UNUSABLE: 'The key that the token names may not be used to verify it',
} as const

const ACCESS_MESSAGES = {
  ERR_ACCESS_SCOPE: 'The token lacks a required scope',
  ERR_ACCESS_GROUP: 'The caller is not in a required group',
  ERR_ACCESS_DENIED: 'Access was denied by a rule of this service',
  ERR_CLAIMS_PARTIAL: 'The authorizer could not pass on all claims of the token',
} as const

const KEYS_MESSAGES = {
  ERR_JWKS_UNAVAILABLE: 'The keys of the issuer cannot be fetched at the moment',
  ERR_JWKS_INVALID: 'The issuer answered with something that is not a usable key set',
  ERR_JWKS_NOT_LOADED: 'The keys of the issuer have to be fetched first',
} as const

/** The codes of {@link TokenError}: the caller has to act. */
export type TokenErrorCode = keyof typeof TOKEN_MESSAGES
/** The codes of {@link AccessError}: the caller is known and may not do this. */
export type AccessErrorCode = keyof typeof ACCESS_MESSAGES
/** The codes of {@link KeysError}: the operator or the issuer has to act. */
export type KeysErrorCode = keyof typeof KEYS_MESSAGES
/** Every code there is. */
export type JwtGateErrorCode =
  | 'ERR_CONFIG_INVALID'
  | TokenErrorCode
  | AccessErrorCode
  | KeysErrorCode

/** Every code there is, at run time. */
export const ERROR_CODES: readonly JwtGateErrorCode[] = [
  'ERR_CONFIG_INVALID',
  ...(Object.keys(TOKEN_MESSAGES) as TokenErrorCode[]),
  ...(Object.keys(ACCESS_MESSAGES) as AccessErrorCode[]),
  ...(Object.keys(KEYS_MESSAGES) as KeysErrorCode[]),
]

/** What was wrong, where the code alone does not say it. */
export type ErrorReason =
  // claims and header members
  | 'missing'
  | 'invalid'
  | 'mismatch'
  | 'schema'
  | 'future'
  | 'not_in_use'
  | 'undecided'
  // keys
  | 'ambiguous'
  | 'limited'
  // fetching keys
  | 'network'
  | 'timeout'
  | 'status'
  | 'redirect'
  | 'too_large'
  | 'not_json'
  | 'not_a_key_set'
  | 'no_usable_key'
  | 'issuer_mismatch'
  | 'closed'
  // checking signatures: too many wait for the thread pool; this says nothing about the issuer
  | 'busy'

/** What an error may say beside its code. */
export interface ErrorDetails extends ErrorOptions {
  /** The claim, or the header member, that was wrong. Always a name from the library or its configuration. */
  claim?: string | undefined
  /** What was wrong with it. */
  reason?: ErrorReason | undefined
}

// Shared by every copy of the package in a process, so that `isJwtGateError` knows the errors of each of them.
// Stryker disable next-line StringLiteral: any name would do that nobody else uses
const BRAND = Symbol.for('jwt-gate.error')

/** The base of every error of this library. */
export abstract class JwtGateError extends Error {
  static {
    // Stryker disable next-line ObjectLiteral,BooleanLiteral: it is there, whatever it is
    Object.defineProperty(this.prototype, BRAND, { value: true })
  }

  /** One code for each cause. */
  declare readonly code: JwtGateErrorCode
  /** The HTTP status that this error stands for. */
  declare readonly status: number
  /** The claim, or the header member, that was wrong. */
  declare readonly claim?: string
  /** What was wrong, where the code alone does not say it. */
  declare readonly reason?: ErrorReason

  constructor(
    name: string,
    code: JwtGateErrorCode,
    status: number,
    message: string,
    { claim, reason, ...options }: ErrorDetails = {},
  ) {
    super(message, options)
    Object.defineProperty(this, 'name', { value: name, configurable: true, writable: true })
    this.code = code
    this.status = status
    if (claim !== undefined) this.claim = claim
    if (reason !== undefined) this.reason = reason
  }

  /** What may be logged or sent: no stack and no `cause`. */
  toJSON(): Pick<JwtGateError, 'name' | 'code' | 'status' | 'message' | 'claim' | 'reason'> {
    const { name, code, status, message, claim, reason } = this
    return {
      name,
      code,
      status,
      message,
      ...(claim !== undefined && { claim }),
      ...(reason !== undefined && { reason }),
    }
  }
}

/** An option is wrong, or the library is used in a way that cannot work: the developer has to act. */
export class ConfigError extends JwtGateError {
  declare readonly code: 'ERR_CONFIG_INVALID'

  /** @param message - names the option in quotes. */
  constructor(message: string, options?: ErrorOptions) {
    super('ConfigError', 'ERR_CONFIG_INVALID', 500, message, options)
  }
}

/** The token, or the way it was sent, is refused: 401, or 400 for a malformed request. */
export class TokenError extends JwtGateError {
  declare readonly code: TokenErrorCode

  constructor(code: TokenErrorCode, details?: ErrorDetails) {
    const status = code === 'ERR_TOKEN_REQUEST' ? 400 : 401
    super('TokenError', code, status, TOKEN_MESSAGES[code], details)
  }
}

/** The token is good, and its bearer may not do this: 403. */
export class AccessError extends JwtGateError {
  declare readonly code: AccessErrorCode
  /** The scopes that the rule asked for, for the `scope` of an RFC 6750 challenge. */
  declare readonly scopes?: readonly string[]

  constructor(code: AccessErrorCode, details?: ErrorDetails & { scopes?: readonly string[] }) {
    const { scopes, ...rest } = details ?? {}
    super('AccessError', code, 403, ACCESS_MESSAGES[code], rest)
    if (scopes) this.scopes = scopes
  }
}

/** The issuer's keys could not be had: 503. This says nothing about the token. */
export class KeysError extends JwtGateError {
  declare readonly code: KeysErrorCode
  /** After how many seconds another attempt makes sense: a whole number, at least 1. */
  readonly retryAfterSeconds: number

  constructor(code: KeysErrorCode, details?: ErrorDetails & { retryAfterSeconds?: number }) {
    const { retryAfterSeconds = 1, ...rest } = details ?? {}
    super('KeysError', code, 503, KEYS_MESSAGES[code], rest)
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** Any error of this library; `switch (error.code)` narrows it. */
export type AnyJwtGateError = ConfigError | TokenError | AccessError | KeysError

/**
 * Whether this is an error of this library, also where it comes from another copy of the package
 * (its CommonJS twin, or another version), for which `instanceof` is false.
 */
export function isJwtGateError(error: unknown): error is AnyJwtGateError {
  try {
    return typeof error === 'object' && error !== null && BRAND in error
  } catch {
    // a proxy may throw for any question
    return false
  }
}
