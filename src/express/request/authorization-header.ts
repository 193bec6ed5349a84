/**
 * The token of a header in requests of Node.
 */
import { createHeaderToken } from '../../http-request/bearer-header.ts'
import { type RequestLike, readHeader } from './request-headers.ts'

/**
 * Creates a `getToken` for `requireJwt` and `verifyRequest` that reads `Bearer <token>` from another header than `Authorization`,
 * under the same rules (RFC 6750 s2.1). `Authorization` is not read: gateways use such a header because they have put their own
 * credentials there.
 *
 * Security: if a gateway sets the header, make sure that it removes the one that a client sends.
 *
 * @example
 * ```ts
 * app.use(requireJwt(verifier, { getToken: headerToken('X-Forwarded-Authorization') }))
 * ```
 * @param name - the name of the header, in any case
 * @returns a function that returns the token, or `undefined` without the header or with another scheme. It throws `TokenError`
 * `ERR_TOKEN_REQUEST` for a malformed or repeated header
 * @throws {@link ConfigError} `ERR_CONFIG_INVALID` for an invalid name
 */
export function headerToken(name: string): (req: RequestLike) => string | undefined {
  return createHeaderToken(name, readHeader)
}
