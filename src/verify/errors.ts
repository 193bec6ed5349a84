/**
 * The errors of the library: one class for each party that must act, one code for each cause.
 * Messages are fixed text without quotes or backslashes, so that they are safe in logs and headers.
 */

const TOKEN_MESSAGES = {
  ERR_TOKEN_MISSING: 'No token was sent',
  ERR_TOKEN_REQUEST: 'The credentials in the request are malformed or repeated',
  ERR_TOKEN_TOO_LARGE: 'The token is too large',
  ERR_TOKEN_MALFORMED: 'The token is not a well-formed JWT',
  ERR_TOKEN_UNSUPPORTED: 'The token uses a feature that is not supported here',
  ERR_TOKEN_ALGORITHM: 'The token is signed with an algorithm that is not allowed',
  ERR_TOKEN_TYPE: 'Unexpected token type (typ)',
  ERR_TOKEN_SIGNATURE: 'The signature of the token is wrong',
  ERR_TOKEN_EXPIRED: 'The token has expired',
  ERR_TOKEN_NOT_ACTIVE: 'The token is not active yet',
  ERR_TOKEN_TOO_OLD: 'The token was issued too long ago',
  ERR_TOKEN_CHECK: 'The token was rejected by a rule of this service',
  ERR_CLAIM_ISSUER: 'The token is from an issuer that is not trusted here',
  ERR_CLAIM_AUDIENCE: 'The token is for another audience',
  ERR_CLAIM_CLIENT_ID: 'The token was issued to another client',
  ERR_CLAIM_TOKEN_USE:
    'The token is of the wrong kind: an ID token where an access token is wanted, or the reverse',
  ERR_CLAIM_MISSING: 'The token lacks a required claim',
  ERR_CLAIM_INVALID: 'The token has an invalid claim',
  ERR_KEY_NOT_FOUND: "No key matches the token's key ID (kid)",
  ERR_KEY_UNUSABLE: 'The key cannot be used to verify this token',
} as const

const ACCESS_MESSAGES = {
  ERR_ACCESS_SCOPE: 'The token lacks a required scope',
  ERR_ACCESS_GROUP: 'The caller is not in a required group',
  ERR_ACCESS_DENIED: 'Access was denied by a rule of this service',
  ERR_ACCESS_AUTHENTICATION: 'The user must authenticate again, in a stronger way or more recently',
  ERR_CLAIMS_PARTIAL: 'The authorizer could not pass on all claims of the token',
} as const

const KEYS_MESSAGES = {
  ERR_JWKS_UNAVAILABLE: 'The keys of the issuer cannot be fetched at the moment',
  ERR_JWKS_INVALID: 'The issuer did not return a usable key set',
  ERR_JWKS_NOT_LOADED: 'The keys of the issuer are not loaded yet',
} as const

/** The codes of {@link TokenError}: the caller must act. */
export type TokenErrorCode = keyof typeof TOKEN_MESSAGES
/** The codes of {@link AccessError}: the caller is known, but not allowed to do this. */
export type AccessErrorCode = keyof typeof ACCESS_MESSAGES
/** The codes of {@link KeysError}: the operator or the issuer must act. */
export type KeysErrorCode = keyof typeof KEYS_MESSAGES
/** All error codes. */
export type JwtGateErrorCode =
  | 'ERR_CONFIG_INVALID'
  | TokenErrorCode
  | AccessErrorCode
  | KeysErrorCode

/** All error codes, as a list. */
export const ERROR_CODES: readonly JwtGateErrorCode[] = [
  'ERR_CONFIG_INVALID',
  ...(Object.keys(TOKEN_MESSAGES) as TokenErrorCode[]),
  ...(Object.keys(ACCESS_MESSAGES) as AccessErrorCode[]),
  ...(Object.keys(KEYS_MESSAGES) as KeysErrorCode[]),
]

/** The reason for an error, if the code alone is not specific enough. */
export type ErrorReason =
  // claims and header members
  | 'missing'
  | 'invalid'
  | 'mismatch'
  | 'schema'
  | 'future'
  | 'not_in_use'
  | 'undecided'
  // the token stands in the header without the scheme Bearer
  | 'no_scheme'
  // an ECDSA signature does not have the length that its algorithm requires
  | 'length'
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
  // too many signatures wait for the thread pool; says nothing about the issuer
  | 'busy'

/** Details of an error besides its code. */
export interface ErrorDetails extends ErrorOptions {
  /** The claim or header member that failed. The name always comes from the library or its configuration. */
  claim?: string | undefined
  /** Why it failed. */
  reason?: ErrorReason | undefined
}

// Shared by all copies of the package in a process, so that `isJwtGateError` recognizes the errors of each copy.
// Stryker disable next-line StringLiteral: any unique name works
const BRAND = Symbol.for('jwt-gate.error')

/** The base class of all errors of this library. */
export abstract class JwtGateError extends Error {
  static {
    // Stryker disable next-line ObjectLiteral,BooleanLiteral: only its presence counts
    Object.defineProperty(this.prototype, BRAND, { value: true })
  }

  /** One code for each cause. */
  declare readonly code: JwtGateErrorCode
  /** The HTTP status for this error. */
  declare readonly status: number
  /** The claim or header member that failed. */
  declare readonly claim?: string
  /** The reason, if the code alone is not specific enough. */
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

  /** Returns the members that are safe to log or send. Omits the stack and `cause`. */
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

/** The configuration or the use of the library is invalid: the developer must act. `status` is 500. */
export class ConfigError extends JwtGateError {
  declare readonly code: 'ERR_CONFIG_INVALID'

  /** @param message - contains the name of the option in quotes */
  constructor(message: string, options?: ErrorOptions) {
    super('ConfigError', 'ERR_CONFIG_INVALID', 500, message, options)
  }
}

/** The token was rejected: `status` is 401, or 400 if the request sent it incorrectly (RFC 6750 s3.1). */
export class TokenError extends JwtGateError {
  declare readonly code: TokenErrorCode

  /** Creates an error with the fixed message of its code. @param details - the claim, the reason and the `cause` */
  constructor(code: TokenErrorCode, details?: ErrorDetails) {
    const status = code === 'ERR_TOKEN_REQUEST' ? 400 : 401
    super('TokenError', code, status, TOKEN_MESSAGES[code], details)
  }
}

/** What was required, besides the members of {@link ErrorDetails}. */
export interface AccessErrorDetails extends ErrorDetails {
  readonly scopes?: readonly string[] | undefined
  readonly acrValues?: readonly string[] | undefined
  readonly maxAgeSeconds?: number | undefined
}

/**
 * The token is valid, but its bearer is not allowed to do this: `status` is 403 (RFC 6750 s3.1). If the user only has to
 * authenticate again (`ERR_ACCESS_AUTHENTICATION`), `status` is 401 (RFC 9470 s3).
 */
export class AccessError extends JwtGateError {
  declare readonly code: AccessErrorCode
  /** The required scopes, for the `scope` attribute of the `WWW-Authenticate` header (RFC 6750 s3). */
  declare readonly scopes?: readonly string[]
  /** The accepted values of `acr`, for the `acr_values` attribute (RFC 9470 s3). */
  declare readonly acrValues?: readonly string[]
  /** The maximum age of the authentication, for the `max_age` attribute (RFC 9470 s3). */
  declare readonly maxAgeSeconds?: number

  /** Creates an error with the fixed message of its code. @param details - what was required, and as for `TokenError` */
  constructor(code: AccessErrorCode, details?: AccessErrorDetails) {
    const { scopes, acrValues, maxAgeSeconds, ...rest } = details ?? {}
    const status = code === 'ERR_ACCESS_AUTHENTICATION' ? 401 : 403
    super('AccessError', code, status, ACCESS_MESSAGES[code], rest)
    if (scopes) this.scopes = scopes
    if (acrValues) this.acrValues = acrValues
    if (maxAgeSeconds !== undefined) this.maxAgeSeconds = maxAgeSeconds
  }
}

/** The issuer's keys are not available: `status` is 503. The token may be valid. */
export class KeysError extends JwtGateError {
  declare readonly code: KeysErrorCode
  /** When to try again, in seconds: a whole number of at least 1. For `Retry-After` (RFC 9110 s10.2.3). */
  readonly retryAfterSeconds: number

  /** Creates an error with the fixed message of its code. @param details - the delay (default 1), and as for `TokenError` */
  constructor(code: KeysErrorCode, details?: ErrorDetails & { retryAfterSeconds?: number }) {
    const { retryAfterSeconds = 1, ...rest } = details ?? {}
    super('KeysError', code, 503, KEYS_MESSAGES[code], rest)
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** Any error of this library. `switch (error.code)` narrows the type. */
export type AnyJwtGateError = ConfigError | TokenError | AccessError | KeysError

/**
 * Whether a value is an error of this library. Also recognizes errors of another copy of the package (CommonJS, or another
 * version), for which `instanceof` returns `false`.
 *
 * @example
 * ```ts
 * if (isJwtGateError(error)) console.warn(error.code, error.claim)
 * ```
 * @param error - any thrown value
 */
export function isJwtGateError(error: unknown): error is AnyJwtGateError {
  try {
    return typeof error === 'object' && error !== null && BRAND in error
  } catch {
    // a proxy may throw on any operation
    return false
  }
}
