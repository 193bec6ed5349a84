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

// RFC 6750 s3: what may stand in error_description and in scope
const QUOTABLE = /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/

/** Adds to an error what its way through Express needs. */
export function toHttpError<E extends AnyJwtGateError>(
  error: E,
  settings: ChallengeSettings = DEFAULT_CHALLENGE,
): E & HttpErrorMembers {
  // one that a rule of the user's throws may be frozen
  const open: E = Object.isExtensible(error) ? error : Object.create(error)
  return Object.assign(open, {
    statusCode: error.status,
    headers: toHeaders(error, settings),
    expose: error.status < 500,
  })
}

/** The body for an error. What the developer or the operator has to mend is not told to the client. */
export function toErrorBody(error: AnyJwtGateError): ErrorBody {
  const description =
    error.code === 'ERR_CONFIG_INVALID' ? 'The service is misconfigured' : error.message
  return { error: toErrorName(error), error_description: description }
}

/** RFC 6750 s3.1, and RFC 6749 s4.1.2.1 for what it has no words for. No standard names a token that is missing. */
function toErrorName(error: AnyJwtGateError): string {
  if (error.code === 'ERR_TOKEN_MISSING') return 'missing_token'
  switch (error.status) {
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

function toHeaders(error: AnyJwtGateError, settings: ChallengeSettings): Record<string, string> {
  const headers: Record<string, string> = { 'Cache-Control': 'no-store' }
  if (error.status < 500) headers['WWW-Authenticate'] = toChallenge(error, settings)
  if (error.status === 503) headers['Retry-After'] = toSeconds(error)
  return headers
}

function toSeconds(error: AnyJwtGateError): string {
  const { retryAfterSeconds } = error as { retryAfterSeconds?: unknown }
  return String(Number.isInteger(retryAfterSeconds) ? retryAfterSeconds : 1)
}

function toChallenge(error: AnyJwtGateError, settings: ChallengeSettings): string {
  const parameters: [string, string | undefined][] = [['realm', settings.realm]]
  // RFC 6750 s3.1: a request without credentials gets no error code
  if (error.code !== 'ERR_TOKEN_MISSING') {
    const { scopes } = error as { scopes?: readonly string[] }
    parameters.push(['error', toErrorName(error)])
    parameters.push(['error_description', quotable(error.message)])
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
