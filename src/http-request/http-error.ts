/**
 * Converts errors of this library to HTTP: status, headers and body (RFC 6750 s3, RFC 9110 s11.6.1).
 */
import { type Demands, readMember } from '../verify/adapter-kit.ts'
import { type Refusal, readCause, readRefusal, toFailure } from './refusal.ts'

/** The parameters of the `WWW-Authenticate` header. */
export interface ChallengeSettings {
  readonly realm: string
  readonly resourceMetadataUrl: string | undefined
  /** `undefined`: DPoP proofs are not taken. */
  readonly dpop: Demands['dpop']
}

/** The default parameters. */
export const DEFAULT_CHALLENGE: ChallengeSettings = {
  realm: 'api',
  resourceMetadataUrl: undefined,
  dpop: undefined,
}

/** The additional members of an error that reaches an error handler. Express's own error handler uses them. */
export interface HttpErrorMembers {
  /** The HTTP status of the response. */
  readonly statusCode: number
  /** The headers of the response, including `WWW-Authenticate` or `Retry-After`. */
  readonly headers: Readonly<Record<string, string>>
  /** Whether the client may see the message. */
  readonly expose: boolean
}

/** The response to an error. */
export interface ErrorAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: ErrorBody
}

/** The JSON body of an error response. */
export interface ErrorBody {
  /** The error code, for clients: RFC 6750 s3.1, or `missing_token`, `temporarily_unavailable` or `server_error`. */
  readonly error: string
  /** The message, for developers. */
  readonly error_description: string
}

/** The token is good, but the user must authenticate again. */
export const STEP_UP = 'ERR_ACCESS_AUTHENTICATION'

// shared by all copies of the package, like the errors
// Stryker disable next-line StringLiteral: any unique name works
const CHALLENGE = Symbol.for('jwt-gate.error-challenge')
/** RFC 9449 s7.1, s9: what is wrong with the proof, and not with the token. */
const PROOF_ERRORS = new Set(['ERR_PROOF_INVALID', 'ERR_PROOF_NONCE', 'ERR_PROOF_REPLAYED'])

// RFC 6750 s3: the allowed characters of error_description and scope
const QUOTABLE = /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/

/**
 * Converts a thrown value to the error for `next(error)`. For an error of this library: a copy with {@link HttpErrorMembers}.
 * Otherwise: the error itself, or a new one if it cannot be used. Never throws.
 *
 * A copy, because the same error object may be thrown for many requests with different headers.
 */
export function toHttpError(
  thrown: unknown,
  settings: ChallengeSettings = DEFAULT_CHALLENGE,
): object {
  const refusal = readRefusal(thrown)
  if (refusal === undefined) return toFailure(thrown)
  const { status } = refusal
  const headers = toHeaders(refusal, settings)
  try {
    return copyError(thrown as object, refusal, {
      statusCode: status,
      headers,
      expose: status < 500,
      [CHALLENGE]: settings,
    })
  } catch {
    // a proxy may throw on any operation
    return toFailure(thrown)
  }
}

/**
 * The response to an error of this library, with the challenge of the request that it was thrown for. `undefined` for any other
 * value. The `headers` of the error are not used: the code that throws an error may have set them.
 */
export function toErrorAnswer(error: unknown): ErrorAnswer | undefined {
  const refusal = readRefusal(error)
  if (refusal === undefined) return undefined
  const settings = readMember(error as object, CHALLENGE) as ChallengeSettings | undefined
  const body = toErrorBody(refusal)
  return { status: refusal.status, headers: toHeaders(refusal, settings), body }
}

// copied even if the error inherits them
const MEMBERS = [
  'claim',
  'reason',
  'expected',
  'scopes',
  'acrValues',
  'maxAgeSeconds',
  'nextNonce',
  'retryAfterSeconds',
]

/** Copies an error: same class, same members, and the added ones. */
function copyError(
  error: object,
  { code, status, message }: Refusal,
  { [CHALLENGE]: challenge, ...added }: HttpErrorMembers & { [CHALLENGE]: ChallengeSettings },
): object {
  // made by `Error`: in another realm, such as that of Jest's console, only this tells an error from an object
  const copy: object = Object.setPrototypeOf(new Error(), error)
  const set = (name: string, value: unknown, enumerable = true): void => {
    Object.defineProperty(copy, name, { value, enumerable, writable: true, configurable: true })
  }
  for (const name of Object.keys(error)) set(name, readMember(error, name))
  for (const name of MEMBERS) if (name in error) set(name, readMember(error, name))
  for (const [name, value] of Object.entries({ code, status, ...added })) set(name, value)
  Object.defineProperty(copy, CHALLENGE, { value: challenge })
  set('message', message, false)
  if ('cause' in error) set('cause', readCause(error), false)
  const name = readMember(error, 'name')
  set('name', typeof name === 'string' ? name : 'Error', false)
  // formatting a stack is expensive, and most stacks are never read
  Object.defineProperty(copy, 'stack', {
    get: () => readMember(error, 'stack'),
    set: (stack: unknown) => set('stack', stack, false),
    configurable: true,
  })
  return copy
}

/** The body for an error. The message of a configuration error is not sent to the client. */
export function toErrorBody(refusal: Refusal): ErrorBody {
  const description =
    refusal.code === 'ERR_CONFIG_INVALID' ? 'The service is misconfigured' : refusal.message
  return { error: toErrorName(refusal), error_description: description }
}

/** RFC 6750 s3.1, RFC 9470 s3, and RFC 6749 s4.1.2.1 for server errors. No standard defines a code for a missing token. */
function toErrorName(refusal: Refusal): string {
  if (refusal.code === 'ERR_TOKEN_MISSING') return 'missing_token'
  if (refusal.code === STEP_UP) return 'insufficient_user_authentication'
  if (refusal.code === 'ERR_PROOF_NONCE') return 'use_dpop_nonce'
  if (PROOF_ERRORS.has(refusal.code)) return 'invalid_dpop_proof'
  switch (refusal.status) {
    case 400:
      return 'invalid_request'
    case 401:
      return 'invalid_token'
    case 403:
      return 'insufficient_scope'
    case 503:
      return 'temporarily_unavailable'
    default:
      return 'server_error'
  }
}

export function toHeaders(
  refusal: Refusal,
  settings: ChallengeSettings = DEFAULT_CHALLENGE,
): Record<string, string> {
  const { status, retryAfterSeconds, nextNonce } = refusal
  const headers: Record<string, string> = { 'Cache-Control': 'no-store' }
  if (status < 500) headers['WWW-Authenticate'] = toChallenges(refusal, settings)
  if (nextNonce !== undefined) headers['DPoP-Nonce'] = nextNonce
  if (status === 503) headers['Retry-After'] = String(retryAfterSeconds)
  return headers
}

/** RFC 9449 s7.2: a challenge for each scheme that is taken. */
function toChallenges(refusal: Refusal, settings: ChallengeSettings): string {
  const { dpop } = settings
  const errors = toErrorParameters(refusal)
  if (dpop === undefined) return toChallenge('Bearer', errors, settings)
  const algs = dpop.algorithms.join(' ') || undefined
  const bound = toChallenge('DPoP', [...errors, ['algs', algs]], settings)
  if (dpop.required) return bound
  const isOfProof = PROOF_ERRORS.has(refusal.code)
  return `${bound}, ${toChallenge('Bearer', isOfProof ? [] : errors, settings)}`
}

type Parameter = readonly [name: string, value: string | undefined]

/** RFC 6750 s3.1: a request without credentials gets no error code. */
function toErrorParameters(refusal: Refusal): Parameter[] {
  const { code, message, scopes, acrValues, maxAgeSeconds } = refusal
  if (code === 'ERR_TOKEN_MISSING') return []
  return [
    ['error', toErrorName(refusal)],
    ['error_description', quotable(message)],
    ['scope', scopes && quotable(scopes.join(' '))],
    ['acr_values', acrValues && quotable(acrValues.join(' '))],
    ['max_age', maxAgeSeconds?.toString()],
  ]
}

function toChallenge(
  scheme: string,
  parameters: readonly Parameter[],
  { realm, resourceMetadataUrl }: ChallengeSettings,
): string {
  // RFC 9728 s5.1
  const all = [['realm', realm], ...parameters, ['resource_metadata', resourceMetadataUrl]]
  const known = all.filter(([, value]) => value !== undefined)
  return `${scheme} ${known.map(([name, value]) => `${name}="${value}"`).join(', ')}`
}

/** Returns the text if a quoted string may contain it. Only messages and scopes of user errors can fail this check. */
export function quotable(text: string): string | undefined {
  return QUOTABLE.test(text) ? text : undefined
}
