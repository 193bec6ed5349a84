/**
 * Middleware for authentication: verifies the token of each request.
 */
import type { NextFunction, Request, RequestHandler, Response } from 'express'
import { authenticate } from '../http-request/authenticate.ts'
import { STEP_UP } from '../http-request/http-error.ts'
import { type Refusal, readRefusal, toFailure } from '../http-request/refusal.ts'
import { reject } from '../http-request/request-events.ts'
import { assertVerifier, isVerifiedToken } from '../verify/adapter-kit.ts'
import type { VerifiedToken, Verifier } from '../verify/index.ts'
import { assertCalled } from './assert-called.ts'
import {
  type RequireJwtOptions,
  type RequireJwtSettings,
  readRequireJwtOptions,
} from './options.ts'
import { describeRequest } from './request/describe-request.ts'
import { NODE_REQUEST } from './request/node-request.ts'
import { setAuth } from './request-auth.ts'

/**
 * Creates middleware for Express 4 and 5 that verifies the token of every request and sets `req.auth`.
 *
 * A rejected request goes to the next error handler. The error has `status`, `statusCode`, `headers` and `expose`, with the
 * status and `WWW-Authenticate` header that RFC 6750 s3 defines. Express's own error handler uses them; `authErrorHandler()`
 * sends JSON.
 *
 * @example
 * ```ts
 * app.use('/api', requireJwt(verifier))
 * ```
 * @param verifier - the return value of `createVerifier`
 * @returns middleware. It passes `TokenError`, `AccessError`, `KeysError` or any error of `getToken` to `next`
 * @throws {@link ConfigError} `ERR_CONFIG_INVALID` that names the invalid option
 */
export function requireJwt<Claims>(
  verifier: Verifier<Claims>,
  options: RequireJwtOptions = {},
): RequestHandler {
  assertCalled('requireJwt(verifier)', verifier)
  assertVerifier(verifier)
  const settings = readRequireJwtOptions(options, verifier)
  const pass = (req: Request, res: Response, next: NextFunction, verified: VerifiedToken): void => {
    setAuth(req, settings, verified)
    if (settings.dpop && verified.nextNonce) sendNonce(res, verified.nextNonce)
    next()
  }
  const refuse = (req: Request, next: NextFunction, error: unknown): void => {
    setAuth(req, settings, undefined)
    if (isTolerated(readRefusal(error), settings)) next()
    else next(reject(error, () => describeRequest(req), settings))
  }
  return (req, res, next) => {
    let verified: VerifiedToken | Promise<VerifiedToken>
    try {
      verified = authenticate(verifier as Verifier, req, settings, NODE_REQUEST)
    } catch (error) {
      return refuse(req, next, error)
    }
    if (isVerifiedToken(verified)) return pass(req, res, next, verified)
    const later = verified.then(
      (one) => pass(req, res, next, one),
      (error: unknown) => refuse(req, next, error),
    )
    // in Express 4, a rejection would end the process, so an error of a later handler also goes to next()
    return later.catch((error: unknown) => next(toFailure(error)))
  }
}

function isTolerated(refusal: Refusal | undefined, { optional }: RequireJwtSettings): boolean {
  if (optional === false || refusal === undefined) return false
  const { code, status, isVerdict } = refusal
  if (code === 'ERR_TOKEN_MISSING') return status === 401
  // the caller is known
  if (code === STEP_UP) return false
  return optional === 'missing-or-invalid' && isVerdict && (status === 400 || status === 401)
}

/** RFC 9449 s8.2: a cached response would bring an old nonce. A handler can still say otherwise. */
function sendNonce(res: Response, nonce: string): void {
  res.setHeader('DPoP-Nonce', nonce)
  res.setHeader('Cache-Control', 'no-store')
}
