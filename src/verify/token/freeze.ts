/**
 * Freezes claims. All callers with the same token share them, so no caller may change them.
 */
import { types } from 'node:util'
import { TokenError } from '../errors.ts'

// deeper than any claim in use, but shallow enough for recursive code that processes claims
const MAX_DEPTH = 64

/**
 * Deeply freezes a value that `JSON.parse` returned.
 * @throws {@link TokenError} `ERR_TOKEN_MALFORMED` if it is nested too deeply, or has a member named `__proto__`, which could
 * pollute the prototype of an object that it is copied into
 */
export function freezeJson<T extends object>(value: T, depth = 0): T {
  assertSafeShape(value, depth)
  // Stryker disable next-line ConditionalExpression: an array can be walked like any object, only slower
  if (Array.isArray(value)) for (const one of value) freezeMember(one, depth)
  // Object.keys() and the like take twice as long
  else for (const name in value) if (Object.hasOwn(value, name)) freezeMember(value[name], depth)
  return Object.freeze(value)
}

function freezeMember(member: unknown, depth: number): void {
  if (typeof member === 'object' && member !== null) freezeJson(member, depth + 1)
}

/**
 * Freezes the arrays and plain objects in the output of a schema. Dates, maps and other class instances stay as they are.
 * @returns whether the whole value is immutable
 * @throws {@link TokenError} as {@link freezeJson} does
 */
export function freezeClaims(value: unknown, depth = 0): boolean {
  if (typeof value === 'function') return false
  if (typeof value !== 'object' || value === null) return true
  if (!isPlain(value)) return false
  assertSafeShape(value, depth)
  let isImmutable = true
  for (const name of Reflect.ownKeys(value)) {
    const { get, enumerable, value: member } = Object.getOwnPropertyDescriptor(value, name) ?? {}
    // a hidden member belongs to the schema; it may be a reference back to the object
    if (!enumerable && typeof member === 'object') {
      isImmutable = false
      continue
    }
    // a getter may return a different value each time
    if (get !== undefined || !freezeClaims(member, depth + 1)) isImmutable = false
  }
  Object.freeze(value)
  return isImmutable
}

function isPlain(value: object): boolean {
  // a proxy can have hidden state
  if (types.isProxy(value)) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === Array.prototype || prototype === null
}

function assertSafeShape(value: object, depth: number): void {
  if (depth > MAX_DEPTH || Object.hasOwn(value, '__proto__')) {
    throw new TokenError('ERR_TOKEN_MALFORMED')
  }
}
