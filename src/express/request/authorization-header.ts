/**
 * Reads the token from `Authorization: Bearer …` (RFC 6750 s2.1), or from another header of the same form.
 */
import { assertB64Token, readName, splitBearer, splitDpop } from '../../verify/adapter-kit.ts'
import { type RequestLike, readHeader } from './request-headers.ts'

/**
 * The bearer token of a request; `undefined` if it has none.
 * @throws {@link TokenError} `ERR_TOKEN_REQUEST` for a malformed or repeated header
 */
export function readBearerToken(req: RequestLike): string | undefined {
  return assertB64Token(readBearerCredentials(req))
}

/** Like {@link readBearerToken}, without the check of the characters, which takes a microsecond. Cached tokens do not need it. */
export function readBearerCredentials(
  req: RequestLike,
  name = 'authorization',
): string | undefined {
  const value = readHeader(req, name)
  return value === undefined ? undefined : splitBearer(value)
}

/** Like {@link readBearerCredentials}, for the scheme `DPoP` (RFC 9449 s7.1). */
export function readDpopCredentials(req: RequestLike): string | undefined {
  const value = readHeader(req, 'authorization')
  return value === undefined ? undefined : splitDpop(value)
}

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
  const key = readName('name', name).toLowerCase()
  return (req) => assertB64Token(readBearerCredentials(req, key))
}
