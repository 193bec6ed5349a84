/**
 * Verifies the token of an event.
 */
import { verifyToken } from '../http-request/authenticate.ts'
import { toKnownMethod } from '../http-request/known-method.ts'
import { reject } from '../http-request/request-events.ts'
import { assertAccess, assertVerifier } from '../verify/adapter-kit.ts'
import type { VerifiedToken, Verifier } from '../verify/index.ts'
import { markWithGateway } from './error-result.ts'
import { readVerifyEventOptions, type VerifyEventOptions } from './event-options.ts'
import { readEventPresented, readEventToken } from './event-token.ts'
import { parseLambdaEvent } from './lambda-event.ts'

/**
 * Verifies the token of an event, in a function that nothing stands in front of: a function URL, an HTTP API (payload formats 1.0
 * and 2.0), a REST API, `$connect` of a WebSocket API, or an Application Load Balancer. Behind an authorizer, use
 * `claimsFromEvent`.
 *
 * @example
 * ```ts
 * export const handler = async (event: APIGatewayProxyEventV2) => {
 *   try {
 *     const { claims } = await verifyEvent(verifier, event)
 *     return { statusCode: 200, body: `Hello ${claims.sub}` }
 *   } catch (error) {
 *     return errorResult(error)
 *   }
 * }
 * ```
 * @param verifier - the return value of `createVerifier`, or of `alb`, whose header is read then
 * @param event - the event of the function
 * @param options - where the token is, and the rule that it must meet (`access`)
 * @returns the verified token
 * @throws {@link TokenError} `ERR_TOKEN_MISSING`, `ERR_TOKEN_REQUEST` or any other code if the request is rejected
 * @throws {@link AccessError} if the token does not meet `access`, or if another site sent the cookie
 * @throws {@link KeysError} or {@link AccessError} like `verify`
 * @throws {@link ConfigError} `ERR_CONFIG_INVALID` that names the invalid option, or for any other event
 */
export async function verifyEvent<Claims>(
  verifier: Verifier<Claims>,
  event: unknown,
  options: VerifyEventOptions<NoInfer<Claims>> = {},
): Promise<VerifiedToken<Claims>> {
  assertVerifier(verifier)
  const settings = readVerifyEventOptions(options, verifier)
  const request = parseLambdaEvent(event)
  try {
    const found = readEventToken(request, verifier as Verifier<never>, settings)
    const presented = readEventPresented(request, found, settings)
    const verified = await verifyToken(verifier, found.token, presented)
    if (settings.access) assertAccess(verified, settings.access)
    return verified
  } catch (thrown) {
    const { method, route, gateway } = request
    throw markWithGateway(
      reject(thrown, () => ({ method: toKnownMethod(method), route }), settings),
      gateway,
    )
  }
}
