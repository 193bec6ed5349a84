/**
 * Claims are shared by every caller that sends the same token, so none may change them.
 */
import { TokenError } from './errors.ts'

// deeper than any claim in use, and shallow enough for whatever walks through the claims later
const MAX_DEPTH = 64

/**
 * Freezes arrays and plain objects, all the way down; leaves dates and other things that a schema may make as they are.
 * @throws {@link TokenError} `ERR_TOKEN_MALFORMED` where it is nested too deeply, or has a member named `__proto__`,
 * which is harmless here and poisons whoever copies it
 */
export function freezeJson<T>(value: T, depth = 0): T {
  if (typeof value !== 'object' || value === null) return value
  const prototype = Object.getPrototypeOf(value)
  const isPlain =
    prototype === Object.prototype || prototype === Array.prototype || prototype === null
  if (!isPlain) return value
  if (depth > MAX_DEPTH) throw new TokenError('ERR_TOKEN_MALFORMED')
  if (Object.hasOwn(value, '__proto__')) throw new TokenError('ERR_TOKEN_MALFORMED')
  for (const member of Object.values(value)) {
    // Stryker disable next-line ConditionalExpression: for speed alone
    if (typeof member === 'object') freezeJson(member, depth + 1)
  }
  return Object.freeze(value)
}
