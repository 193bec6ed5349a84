/**
 * The error handler that answers refusals in a way that clients can parse.
 */
import type { ErrorRequestHandler } from 'express'
import { isJwtGateError } from '../verify/index.ts'
import { toErrorAnswer, toHttpError } from './http-error.ts'
import { settingsOf } from './request-auth.ts'

/**
 * Makes an error handler that answers every error of this library as JSON, `{ error, error_description }`, without a
 * stack in any environment, and passes all others on. It belongs after the routes.
 */
export function authErrorHandler(): ErrorRequestHandler {
  return (error, req, res, next) => {
    if (!isJwtGateError(error) || res.headersSent) return next(error)
    const { headers } = toHttpError(error, settingsOf(req))
    const { status, body } = toErrorAnswer(error)
    res.status(status).set(headers).json(body)
  }
}
