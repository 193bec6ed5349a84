/**
 * Claims are shared by every caller that sends the same token, so none may change them.
 */
import { types } from 'node:util'
import { TokenError } from '../errors.ts'

// deeper than any claim in use, and shallow enough for whatever walks through the claims later
const MAX_DEPTH = 64

/**
 * Freezes what `JSON.parse` made, all the way down.
 * @throws {@link TokenError} `ERR_TOKEN_MALFORMED` where it is nested too deeply, or has a member named `__proto__`,
 * which is harmless here and poisons whoever copies it
 */
export function freezeJson<T extends object>(value: T, depth = 0): T {
  assertHarmless(value, depth)
  // Stryker disable next-line ConditionalExpression: an array can be walked like any object, which only takes longer
  if (Array.isArray(value)) for (const one of value) freezeMember(one, depth)
  // a list of what an object has takes twice as long
  else for (const name in value) if (Object.hasOwn(value, name)) freezeMember(value[name], depth)
  return Object.freeze(value)
}

function freezeMember(member: unknown, depth: number): void {
  if (typeof member === 'object' && member !== null) freezeJson(member, depth + 1)
}

/**
 * Freezes the arrays and plain objects in what a schema made, and leaves dates, maps, instances and the like as they are.
 * @returns whether nothing is left that could be changed
 * @throws {@link TokenError} as {@link freezeJson} does
 */
export function freezeClaims(value: unknown, depth = 0): boolean {
  if (typeof value === 'function') return false
  if (typeof value !== 'object' || value === null) return true
  if (!isPlain(value)) return false
  assertHarmless(value, depth)
  let isWhole = true
  for (const name of Reflect.ownKeys(value)) {
    const { get, enumerable, value: member } = Object.getOwnPropertyDescriptor(value, name) ?? {}
    // what does not show is the schema's own business, a way back to itself for one
    if (!enumerable && typeof member === 'object') {
      isWhole = false
      continue
    }
    // what a getter returns may be another value each time
    if (get !== undefined || !freezeClaims(member, depth + 1)) isWhole = false
  }
  Object.freeze(value)
  return isWhole
}

function isPlain(value: object): boolean {
  // it can have a state that nobody sees
  if (types.isProxy(value)) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === Array.prototype || prototype === null
}

function assertHarmless(value: object, depth: number): void {
  if (depth > MAX_DEPTH || Object.hasOwn(value, '__proto__')) {
    throw new TokenError('ERR_TOKEN_MALFORMED')
  }
}
