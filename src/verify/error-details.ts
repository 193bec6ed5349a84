/**
 * The parts of an error that tell a developer more than its code: what the configuration expected, and what caused it.
 */

/**
 * What the configuration asked for, by the names of its options. Nothing of a token. A long list ends with `…`, and so does a
 * long text.
 */
export interface Expected {
  /** The trusted issuers. */
  readonly issuers?: readonly string[]
  /** Set if the value of the token differs only by a slash at the end: whether the expected one has it. */
  readonly slashAtEnd?: boolean
  readonly audience?: readonly string[]
  readonly clientId?: readonly string[]
  readonly tokenUse?: string
  /** The accepted values of `typ`. */
  readonly tokenType?: readonly string[]
  readonly algorithms?: readonly string[]
  /** The names of the required claims. */
  readonly requiredClaims?: readonly string[]
  readonly maxTokenAgeSeconds?: number
  readonly maxTokenBytes?: number
  readonly scopes?: readonly string[]
  readonly anyScope?: readonly string[]
  readonly groups?: readonly string[]
  readonly allGroups?: readonly string[]
}

/** Members of {@link Expected}, with lists of any kind. They are copied, up to a limit. */
export type Wanted = {
  readonly [Name in keyof Expected]?: Expected[Name] extends readonly string[] | undefined
    ? Iterable<string> | undefined
    : Expected[Name] | undefined
}

/** The cause of an error, as far as it belongs in a log. */
export interface CauseJson {
  readonly name: string
  readonly message?: string
  readonly code?: string | number
  /** The cause of the cause, such as the network error behind a `fetch failed`. */
  readonly cause?: CauseJson
}

/** More than a list that somebody reads. */
const MAX_ENTRIES = 20
const MAX_LENGTH = 500
/** A library wraps an error once or twice. */
const MAX_CAUSES = 4

/** Copies what was expected, up to the limits. */
export function toExpected(wanted: Wanted): Expected {
  // not by assignment, which fails if `Object.prototype` has a read-only member of this name
  return Object.fromEntries(
    Object.entries(wanted).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, toExpectedValue(value)]],
    ),
  )
}

function toExpectedValue(value: NonNullable<Wanted[keyof Wanted]>): Expected[keyof Expected] {
  if (typeof value === 'number' || typeof value === 'boolean') return value
  return typeof value === 'string' ? shorten(value) : toList(value)
}

function toList(values: Iterable<string>): string[] {
  const list: string[] = []
  for (const value of values) {
    if (list.length === MAX_ENTRIES) return [...list, '…']
    list.push(shorten(value))
  }
  return list
}

function shorten(text: string): string {
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text
}

/** The name, the message and the code of a thrown value, which may be anything. Never throws. */
export function toCauseJson(cause: unknown, depth = 1): CauseJson {
  const isObject = (typeof cause === 'object' && cause !== null) || typeof cause === 'function'
  if (!isObject) return { name: typeof cause, message: shorten(String(cause)) }
  const name = readMember(cause, 'name')
  const message = readMember(cause, 'message')
  const code = readMember(cause, 'code')
  const next = depth < MAX_CAUSES ? nextCause(cause) : undefined
  return {
    name: typeof name === 'string' ? shorten(name) : typeof cause,
    ...(typeof message === 'string' && { message: shorten(message) }),
    ...(typeof code === 'string' && { code: shorten(code) }),
    ...(Number.isFinite(code) && { code: code as number }),
    ...(next !== undefined && { cause: toCauseJson(next, depth + 1) }),
  }
}

/** The cause of a cause. A connection that was tried at several addresses fails with a list of errors. */
function nextCause(cause: object): unknown {
  const next = readMember(cause, 'cause')
  if (next !== undefined) return next
  const errors = readMember(cause, 'errors')
  return typeof errors === 'object' && errors !== null ? readMember(errors, '0') : undefined
}

/** The value of a member; `undefined` if it cannot be read. */
export function readMember(object: object, name: PropertyKey): unknown {
  try {
    return (object as Record<PropertyKey, unknown>)[name]
  } catch {
    return undefined
  }
}
