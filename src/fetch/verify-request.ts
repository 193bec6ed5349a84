/**
 * Verifies the token of a web-standard `Request`.
 */
import { authenticate } from '../http-request/authenticate.ts'
import { reject } from '../http-request/request-events.ts'
import {
  type VerifyRequestOptions as AnyVerifyRequestOptions,
  readVerifyRequestOptions,
} from '../http-request/request-options.ts'
import { assertAccess, assertVerifier } from '../verify/adapter-kit.ts'
import type { VerifiedToken, Verifier } from '../verify/index.ts'
import { assertWebRequest, describeRequest, WEB_REQUEST } from './web-request.ts'

/** A web-standard `Request` shows neither: its URL has the host that the client has named. */
const HIDDEN = { origin: true, certificate: true }

/** The options of `verifyRequest`. */
export interface VerifyRequestOptions<Claims = unknown>
  extends AnyVerifyRequestOptions<Request, Claims> {}

/**
 * Verifies the token of a web-standard `Request`, such as those of Hono (`c.req.raw`), Next.js route handlers, Bun and Deno. The
 * body is not read.
 *
 * The error has the members for an HTTP response: `statusCode`, `headers` (including `WWW-Authenticate`, RFC 6750 s3) and
 * `expose`. `errorResponse` makes the response of it.
 *
 * @example
 * ```ts
 * export async function GET(request: Request): Promise<Response> {
 *   try {
 *     const { claims } = await verifyRequest(verifier, request)
 *     return Response.json({ hello: claims.sub })
 *   } catch (error) {
 *     return errorResponse(error)
 *   }
 * }
 * ```
 * @param verifier - the return value of `createVerifier`
 * @param request - the request
 * @param options - how the token is read, and the rule that it must meet (`access`)
 * @returns the verified token
 * @throws {@link TokenError} `ERR_TOKEN_MISSING`, `ERR_TOKEN_REQUEST` or any other code if the request is rejected
 * @throws {@link AccessError} if the token does not meet `access`
 * @throws {@link KeysError} or {@link AccessError} like `verify`, and any error of `getToken`
 * @throws {@link ConfigError} `ERR_CONFIG_INVALID` that names the invalid option, or says what to pass instead of `request`
 */
export async function verifyRequest<Claims>(
  verifier: Verifier<Claims>,
  request: Request,
  options: VerifyRequestOptions<NoInfer<Claims>> = {},
): Promise<VerifiedToken<Claims>> {
  assertVerifier(verifier)
  const settings = readVerifyRequestOptions(options, verifier, HIDDEN)
  assertWebRequest(request)
  try {
    const verified = await authenticate(verifier, request, settings, WEB_REQUEST)
    if (settings.access) assertAccess(verified, settings.access)
    return verified
  } catch (thrown) {
    throw reject(thrown, () => describeRequest(request), settings)
  }
}
