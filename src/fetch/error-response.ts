/**
 * The response to an error of this library.
 */
import { toErrorAnswer } from '../http-request/http-error.ts'

/**
 * Creates the response to an error of this library: `{ error, error_description }` as JSON, with the status and the
 * `WWW-Authenticate` header that RFC 6750 s3 defines. The body never contains a stack.
 *
 * An error of `verifyRequest` keeps the `realm` and the `resourceMetadataUrl` of its options. Errors of status 500 and more are
 * not printed: `onEvent` of `verifyRequest` tells of them.
 *
 * @example
 * ```ts
 * app.onError((error) => errorResponse(error))
 * ```
 * @param error - any thrown value
 * @returns a new response
 * @throws `error` itself if it is no error of this library, so that your framework handles it
 */
export function errorResponse(error: unknown): Response {
  const answer = toErrorAnswer(error)
  if (answer === undefined) throw error
  const { status, headers, body } = answer
  return Response.json(body, { status, headers })
}
