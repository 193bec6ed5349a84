/**
 * The errors that reject a request. They are recognised by name, because they may come from another copy of the package.
 */
import { type AccessError, isJwtGateError, type TokenError } from '../../verify/index.ts'

/** Whether the token itself was rejected. */
export function isTokenError(error: unknown): error is TokenError {
  return isJwtGateError(error) && error.name === 'TokenError'
}

/** Whether a valid token was rejected, because it does not allow the request. */
export function isAccessError(error: unknown): error is AccessError {
  return isJwtGateError(error) && error.name === 'AccessError'
}
