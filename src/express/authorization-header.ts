/**
 * Reads the token from `Authorization: Bearer …` (RFC 6750 s2.1).
 */
import type { IncomingMessage } from 'node:http'
import { assertB64Token, splitBearer } from '../verify/adapter-kit.ts'
import { TokenError } from '../verify/index.ts'

/**
 * The bearer token of a request; `undefined` if it has none.
 * @throws {@link TokenError} `ERR_TOKEN_REQUEST` for a malformed or repeated header
 */
export function readBearerToken(req: IncomingMessage): string | undefined {
  return assertB64Token(readBearerCredentials(req))
}

/** Like {@link readBearerToken}, without the check of the characters, which takes a microsecond. Cached tokens do not need it. */
export function readBearerCredentials(req: IncomingMessage): string | undefined {
  const { authorization } = req.headers
  if (authorization === undefined) return undefined
  // of a repeated header, Node keeps only the first value
  if (isRepeated(req.rawHeaders, 'authorization')) throw new TokenError('ERR_TOKEN_REQUEST')
  return splitBearer(authorization)
}

/** Whether a header is repeated. In `rawHeaders`, names and values alternate. */
function isRepeated(rawHeaders: readonly string[], name: string): boolean {
  let found = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const one = rawHeaders[at] as string
    // Stryker disable next-line ConditionalExpression: only a faster check before the comparison
    if (one.length === name.length && one.toLowerCase() === name) found++
  }
  return found > 1
}
