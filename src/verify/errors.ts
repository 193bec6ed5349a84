/**
 * The errors of the library: one class for each party that must act, one code for each cause.
 * Messages are fixed text without quotes or backslashes, so that they are safe in logs and headers.
 */
import {
  type CauseJson,
  type Expected,
  readMember,
  toCauseJson,
  toExpected,
  type Wanted,
} from './error-details.ts'
import {
  ACCESS_MESSAGES,
  KEYS_MESSAGES,
  messageOf,
  STORE_MESSAGES,
  TOKEN_MESSAGES,
} from './error-messages.ts'
import type { ErrorReason } from './error-reasons.ts'

/** The codes of {@link TokenError}: the caller must act. */
export type TokenErrorCode = keyof typeof TOKEN_MESSAGES
/** The codes of {@link AccessError}: the caller is known, but not allowed to do this. */
export type AccessErrorCode = keyof typeof ACCESS_MESSAGES
/** The codes of {@link KeysError}: the operator or the issuer must act. */
export type KeysErrorCode = keyof typeof KEYS_MESSAGES
/** The codes of {@link StoreError}: the operator must act. */
export type StoreErrorCode = keyof typeof STORE_MESSAGES
/** All error codes. */
export type JwtGateErrorCode =
  | 'ERR_CONFIG_INVALID'
  | TokenErrorCode
  | AccessErrorCode
  | KeysErrorCode
  | StoreErrorCode

/** All error codes, as a list. */
export const ERROR_CODES: readonly JwtGateErrorCode[] = [
  'ERR_CONFIG_INVALID',
  ...(Object.keys(TOKEN_MESSAGES) as TokenErrorCode[]),
  ...(Object.keys(ACCESS_MESSAGES) as AccessErrorCode[]),
  ...(Object.keys(KEYS_MESSAGES) as KeysErrorCode[]),
  ...(Object.keys(STORE_MESSAGES) as StoreErrorCode[]),
]

/** Details of an error besides its code. */
export interface ErrorDetails extends ErrorOptions {
  /**
   * The claim or header member that failed. The name comes from the library or its configuration, or from an issue of the schema, if
   * it has at most 100 characters, all of them `A-Z`, `a-z`, `0-9` or `_:./-`. A schema that accepts any name reports those of tokens.
   */
  claim?: string | undefined
  /** Why it failed. */
  reason?: ErrorReason | undefined
  /** What the configuration asked for. Never anything of a token. */
  expected?: Wanted | undefined
}

/** An error as JSON, for logs. */
export interface ErrorJson {
  readonly name: string
  readonly code: JwtGateErrorCode
  readonly status: number
  readonly message: string
  readonly claim?: string
  readonly reason?: ErrorReason
  readonly expected?: Expected
  readonly cause?: CauseJson
}

// Shared by all copies of the package in a process, so that `isJwtGateError` recognizes the errors of each copy.
// Stryker disable next-line StringLiteral: any unique name works
const BRAND = Symbol.for('jwt-gate.error')

const JSON_MEMBERS = ['name', 'code', 'status', 'message', 'claim', 'reason'] as const

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
  /** The same as `status`, by the name that other frameworks read. */
  declare readonly statusCode: number
  /** Whether clients may see the message: `true` for a status below 500. */
  declare readonly expose: boolean
  /** The claim or header member that failed. */
  declare readonly claim?: string
  /** The reason, if the code alone is not specific enough. */
  declare readonly reason?: ErrorReason
  /** What the configuration asked for, if that helps to find the mistake. For logs. */
  declare readonly expected?: Expected

  constructor(
    name: string,
    code: JwtGateErrorCode,
    status: number,
    message: string,
    { claim, reason, expected, cause }: ErrorDetails = {},
  ) {
    // one that is undefined would be printed
    super(message, cause === undefined ? undefined : { cause })
    Object.defineProperty(this, 'name', { value: name, configurable: true, writable: true })
    this.code = code
    this.status = status
    this.statusCode = status
    this.expose = status < 500
    if (claim !== undefined) this.claim = claim
    if (reason !== undefined) this.reason = reason
    if (expected !== undefined) this.expected = toExpected(expected)
  }

  /**
   * Returns what belongs in a log: everything except the stack. Of the cause, it has the name, the message and the code.
   *
   * Security: `expected` and `cause` are not for clients. The message of your own error is included as it is.
   */
  toJSON(): ErrorJson {
    const json: Record<string, unknown> = {}
    for (const name of JSON_MEMBERS) {
      const value = readMember(this, name)
      if (typeof value === 'string' || typeof value === 'number') json[name] = value
    }
    const expected = readMember(this, 'expected')
    if (expected !== undefined) json['expected'] = expected
    const cause = readMember(this, 'cause')
    if (cause !== undefined) json['cause'] = toCauseJson(cause)
    return json as unknown as ErrorJson
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

/** The nonce for the next proof, besides the members of {@link ErrorDetails}. */
export interface TokenErrorDetails extends ErrorDetails {
  readonly nextNonce?: string | undefined
}

/** The token was rejected: `status` is 401, or 400 if the request sent it incorrectly (RFC 6750 s3.1). */
export class TokenError extends JwtGateError {
  declare readonly code: TokenErrorCode
  /** The nonce that the client must use in its next DPoP proof, for the `DPoP-Nonce` header (RFC 9449 s9). */
  declare readonly nextNonce?: string

  /** Creates an error with the fixed message of its code and reason. @param details - the claim, the reason and the `cause` */
  constructor(code: TokenErrorCode, { nextNonce, ...details }: TokenErrorDetails = {}) {
    const status = code === 'ERR_TOKEN_REQUEST' ? 400 : 401
    super('TokenError', code, status, messageOf(code, TOKEN_MESSAGES[code], details), details)
    if (nextNonce !== undefined) this.nextNonce = nextNonce
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
    super('AccessError', code, status, messageOf(code, ACCESS_MESSAGES[code], rest), rest)
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

  /** Creates an error with the fixed message of its code and reason. @param details - the delay (default 1), and as for `TokenError` */
  constructor(code: KeysErrorCode, details?: ErrorDetails & { retryAfterSeconds?: number }) {
    const { retryAfterSeconds = 1, ...rest } = details ?? {}
    super('KeysError', code, 503, messageOf(code, KEYS_MESSAGES[code], rest), rest)
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** A store that decides about the token, or about its proof, is not available: `status` is 503. The token may be valid. */
export class StoreError extends JwtGateError {
  declare readonly code: StoreErrorCode
  /** When to try again, in seconds. For `Retry-After` (RFC 9110 s10.2.3). */
  readonly retryAfterSeconds = 1

  /** Creates an error with the fixed message of its code. @param details - as for `TokenError` */
  constructor(code: StoreErrorCode, details: ErrorDetails = {}) {
    super('StoreError', code, 503, messageOf(code, STORE_MESSAGES[code], details), details)
  }
}

/** Any error of this library. `switch (error.code)` narrows the type. */
export type AnyJwtGateError = ConfigError | TokenError | AccessError | KeysError | StoreError

/**
 * Whether a value is an error of this library. Also recognizes errors of another copy of the package (CommonJS, or another
 * version), for which `instanceof` returns `false`.
 *
 * @example
 * ```ts
 * if (isJwtGateError(error)) console.warn(error.code, error.expected)
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
