/**
 * Uses the package as both kinds of module, like an application whose dependencies are of both kinds.
 */
import { createRequire } from 'node:module'
import { isJwtGateError, TokenError } from 'jwt-gate'

const commonJs = createRequire(import.meta.url)('jwt-gate')
const error = new commonJs.TokenError('ERR_TOKEN_EXPIRED')

console.log(
  JSON.stringify({ sameClass: error instanceof TokenError, isJwtGateError: isJwtGateError(error) }),
)
