/**
 * The error handler that answers refusals in a way that clients can parse.
 */
import type { ErrorRequestHandler } from 'express'
import { isJwtGateError } from '../verify/index.ts'
import { toErrorBody, toHeaders, toHttpError } from './http-error.ts'
import { readRefusal, toFailure } from './refusal.ts'
import { settingsOf } from './request-auth.ts'

/**
 * Makes an error handler that answers every error of this library as JSON, `{ error, error_description }`, without a
 * stack in any environment, and passes all others on. It belongs after the routes.
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
