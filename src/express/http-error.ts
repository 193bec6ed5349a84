/**
 * What an error of this library is in HTTP: status, headers and body (RFC 6750 s3, RFC 9110 s11.6.1).
 */
import type { AnyJwtGateError } from '../verify/index.ts'

/** How challenges are worded. */
export interface ChallengeSettings {
  readonly realm: string
  readonly resourceMetadataUrl: string | undefined
}

/** Without any other wish. */
export const DEFAULT_CHALLENGE: ChallengeSettings = { realm: 'api', resourceMetadataUrl: undefined }

/** The members that Express's own error handler, and those of many users, look at. */
export interface HttpErrorMembers {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  /** Whether the message may be shown to the client. */
  readonly expose: boolean
}

/** A JSON answer to a refused request. */
export interface ErrorBody {
  readonly error: string
  readonly error_description: string
}

/**
 * What is known of an error that calls itself one of this library's. A rule of the user's may have made it by hand, and another
 * version of the package may have other members.
 */
interface KnownError {
  readonly code: unknown
  readonly status: number
  readonly message: string
  readonly scopes: readonly string[] | undefined
  readonly retryAfterSeconds: number
}

// RFC 6750 s3: what may stand in error_description and in scope
const QUOTABLE = /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/

/**
 * A copy of an error with what its way through Express needs. The error itself stays as it is: a function of the user's may
 * throw one object for many requests, each of which has its own headers.
 */
export function toHttpError<E extends AnyJwtGateError>(
  error: E,
  settings: ChallengeSettings = DEFAULT_CHALLENGE,
): E & HttpErrorMembers {
  const known = readError(error)
  const { status } = known
  const members = {
    status,
    statusCode: status,
    headers: toHeaders(known, settings),
    expose: status < 500,
  }
  const own = Object.entries(members).map(([name, value]) => {
    return [name, { value, enumerable: true, writable: true, configurable: true }] as const
  })
  return Object.create(error, Object.fromEntries(own))
}

/** The status and the body for an error. What the developer or the operator has to fix is not told to the client. */
export function toErrorAnswer(error: AnyJwtGateError): { status: number; body: ErrorBody } {
  const known = readError(error)
  const description =
    known.code === 'ERR_CONFIG_INVALID' ? 'The service is misconfigured' : known.message
  return {
    status: known.status,
    body: { error: toErrorName(known), error_description: description },
  }
}

/** The status of an error: 500 for one that has none. */
export function statusOf(error: AnyJwtGateError): number {
  return readError(error).status
}

function readError(error: AnyJwtGateError): KnownError {
  const read = (name: string): unknown => {
    try {
      return error[name as keyof AnyJwtGateError]
    } catch {
      // a getter that throws has nothing to say
      return undefined
    }
  }
  const [status, message, scopes, seconds] = [
    'status',
    'message',
    'scopes',
    'retryAfterSeconds',
  ].map(read)
  return {
    code: read('code'),
    status: isErrorStatus(status) ? status : 500,
    message: typeof message === 'string' ? message : 'The request was refused',
    scopes: isStrings(scopes) ? scopes : undefined,
    retryAfterSeconds:
      Number.isInteger(seconds) && (seconds as number) >= 0 ? (seconds as number) : 1,
  }
}

function isErrorStatus(status: unknown): status is number {
  return Number.isInteger(status) && (status as number) >= 400 && (status as number) < 600
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}

/** RFC 6750 s3.1, and RFC 6749 s4.1.2.1 for what it has no words for. No standard names a token that is missing. */
function toErrorName({ code, status }: KnownError): string {
  if (code === 'ERR_TOKEN_MISSING') return 'missing_token'
  switch (status) {
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

function toHeaders(error: KnownError, settings: ChallengeSettings): Record<string, string> {
  const { status, retryAfterSeconds } = error
  const headers: Record<string, string> = { 'Cache-Control': 'no-store' }
  if (status < 500) headers['WWW-Authenticate'] = toChallenge(error, settings)
  if (status === 503) headers['Retry-After'] = String(retryAfterSeconds)
  return headers
}

function toChallenge(error: KnownError, settings: ChallengeSettings): string {
  const parameters: [string, string | undefined][] = [['realm', settings.realm]]
  // RFC 6750 s3.1: a request without credentials gets no error code
  if (error.code !== 'ERR_TOKEN_MISSING') {
    const { scopes, message } = error
    parameters.push(['error', toErrorName(error)])
    parameters.push(['error_description', quotable(message)])
    parameters.push(['scope', scopes && quotable(scopes.join(' '))])
  }
  // RFC 9728 s5.1
  parameters.push(['resource_metadata', settings.resourceMetadataUrl])
  const known = parameters.filter(([, value]) => value !== undefined)
  return `Bearer ${known.map(([name, value]) => `${name}="${value}"`).join(', ')}`
}

/** Messages and scopes of this library always can be quoted; those of an error that a user made may not. */
export function quotable(text: string): string | undefined {
  return QUOTABLE.test(text) ? text : undefined
}
