/**
 * The middleware that lets requests with a good token pass.
 */
import type { RequestHandler } from 'express'
import { assertVerifiedToken, assertVerifier, isPromise } from '../verify/adapter-kit.ts'
import {
  type AnyJwtGateError,
  isJwtGateError,
  type VerifiedToken,
  type Verifier,
} from '../verify/index.ts'
import { statusOf, toHttpError } from './http-error.ts'
import {
  type RequireJwtOptions,
  type RequireJwtSettings,
  readRequireJwtOptions,
} from './options.ts'
import { setAuth } from './request-auth.ts'
import { authenticate } from './verify-request.ts'

/**
 * Makes middleware for Express 4 and 5 that verifies the token of every request and puts the result into `req.auth`.
 * A request that is refused goes to the next error handler, with an error that has `status`, `statusCode`, `headers`
 * and `expose`; Express's own handler answers it correctly, `authErrorHandler()` answers it as JSON.
 *
 * @example
 * ```ts
 * app.use('/api', requireJwt(verifier))
 * ```
 * @throws {@link ConfigError} that names the option that is wrong
 */
export function requireJwt<Claims>(
  verifier: Verifier<Claims>,
  options: RequireJwtOptions = {},
): RequestHandler {
  assertVerifier(verifier)
  const settings = readRequireJwtOptions(options)
  return (req, res, next) => {
    const pass = (verified: VerifiedToken): void => {
      assertVerifiedToken(verified)
      setAuth(req, res, settings, verified)
      next()
    }
    const refuse = (error: unknown): void => {
      setAuth(req, res, settings, undefined)
      if (!isJwtGateError(error)) next(toFailure(error))
      else if (isTolerated(error, settings)) next()
      else next(toHttpError(error, settings))
    }
    let verified: VerifiedToken | Promise<VerifiedToken>
    try {
      verified = authenticate(verifier as Verifier, req, settings)
      if (!isPromise(verified)) assertVerifiedToken(verified)
    } catch (error) {
      return refuse(error)
    }
    if (!isPromise(verified)) return pass(verified)
    // on Express 4, nobody else would catch what is thrown from here
    return Promise.resolve(verified)
      .then(pass, refuse)
      .catch((error) => next(toFailure(error)))
  }
}

/** `next` would take `undefined` for "go on", and `'route'` and `'router'` for "go on elsewhere". */
function toFailure(error: unknown): object {
  if (typeof error === 'object' && error !== null) return error
  return new Error('What was thrown is no error', { cause: error })
}

function isTolerated(error: AnyJwtGateError, { optional }: RequireJwtSettings): boolean {
  if (optional === false) return false
  if (error.code === 'ERR_TOKEN_MISSING') return true
  const status = statusOf(error)
  return optional === 'missing-or-invalid' && (status === 400 || status === 401)
}
