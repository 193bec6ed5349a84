/**
 * The error handler that sends errors of this library as JSON.
 */
import type { ErrorRequestHandler } from 'express'
import { readRejectedToken } from '../http-request/authenticate.ts'
import { toErrorBody, toHeaders, toHttpError } from '../http-request/http-error.ts'
import { readRefusal, toFailure } from '../http-request/refusal.ts'
import {
  notify,
  type RefusalExplainer,
  readExplainer,
  readFunction,
  readOptions,
} from '../verify/adapter-kit.ts'
import { isJwtGateError } from '../verify/index.ts'
import { assertCalled } from './assert-called.ts'
import { readHeader } from './request/request-headers.ts'
import { type AuthRequest, settingsOf } from './request-auth.ts'

/** The options of `authErrorHandler`. */
export interface AuthErrorHandlerOptions {
  /**
   * Receives every error of status 500 and more that this handler sends: during an outage of the issuer (`KeysError`), and for a
   * mistake in the configuration (`ConfigError`). Its `cause` tells more. Errors that it throws or rejects with are ignored.
   * `null`: none. Without it, these errors would be silent, because this handler takes the place of Express's own.
   * @defaultValue `console.error`
   */
  readonly onError?: ((error: Error) => void) | null | undefined
  /**
   * `explainer(verifier)` of `jwt-gate/explain`: in development, prints why a request is rejected. It changes no response.
   *
   * Security: it gets the token and the request, so pass no function of your own that logs them.
   * @defaultValue nothing is printed
   */
  readonly explain?: RefusalExplainer | undefined
}

/**
 * Creates an error handler that sends every error of this library as JSON, `{ error, error_description }`, with the status and
 * `WWW-Authenticate` header that RFC 6750 s3 defines. The body never contains a stack. Other errors go to the next error handler.
 * Mount it after the routes.
 *
 * Errors of status 500 and more are printed with their cause, by `onError`.
 *
 * @example
 * ```ts
 * app.use(authErrorHandler())
 * ```
 * @param options - where errors of status 500 and more are printed, and whether rejections are explained
 * @returns error-handling middleware for Express 4 and 5
 * @throws {@link ConfigError} `ERR_CONFIG_INVALID` that names the invalid option
 */
export function authErrorHandler(options: AuthErrorHandlerOptions = {}): ErrorRequestHandler {
  assertCalled('authErrorHandler()', options)
  const own = readOptions('authErrorHandler()', options, { onError: true, explain: true })
  const onError = readOnError(own)
  const explain = readExplainer(own.explain)
  return (error, req, res, next) => {
    const refusal = readRefusal(error)
    if (refusal === undefined) return next(isJwtGateError(error) ? toFailure(error) : error)
    if (res.headersSent) return next(toHttpError(error, settingsOf(req)))
    if (refusal.status >= 500) void notify(onError, error)
    // Stryker disable next-line ConditionalExpression: the token would be read for nothing
    if (explain) void explainTo(explain, req, error)
    res
      .status(refusal.status)
      .set(toHeaders(refusal, settingsOf(req)))
      .json(toErrorBody(refusal))
  }
}

/** The token is read again, so that no error carries it. */
async function explainTo(
  explain: RefusalExplainer,
  req: AuthRequest,
  error: unknown,
): Promise<void> {
  const token = await readRejectedToken(req, settingsOf(req), readHeader)
  await notify(explain, { error, token, request: req })
}

function readOnError({ onError }: AuthErrorHandlerOptions): ((error: Error) => void) | undefined {
  if (onError === null) return undefined
  // looked up for each error, because logging libraries replace it
  // biome-ignore lint/suspicious/noConsole: in place of Express's own handler, which prints such errors
  return readFunction('onError', onError) ?? ((error) => console.error(error))
}
