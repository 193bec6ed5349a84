/**
 * The usual way of a token into a request: `Authorization: Bearer …` (RFC 6750 s2.1).
 */
import type { IncomingMessage } from 'node:http'
import { assertB64Token, splitBearer } from '../verify/adapter-kit.ts'
import { TokenError } from '../verify/index.ts'

/**
 * The bearer token of a request; `undefined` where it has none.
 * @throws {@link TokenError} `ERR_TOKEN_REQUEST` for a malformed or repeated header
 */
export function readBearerToken(req: IncomingMessage): string | undefined {
  return assertB64Token(readBearerCredentials(req))
}

/** The same, whose letters are still to be looked at: that takes a microsecond, which a token that is known can be spared. */
export function readBearerCredentials(req: IncomingMessage): string | undefined {
  const { authorization } = req.headers
  if (authorization === undefined) return undefined
  // Node keeps the first of several and hides the rest
  if (isRepeated(req.rawHeaders, 'authorization')) throw new TokenError('ERR_TOKEN_REQUEST')
  return splitBearer(authorization)
}

/** In `rawHeaders`, names and values take turns. */
function isRepeated(rawHeaders: readonly string[], name: string): boolean {
  let found = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const one = rawHeaders[at] as string
    // Stryker disable next-line ConditionalExpression: it only spares the time for what the next line refuses as well
    if (one.length === name.length && one.toLowerCase() === name) found++
  }
  return found > 1
}
