/**
 * Reads thrown errors safely. Users also throw errors, of this library's classes and their own. Members that are missing, have
 * the wrong type, or throw when they are read count as unknown.
 */
import { isVerdict, readMember } from '../verify/adapter-kit.ts'
import { isJwtGateError } from '../verify/index.ts'

/** An error of this library, read once. */
export interface Refusal {
  readonly code: string
  /** An HTTP status from 400 to 599. */
  readonly status: number
  readonly message: string
  readonly scopes: readonly string[] | undefined
  /** RFC 9470 s3 */
  readonly acrValues: readonly string[] | undefined
  /** A whole number. RFC 9470 s3 */
  readonly maxAgeSeconds: number | undefined
  /** RFC 9449 s8.1 */
  readonly nextNonce: string | undefined
  /** At least 1. */
  readonly retryAfterSeconds: number
  /** Whether the error is a verdict on the token. */
  readonly isVerdict: boolean
}

// RFC 9449 s8.1, RFC 6749 appendix A
const NONCE = /^[\x21\x23-\x5b\x5d-\x7e]+$/

/** Reads an error of this library. `undefined` for other errors, and for one without a `code` and an error status. */
export function readRefusal(error: unknown): Refusal | undefined {
  if (!isJwtGateError(error)) return undefined
  const code = readMember(error, 'code')
  const status = readMember(error, 'status')
  if (typeof code !== 'string' || !isErrorStatus(status)) return undefined
  const message = readMember(error, 'message')
  const seconds = readMember(error, 'retryAfterSeconds')
  const maxAge = readMember(error, 'maxAgeSeconds')
  const nonce = readMember(error, 'nextNonce')
  return {
    code,
    status,
    message: typeof message === 'string' ? message : 'The request was rejected',
    scopes: readStringList(readMember(error, 'scopes')),
    acrValues: readStringList(readMember(error, 'acrValues')),
    maxAgeSeconds: Number.isSafeInteger(maxAge) ? (maxAge as number) : undefined,
    nextNonce: typeof nonce === 'string' && NONCE.test(nonce) ? nonce : undefined,
    retryAfterSeconds: Number.isSafeInteger(seconds) ? Math.max(1, seconds as number) : 1,
    isVerdict: isVerdict(readMember(error, 'reason')),
  }
}

const UNREADABLE = 'The thrown value cannot be read'
// the members that error handlers of Express and users read, and those that `console.error` reads
// biome-ignore format: a list
const MEMBERS = [
  'name', 'message', 'stack', 'errors', 'code', 'status', 'statusCode', 'headers', 'expose', Symbol.toStringTag,
]
// the depth to which `console.error` prints causes
const MAX_CAUSES = 4

/**
 * Converts a thrown value that is not an error of this library to an error for `next`: the error itself, if error handlers can
 * read it, otherwise a new error. `next(undefined)`, `next('route')` and `next('router')` would continue the request. A member
 * that throws when an error handler reads it would end the process.
 */
export function toFailure(thrown: unknown): object {
  if (typeof thrown !== 'object' || thrown === null) {
    return new Error('The thrown value is not an error', { cause: thrown })
  }
  if (!isReadable(thrown)) return new Error(UNREADABLE)
  if (!isJwtGateError(thrown) && hasUsableHeaders(thrown)) return thrown
  return new Error('The thrown value is not a usable error', { cause: thrown })
}

// RFC 9110 s5.6.2 and s5.5, as Node checks them
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/

function isHeaderValue(value: unknown): boolean {
  return value !== undefined && HEADER_VALUE.test(String(value))
}

/** Whether the `headers` of an error, which Express sends with the response, are valid. */
function hasUsableHeaders({ headers }: { headers?: unknown }): boolean {
  if (typeof headers !== 'object' || headers === null) return true
  try {
    return Object.entries(headers).every(
      ([name, value]) => HEADER_NAME.test(name) && [value].flat().every(isHeaderValue),
    )
  } catch {
    return false
  }
}

/** The cause of an error, or a new error if the cause cannot be read. */
export function readCause(error: object): unknown {
  const cause = readMember(error, 'cause')
  return isReadable(cause) ? cause : new Error(UNREADABLE)
}

function isReadable(value: unknown, causes = 0): boolean {
  if (typeof value !== 'object' || value === null || causes > MAX_CAUSES) return true
  try {
    for (const name of MEMBERS) Reflect.get(value, name)
    // for `instanceof`
    Reflect.getPrototypeOf(value)
    return isReadable(Reflect.get(value, 'cause'), causes + 1)
  } catch {
    return false
  }
}

function isErrorStatus(status: unknown): status is number {
  return Number.isInteger(status) && (status as number) >= 400 && (status as number) < 600
}

function readStringList(value: unknown): readonly string[] | undefined {
  try {
    // a copy, so that the list cannot change after the check
    const list = Array.isArray(value) ? [...value] : undefined
    return list?.every((one) => typeof one === 'string') ? list : undefined
  } catch {
    return undefined
  }
}
