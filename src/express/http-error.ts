/**
 * What an error of this library is in HTTP: status, headers and body (RFC 6750 s3, RFC 9110 s11.6.1).
 */
import { type Refusal, readCause, readMember, readRefusal, toFailure } from './refusal.ts'

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

/**
 * What goes to the user for whatever was thrown: for an error of this library, a copy with {@link HttpErrorMembers}; else
 * the error itself, or another one if it cannot be used. Never throws.
 *
 * It is a copy, because one error object may be thrown for many requests, whose headers differ.
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
    })
  } catch {
    // a proxy, which may throw for any question
    return toFailure(thrown)
  }
}

// also where they are no members of the error itself
const MEMBERS = ['claim', 'reason', 'scopes', 'retryAfterSeconds']

/** An error of the same class, with the same members, and more of them. */
function copyError(
  error: object,
  { code, status, message }: Refusal,
  added: HttpErrorMembers,
): object {
  const copy: object = Object.create(error)
  const set = (name: string, value: unknown, enumerable = true): void => {
    Object.defineProperty(copy, name, { value, enumerable, writable: true, configurable: true })
  }
  for (const name of Object.keys(error)) set(name, readMember(error, name))
  for (const name of MEMBERS) if (name in error) set(name, readMember(error, name))
  for (const [name, value] of Object.entries({ code, status, ...added })) set(name, value)
  set('message', message, false)
  if ('cause' in error) set('cause', readCause(error), false)
  const name = readMember(error, 'name')
  set('name', typeof name === 'string' ? name : 'Error', false)
  // to write a stack out is expensive, and most are never read
  Object.defineProperty(copy, 'stack', {
    get: () => readMember(error, 'stack'),
    set: (stack: unknown) => set('stack', stack, false),
    configurable: true,
  })
  return copy
}

/** The body for an error. What the developer or the operator has to fix is not told to the client. */
export function toErrorBody(refusal: Refusal): ErrorBody {
  const description =
    refusal.code === 'ERR_CONFIG_INVALID' ? 'The service is misconfigured' : refusal.message
  return { error: toErrorName(refusal), error_description: description }
}

/** RFC 6750 s3.1, and RFC 6749 s4.1.2.1 for what it has no words for. No standard names a token that is missing. */
function toErrorName(refusal: Refusal): string {
  if (refusal.code === 'ERR_TOKEN_MISSING') return 'missing_token'
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
  const { status, retryAfterSeconds } = refusal
  const headers: Record<string, string> = { 'Cache-Control': 'no-store' }
  if (status < 500) headers['WWW-Authenticate'] = toChallenge(refusal, settings)
  if (status === 503) headers['Retry-After'] = String(retryAfterSeconds)
  return headers
}

function toChallenge(refusal: Refusal, settings: ChallengeSettings): string {
  const { code, message, scopes } = refusal
  const parameters: [string, string | undefined][] = [['realm', settings.realm]]
  // RFC 6750 s3.1: a request without credentials gets no error code
  if (code !== 'ERR_TOKEN_MISSING') {
    parameters.push(['error', toErrorName(refusal)])
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
