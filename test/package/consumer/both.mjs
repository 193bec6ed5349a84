/**
 * Uses the package in both kinds at once, as an application does whose dependencies are of both.
 */
import { createRequire } from 'node:module'
import { isJwtGateError, TokenError } from 'jwt-gate'

const commonJs = createRequire(import.meta.url)('jwt-gate')
const error = new commonJs.TokenError('ERR_TOKEN_EXPIRED')

console.log(
  JSON.stringify({ sameClass: error instanceof TokenError, isJwtGateError: isJwtGateError(error) }),
)
