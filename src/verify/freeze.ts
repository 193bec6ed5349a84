/**
 * Claims are shared by every caller that sends the same token, so none may change them.
 */
import { TokenError } from './errors.ts'

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
 * Freezes the arrays and plain objects in what a schema made, and leaves dates and other things as they are.
 * @throws {@link TokenError} as {@link freezeJson} does
 */
export function freezeClaims<T>(value: T, depth = 0): T {
  if (typeof value !== 'object' || value === null) return value
  const prototype = Object.getPrototypeOf(value)
  const isPlain =
    prototype === Object.prototype || prototype === Array.prototype || prototype === null
  if (!isPlain) return value
  assertHarmless(value, depth)
  for (const member of Object.values(value)) freezeClaims(member, depth + 1)
  return Object.freeze(value)
}

function assertHarmless(value: object, depth: number): void {
  if (depth > MAX_DEPTH || Object.hasOwn(value, '__proto__')) {
    throw new TokenError('ERR_TOKEN_MALFORMED')
  }
}
