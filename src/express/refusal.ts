/**
 * What an error that was thrown says of itself. Users throw errors too, of this library's classes and of their own: members
 * that are missing, of the wrong type, or that throw when they are read are read as unknown.
 */
import { validateHeaderName, validateHeaderValue } from 'node:http'
import { isJwtGateError } from '../verify/index.ts'

const NO_VERDICT: ReadonlySet<unknown> = new Set(['limited', 'undecided'])

/** An error of this library, read once. */
export interface Refusal {
  readonly code: string
  /** An HTTP status for an error. */
  readonly status: number
  readonly message: string
  readonly scopes: readonly string[] | undefined
  /** At least 1. */
  readonly retryAfterSeconds: number
  /** Whether it is a verdict on the token: not so if its key, or its issuer, was not looked for. */
  readonly isVerdict: boolean
}

/** `undefined` for all other errors, and for one that calls itself ours without a code and an HTTP status for an error. */
export function readRefusal(error: unknown): Refusal | undefined {
  if (!isJwtGateError(error)) return undefined
  const code = readMember(error, 'code')
  const status = readMember(error, 'status')
  if (typeof code !== 'string' || !isErrorStatus(status)) return undefined
  const message = readMember(error, 'message')
  const seconds = readMember(error, 'retryAfterSeconds')
  return {
    code,
    status,
    message: typeof message === 'string' ? message : 'The request was refused',
    scopes: readStringList(readMember(error, 'scopes')),
    retryAfterSeconds: Number.isSafeInteger(seconds) ? Math.max(1, seconds as number) : 1,
    isVerdict: !NO_VERDICT.has(readMember(error, 'reason')),
  }
}

/** What a member holds; `undefined` if it cannot be read. */
export function readMember(error: object, name: PropertyKey): unknown {
  try {
    return (error as Record<PropertyKey, unknown>)[name]
  } catch {
    return undefined
  }
}

const UNREADABLE = 'What was thrown cannot be read'
// what the error handlers of Express and of its users read, and what `console.error` reads
// biome-ignore format: a list
const MEMBERS = [
  'name', 'message', 'stack', 'errors', 'code', 'status', 'statusCode', 'headers', 'expose', Symbol.toStringTag,
]
// as deep as `console.error` goes
const MAX_CAUSES = 4

/**
 * What is passed on for an error that is not ours: the error itself, if others can read it. `next` would take `undefined` for
 * "go on", and `'route'` and `'router'` for "go on elsewhere"; an error handler that reads a member that throws ends the
 * process.
 */
export function toFailure(thrown: unknown): object {
  if (typeof thrown !== 'object' || thrown === null) {
    return new Error('What was thrown is no error', { cause: thrown })
  }
  if (!isReadable(thrown)) return new Error(UNREADABLE)
  if (!isJwtGateError(thrown) && hasUsableHeaders(thrown)) return thrown
  return new Error('What was thrown is no usable error', { cause: thrown })
}

/** Whether Express can send what it takes for the headers of the response. */
function hasUsableHeaders({ headers }: { headers?: unknown }): boolean {
  if (typeof headers !== 'object' || headers === null) return true
  try {
    for (const [name, value] of Object.entries(headers)) {
      validateHeaderName(name)
      validateHeaderValue(name, value)
    }
    return true
  } catch {
    return false
  }
}

/** The cause of an error, or another one if it cannot be read. */
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
    // a copy, so that what was looked at is what is used
    const list = Array.isArray(value) ? [...value] : undefined
    return list?.every((one) => typeof one === 'string') ? list : undefined
  } catch {
    return undefined
  }
}
