/**
 * The middleware that lets requests with a good token pass.
 */
import type { RequestHandler } from 'express'
import { assertVerifier, isVerifiedToken } from '../verify/adapter-kit.ts'
import type { VerifiedToken, Verifier } from '../verify/index.ts'
import { toHttpError } from './http-error.ts'
import {
  type RequireJwtOptions,
  type RequireJwtSettings,
  readRequireJwtOptions,
} from './options.ts'
import { type Refusal, readRefusal, toFailure } from './refusal.ts'
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
      setAuth(req, res, settings, verified)
      next()
    }
    const passWithoutToken = (): void => {
      setAuth(req, res, settings, undefined)
      next()
    }
    const refuse = (error: unknown): void => {
      if (isTolerated(readRefusal(error), settings)) {
        passWithoutToken()
        return
      }
      setAuth(req, res, settings, undefined)
      next(toHttpError(error, settings))
    }
    let verified: VerifiedToken | Promise<VerifiedToken>
    try {
      verified = authenticate(verifier as Verifier, req, settings)
    } catch (error) {
      return refuse(error)
    }
    if (isVerifiedToken(verified)) return pass(verified)
    // Express 4 lets a rejection end the process: what goes wrong on the way to the next handler belongs to this request
    return verified.then(pass, refuse).catch((error: unknown) => next(toFailure(error)))
  }
}

function isTolerated(refusal: Refusal | undefined, { optional }: RequireJwtSettings): boolean {
  if (optional === false || refusal === undefined) return false
  const { code, status, isVerdict } = refusal
  if (code === 'ERR_TOKEN_MISSING') return status === 401
  return optional === 'missing-or-invalid' && isVerdict && (status === 400 || status === 401)
}
