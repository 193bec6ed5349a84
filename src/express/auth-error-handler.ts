/**
 * The error handler that sends errors of this library as JSON.
 */
import type { ErrorRequestHandler } from 'express'
import { isJwtGateError } from '../verify/index.ts'
import { toErrorBody, toHeaders, toHttpError } from './http-error.ts'
import { readRefusal, toFailure } from './refusal.ts'
import { settingsOf } from './request-auth.ts'

/**
 * Creates an error handler that sends every error of this library as JSON, `{ error, error_description }`, with the status and
 * `WWW-Authenticate` header that RFC 6750 s3 defines. The body never contains a stack. Other errors go to the next error handler.
 * Mount it after the routes.
 *
 * @example
 * ```ts
 * app.use(authErrorHandler())
 * ```
 * @returns error-handling middleware for Express 4 and 5
 */
export function authErrorHandler(): ErrorRequestHandler {
  return (error, req, res, next) => {
    const refusal = readRefusal(error)
    if (refusal === undefined) return next(isJwtGateError(error) ? toFailure(error) : error)
    if (res.headersSent) return next(toHttpError(error, settingsOf(req)))
    res
      .status(refusal.status)
      .set(toHeaders(refusal, settingsOf(req)))
      .json(toErrorBody(refusal))
  }
}
