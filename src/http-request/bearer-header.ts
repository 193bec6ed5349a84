/**
 * Reads the token from `Authorization: Bearer …` (RFC 6750 s2.1), or from another header of the same form, in requests of any kind.
 */
import { assertB64Token, readName, splitBearer } from '../verify/adapter-kit.ts'

/**
 * Reads the value of a header that a request may have once; `undefined` if it does not have it.
 * The name is in lower case. Throws `TokenError` `ERR_TOKEN_REQUEST` if the header is repeated, unless its values are joined by
 * commas, which no token contains.
 */
export type ReadHeader<Req> = (req: Req, name: string) => string | undefined

/**
 * The bearer token of a request; `undefined` if it has none.
 * @throws {@link TokenError} `ERR_TOKEN_REQUEST` for a malformed or repeated header
 */
export function readBearerToken<Req>(
  req: Req,
  readHeader: ReadHeader<Req>,
  name = 'authorization',
): string | undefined {
  const value = readHeader(req, name)
  return value === undefined ? undefined : assertB64Token(splitBearer(value))
}

/** Creates a function that reads `Bearer <token>` from a header. @throws {@link ConfigError} for an invalid name */
export function createHeaderToken<Req>(
  name: string,
  readHeader: ReadHeader<Req>,
): (req: Req) => string | undefined {
  const key = readName('name', name).toLowerCase()
  return (req) => readBearerToken(req, readHeader, key)
}
