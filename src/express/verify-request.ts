/**
 * Verifies the token of a request, for Express and any other Node server.
 */
import type { IncomingMessage } from 'node:http'
import { authenticate } from '../http-request/authenticate.ts'
import { reject } from '../http-request/request-events.ts'
import { readVerifyRequestOptions } from '../http-request/request-options.ts'
import { assertAccess, assertVerifier } from '../verify/adapter-kit.ts'
import type { VerifiedToken, Verifier } from '../verify/index.ts'
import { HIDDEN, type VerifyRequestOptions } from './options.ts'
import { describeRequest } from './request/describe-request.ts'
import { NODE_REQUEST } from './request/node-request.ts'
import type { RequestLike } from './request/request-headers.ts'

/**
 * Verifies the token of a request, for servers without Express and for WebSocket upgrades.
 *
 * The error has the members for an HTTP response: `statusCode`, `headers` (including `WWW-Authenticate`, RFC 6750 s3) and
 * `expose`, which is `true` if the client may see the `message`.
 *
 * @example
 * ```ts
 * const server = createServer(async (req, res) => {
 *   try {
 *     const { claims } = await verifyRequest(verifier, req)
 *     res.end(`Hello ${claims.sub}`)
 *   } catch (error) {
 *     const { statusCode = 500, headers = {} } = error as Partial<HttpErrorMembers>
 *     res.writeHead(statusCode, headers).end()
 *   }
 * })
 * ```
 * @param verifier - the return value of `createVerifier`
 * @param req - a request of `node:http`, `node:https` or the compatibility API of `node:http2`, or an object with `headers`
 * @param options - how the token is read, and the rule that it must meet (`access`)
 * @returns the verified token
 * @throws {@link TokenError} `ERR_TOKEN_MISSING`, `ERR_TOKEN_REQUEST` or any other code if the request is rejected
 * @throws {@link AccessError} if the token does not meet `access`
 * @throws {@link KeysError} or {@link AccessError} like `verify`, and any error of `getToken`
 * @throws {@link ConfigError} `ERR_CONFIG_INVALID` that names the invalid option, or says what to pass instead of `req`: a web
 * `Request` or the wrapper of a framework is no request of Node
 */
export async function verifyRequest<Claims, Req extends RequestLike = IncomingMessage>(
  verifier: Verifier<Claims>,
  req: Req,
  options: VerifyRequestOptions<NoInfer<Req>, NoInfer<Claims>> = {},
): Promise<VerifiedToken<Claims>> {
  assertVerifier(verifier)
  const settings = readVerifyRequestOptions(options, verifier, HIDDEN)
  try {
    const verified = await authenticate(verifier, req, settings, NODE_REQUEST)
    if (settings.access) assertAccess(verified, settings.access)
    return verified
  } catch (thrown) {
    throw reject(thrown, () => describeRequest(req), settings)
  }
}
